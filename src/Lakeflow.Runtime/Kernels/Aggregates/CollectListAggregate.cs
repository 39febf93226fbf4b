using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>collect_list</c>, <c>array_agg</c>: all values without NULLs, in the order of the rows; empty without rows.</summary>
public sealed class CollectListAggregate : IObjectAggregate
{
    private readonly List<object?> values = [];

    public static IObjectAggregate Create(AggregateContext context) => new CollectListAggregate();

    public void Add(object? value, object? second, int site)
    {
        if (value is not null) values.Add(value);
    }

    public void Merge(IObjectAggregate other, int site) => values.AddRange(((CollectListAggregate)other).values);

    public object? Result(int site) => values.ToArray();

    public void Write(SpillWriter to) => to.PutValues(values);

    public void Read(SpillReader from) => values.AddRange(from.GetValues());
}
