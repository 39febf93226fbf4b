using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>approx_count_distinct</c> from what its parts have seen.</summary>
public sealed class ApproxCountDistinctOfParts : IObjectAggregate
{
    private readonly ApproxCountDistinctAggregate seen = new();

    public static IObjectAggregate Create(AggregateContext context) => new ApproxCountDistinctOfParts();

    public void Add(object? value, object? second, int site) => seen.Add((byte[])value!);

    public void Merge(IObjectAggregate other, int site) => seen.Merge(((ApproxCountDistinctOfParts)other).seen, site);

    public object? Result(int site) => seen.Result(site);

    public void Write(SpillWriter to) => seen.Write(to);

    public void Read(SpillReader from) => seen.Read(from);
}
