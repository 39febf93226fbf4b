using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>avg</c> of DECIMAL: four more digits after the point, half up.</summary>
public struct AvgDecimalState
{
    private SumDecimalState sum;
    private long count;

    public readonly bool HasValue => count != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Int128 value, int site)
    {
        sum.Add(value, site);
        count++;
    }

    /// <inheritdoc cref="SumDecimalState.Add(long, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value, int site)
    {
        // Whether a value was seen is in the count.
        sum.AddUnseen(value);
        count++;
    }

    /// <summary>Adds <paramref name="rows"/> values, at least one, by their sum.</summary>
    public void AddSum(long sum, long rows)
    {
        this.sum.AddUnseen(sum);
        count += rows;
    }

    public void Merge(in AvgDecimalState other, int site)
    {
        sum.Absorb(other.sum);
        count += other.count;
    }

    public readonly Int128 Result(int shift, int precision, int scale, int site) =>
        DecimalKernels.DivideDecimal(sum.Result(38, scale - shift, site), count, shift, precision, scale, scale - shift, site);
}
