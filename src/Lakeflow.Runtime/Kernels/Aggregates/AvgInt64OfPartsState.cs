namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>avg</c> of integers from sums and counts of parts: DOUBLE.</summary>
public struct AvgInt64OfPartsState
{
    private ExactSum sum;
    private long count;

    public readonly bool HasValue => count != 0;

    public void Add(Int128 part, long rows, int site)
    {
        sum.Add(part);
        count += rows;
    }

    public void Merge(in AvgInt64OfPartsState other, int site) => Add(other.sum.Value, other.count, site);

    public readonly double Result(int site) => (double)sum.Value / count;
}
