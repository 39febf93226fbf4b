using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>mode</c>: the most frequent value; of equally frequent ones the smallest.</summary>
public sealed class ModeAggregate : IObjectAggregate
{
    private readonly Dictionary<object, long> counts = new(BoxedValues.Instance);

    public static IObjectAggregate Create(AggregateContext context) => new ModeAggregate();

    public void Add(object? value, object? second, int site)
    {
        if (value is not null) counts[value] = counts.GetValueOrDefault(value) + 1;
    }

    public void Merge(IObjectAggregate other, int site)
    {
        foreach (var (value, count) in ((ModeAggregate)other).counts) counts[value] = counts.GetValueOrDefault(value) + count;
    }

    public object? Result(int site)
    {
        object? best = null;
        long most = 0;
        foreach (var (value, count) in counts)
        {
            if (count < most || (count == most && BoxedValues.Compare(value, best) > 0)) continue;
            (best, most) = (value, count);
        }

        return best;
    }

    public void Write(SpillWriter to)
    {
        to.Put(counts.Count);
        foreach (var (value, count) in counts)
        {
            to.PutValue(value);
            to.Put(count);
        }
    }

    public void Read(SpillReader from)
    {
        for (var left = from.Get<int>(); left > 0; left--) counts.Add(from.GetValue()!, from.Get<long>());
    }
}
