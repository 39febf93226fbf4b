using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>max_by(value, key)</c>: the value (NULL too) of the row with the largest key; rows with a NULL key do not count. The last of equals wins.</summary>
public sealed class MaxByAggregate : IObjectAggregate
{
    private object? value;
    private object? key;

    public static IObjectAggregate Create(AggregateContext context) => new MaxByAggregate();

    public void Add(object? value, object? second, int site)
    {
        if (second is null || (key is not null && !(BoxedValues.Compare(second, key) >= 0))) return;
        this.value = value;
        key = second;
    }

    public void Merge(IObjectAggregate other, int site) => Add(((MaxByAggregate)other).value, ((MaxByAggregate)other).key, site);

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
