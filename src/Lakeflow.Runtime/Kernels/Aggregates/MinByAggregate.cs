using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>min_by(value, key)</c>: the value (NULL too) of the row with the smallest key; rows with a NULL key do not count. The first of equals wins.</summary>
public sealed class MinByAggregate : IObjectAggregate
{
    private object? value;
    private object? key;

    public static IObjectAggregate Create(AggregateContext context) => new MinByAggregate();

    public void Add(object? value, object? second, int site)
    {
        if (second is null || (key is not null && !(BoxedValues.Compare(second, key) < 0))) return;
        this.value = value;
        key = second;
    }

    public void Merge(IObjectAggregate other, int site) => Add(((MinByAggregate)other).value, ((MinByAggregate)other).key, site);

    public object? Result(int site) => value;

    public void Write(SpillWriter to)
    {
        to.PutValue(value);
        to.PutValue(key);
    }

    public void Read(SpillReader from)
    {
        value = from.GetValue();
        key = from.GetValue();
    }
}
