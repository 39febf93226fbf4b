namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>The name under which generated code makes <see cref="PercentileAggregate"/> for <c>percentile_disc</c> and <c>percentile_approx</c>.</summary>
public abstract class PercentileDiscAggregate
{
    public static IObjectAggregate Create(AggregateContext context) => PercentileAggregate.CreateDiscrete(context);
}
