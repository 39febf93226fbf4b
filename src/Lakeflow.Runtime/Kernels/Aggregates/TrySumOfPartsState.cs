namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>try_sum</c> of integers from the sums of parts: NULL where it does not fit into BIGINT.</summary>
public struct TrySumOfPartsState
{
    private SumOfPartsState sum;

    public readonly bool HasValue => sum.HasValue && sum.Fits;

    public void Add(Int128 part, int site) => sum.Add(part, site);

    public void Merge(in TrySumOfPartsState other, int site) => sum.Merge(other.sum, site);

    public readonly long Result(int site) => sum.Result(site);
}
