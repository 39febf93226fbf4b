using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>count_if</c>: rows where it is TRUE. Never NULL.</summary>
public struct CountIfState
{
    private long count;

    public readonly bool HasValue => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(bool value, int site) => count += value ? 1 : 0;

    public void Merge(in CountIfState other, int site) => count += other.count;

    public readonly long Result(int site) => count;
}
