using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>The sum of a part of a group's integers, exact: DECIMAL(38,0). Whether a sum fits into BIGINT is asked of the whole group only.</summary>
public struct SumPartState
{
    private SumInt64State sum;

    public readonly bool HasValue => sum.HasValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value, int site) => sum.Add(value, site);

    /// <summary>Adds <paramref name="rows"/> values, at least one, by their sum.</summary>
    public void AddSum(long sum, long rows) => this.sum.AddSum(sum, rows);

    public void Merge(in SumPartState other, int site) => sum.Merge(other.sum, site);

    public readonly Int128 Result(int site) => sum.Exact;
}
