using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>A count from the counts of parts of the group. Never NULL.</summary>
public struct CountOfPartsState
{
    private long count;

    public readonly bool HasValue => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long part, int site) => count += part;

    public void Merge(in CountOfPartsState other, int site) => count += other.count;

    public readonly long Result(int site) => count;
}
