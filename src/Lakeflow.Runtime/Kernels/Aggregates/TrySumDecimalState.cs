using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>try_sum</c> of DECIMAL: NULL where the sum has more than 38 digits.</summary>
public struct TrySumDecimalState
{
    private SumDecimalState sum;

    public readonly bool HasValue => sum.HasValue && sum.Fits(38);

    public void Add(Int128 value, int site) => sum.Add(value, site);

    public void Merge(in TrySumDecimalState other, int site) => sum.Merge(other.sum, site);

    public readonly Int128 Result(int precision, int scale, int site) => sum.Result(precision, scale, site);
}
