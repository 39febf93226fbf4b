using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>avg</c> of integers: DOUBLE. The sum is exact, in 128 bits.</summary>
public struct AvgInt64State
{
    private Int128 sum;
    private long count;

    public readonly bool HasValue => count != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value, int site)
    {
        sum += value;
        count++;
    }

    /// <summary>Adds <paramref name="rows"/> values, at least one, by their sum.</summary>
    public void AddSum(long sum, long rows)
    {
        this.sum += sum;
        count += rows;
    }

    public void Merge(in AvgInt64State other, int site)
    {
        sum += other.sum;
        count += other.count;
    }

    public readonly double Result(int site) => (double)sum / count;
}
