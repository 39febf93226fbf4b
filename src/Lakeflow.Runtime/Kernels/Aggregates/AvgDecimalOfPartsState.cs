namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>avg</c> of DECIMAL from sums and counts of parts; rounded once, at the end.</summary>
public struct AvgDecimalOfPartsState
{
    private SumDecimalState sum;
    private long count;

    public readonly bool HasValue => count != 0;

    public void Add(Int128 part, long rows, int site)
    {
        sum.Add(part, site);
        count += rows;
    }

    /// <inheritdoc cref="Add(Int128, long, int)"/>
    public void Add(long part, long rows, int site) => Add((Int128)part, rows, site);

    public void Merge(in AvgDecimalOfPartsState other, int site)
    {
        sum.Absorb(other.sum);
        count += other.count;
    }

    /// <inheritdoc cref="AvgDecimalState.Result"/>
    public readonly Int128 Result(int shift, int precision, int scale, int site) =>
        DecimalKernels.DivideDecimal(sum.Result(38, scale - shift, site), count, shift, precision, scale, scale - shift, site);
}
