using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>max</c> of STRING, BINARY or a nested type.</summary>
public sealed class MaxTextAggregate : IObjectAggregate
{
    private object? best;

    public static IObjectAggregate Create(AggregateContext context) => new MaxTextAggregate();

    public void Add(object? value, object? second, int site)
    {
        if (value is not null && (best is null || BoxedValues.Compare(value, best) > 0)) best = value;
    }

    public void Merge(IObjectAggregate other, int site) => Add(((MaxTextAggregate)other).best, null, site);

    public object? Result(int site) => best;

    public void Write(SpillWriter to) => to.PutValue(best);

    public void Read(SpillReader from) => best = from.GetValue();
}
