using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>What a part of a group's rows says of the number of distinct values: BINARY, in the form of <see cref="ApproxCountDistinctAggregate.Sketch"/>.</summary>
public sealed class ApproxCountDistinctPart : IObjectAggregate
{
    private readonly ApproxCountDistinctAggregate seen = new();

    public static IObjectAggregate Create(AggregateContext context) => new ApproxCountDistinctPart();

    public void Add(object? value, object? second, int site) => seen.Add(value, second, site);

    public void Merge(IObjectAggregate other, int site) => seen.Merge(((ApproxCountDistinctPart)other).seen, site);

    public object? Result(int site) => seen.Sketch();

    public void Write(SpillWriter to) => seen.Write(to);

    public void Read(SpillReader from) => seen.Read(from);
}
