using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>
/// <c>percentile</c>, <c>percentile_cont</c>, <c>median</c> (interpolated, DOUBLE) and <c>percentile_disc</c>, <c>percentile_approx</c> (a value
/// that occurs). One fraction gives a value, an ARRAY of fractions an ARRAY. Exact: all values are kept.
/// </summary>
public sealed class PercentileAggregate : IObjectAggregate
{
    private readonly object fractions;
    private readonly bool discrete;
    private readonly bool descending;
    private readonly DataType type;
    private readonly List<object> values = [];

    private PercentileAggregate(AggregateContext context, bool discrete)
    {
        fractions = Fractions(context);
        type = context.Types[0];
        this.discrete = discrete;
        descending = discrete && context.Constants.Length > 2 && context.Constants[2] is true;
    }

    /// <summary>Arguments: value, constant fraction or array of fractions.</summary>
    public static IObjectAggregate Create(AggregateContext context) => new PercentileAggregate(context, discrete: false);

    /// <summary>As <see cref="Create"/>, for the discrete forms.</summary>
    public static IObjectAggregate CreateDiscrete(AggregateContext context) => new PercentileAggregate(context, discrete: true);

    public void Add(object? value, object? second, int site)
    {
        if (value is null) return;
        values.Add(discrete ? value : Number(value));
    }

    public void Merge(IObjectAggregate other, int site) => values.AddRange(((PercentileAggregate)other).values);

    public object? Result(int site)
    {
        if (values.Count == 0) return null;
        values.Sort(BoxedValues.Compare);
        return fractions is object?[] several ? Array.ConvertAll(several, f => At((double)f!)) : At((double)fractions);
    }

    private object At(double fraction)
    {
        if (discrete)
        {
            var place = Math.Max(1, (int)Math.Ceiling(fraction * values.Count));
            return descending ? values[^place] : values[place - 1];
        }

        var position = fraction * (values.Count - 1);
        var below = (int)Math.Floor(position);
        var low = (double)values[below];
        if (below == position) return low;
        return ((below + 1 - position) * low) + ((position - below) * (double)values[below + 1]);
    }

    private double Number(object value) => type is DecimalType decimals
        ? DecimalMath.ToDouble((Int128)value, decimals.Scale)
        : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static object Fractions(AggregateContext context)
    {
        var type = context.Types.Length > 1 ? context.Types[1] : DataType.Double;
        var wanted = context.Constants.Length > 1 ? context.Constants[1] : 0.5;
        return BoxedCasts.Convert(wanted, type, type is ListType ? new ListType(DataType.Double) : DataType.Double, SessionZone.Utc, -1, tolerant: false) ?? 0.5;
    }

    public void Write(SpillWriter to) => to.PutValues(values);

    public void Read(SpillReader from) => values.AddRange(from.GetValues()!);
}
