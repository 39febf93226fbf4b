namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>avg</c> of FLOAT and DOUBLE from sums and counts of parts.</summary>
public struct AvgDoubleOfPartsState
{
    private double sum;
    private long count;

    public readonly bool HasValue => count != 0;

    public void Add(double part, long rows, int site)
    {
        sum += part;
        count += rows;
    }

    public void Merge(in AvgDoubleOfPartsState other, int site) => Add(other.sum, other.count, site);

    public readonly double Result(int site) => sum / count;
}
