using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>try_sum</c> of integers: NULL where the sum does not fit in BIGINT.</summary>
public struct TrySumInt64State
{
    private SumInt64State sum;

    public readonly bool HasValue => sum.HasValue && sum.Fits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value, int site) => sum.Add(value, site);

    public void Merge(in TrySumInt64State other, int site) => sum.Merge(other.sum, site);

    public readonly long Result(int site) => sum.Result(site);
}
