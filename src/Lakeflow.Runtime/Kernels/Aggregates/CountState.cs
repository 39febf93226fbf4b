using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>count</c>: rows, or rows without a NULL argument (the caller skips those). Never NULL.</summary>
/// <remarks>
/// All state structs have one shape, so that generated code can use them by name: <c>Add(values…, site)</c>, <c>Merge</c> in the order
/// of the input, <c>HasValue</c> (false: the answer is NULL), <c>Result(type arguments…, site)</c>. All zero bytes is the empty state.
/// </remarks>
public struct CountState
{
    private long count;

    public readonly bool HasValue => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int site) => count++;

    /// <summary>Counts several rows.</summary>
    public void AddRows(long rows) => count += rows;

    public void Merge(in CountState other, int site) => count += other.count;

    public readonly long Result(int site) => count;
}
