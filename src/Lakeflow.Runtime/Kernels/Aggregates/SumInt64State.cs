using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>sum</c> of integers: BIGINT; raises LF5002 where it does not fit at the end.</summary>
/// <remarks>The sum is held in 128 bits, so the order of the rows cannot decide whether it fits.</remarks>
public struct SumInt64State
{
    private long low;
    private long carries;
    private bool seen;

    public readonly bool HasValue => seen;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value, int site)
    {
        var sum = unchecked(low + value);
        // A signed overflow wraps by 2^64: count the wraps.
        if (((low ^ sum) & (value ^ sum)) < 0) carries += value < 0 ? -1 : 1;
        low = sum;
        seen = true;
    }

    /// <summary>Adds <paramref name="rows"/> values, at least one, by their sum.</summary>
    public void AddSum(long sum, long rows) => Add(sum, 0);

    public void Merge(in SumInt64State other, int site)
    {
        if (!other.seen) return;
        Add(other.low, site);
        carries += other.carries;
    }

    public readonly long Result(int site)
    {
        if (carries != 0) Throw.Overflow(site, "The sum", Exact, "BIGINT");
        return low;
    }

    internal readonly Int128 Exact => low + ((Int128)carries << 64);

    internal readonly bool Fits => carries == 0;
}
