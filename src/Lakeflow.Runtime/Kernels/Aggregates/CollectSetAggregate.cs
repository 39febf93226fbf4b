using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>collect_set</c>: the distinct values without NULLs, in the order of their first rows.</summary>
public sealed class CollectSetAggregate : IObjectAggregate
{
    private readonly HashSet<object?> seen = new(BoxedValues.Instance);
    private readonly List<object?> values = [];

    public static IObjectAggregate Create(AggregateContext context) => new CollectSetAggregate();

    public void Add(object? value, object? second, int site)
    {
        if (value is not null && seen.Add(value)) values.Add(value);
    }

    public void Merge(IObjectAggregate other, int site)
    {
        foreach (var value in ((CollectSetAggregate)other).values) Add(value, null, site);
    }

    public object? Result(int site) => values.ToArray();

    public void Write(SpillWriter to) => to.PutValues(values);

    public void Read(SpillReader from)
    {
        foreach (var value in from.GetValues()) Add(value, null, -1);
    }
}
