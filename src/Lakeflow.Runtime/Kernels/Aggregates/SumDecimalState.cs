using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>sum</c> of DECIMAL in 128 bits; raises LF5005 where it has more digits than the result's type.</summary>
public struct SumDecimalState
{
    // Two halves: an Int128 would have to begin at a multiple of 16 bytes.
    private ulong low;
    private long high;
    private bool seen;
    private bool overflowed;

    public readonly bool HasValue => seen;

    private readonly Int128 Sum => new((ulong)high, low);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Int128 value, int site)
    {
        AddWide(value);
        seen = true;
    }

    /// <summary>A value of at most 18 digits. A column has such values only, and then no number of rows overflows 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value, int site)
    {
        AddUnseen(value);
        seen = true;
    }

    /// <summary>The same for a state that notes itself that there was a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddUnseen(long value)
    {
        var next = unchecked(low + (ulong)value);
        high += (value >> 63) + (next < low ? 1 : 0);
        low = next;
    }

    /// <summary>Adds <paramref name="rows"/> values, at least one, by their sum.</summary>
    public void AddSum(long sum, long rows) => Add(sum, 0);

    public void Merge(in SumDecimalState other, int site)
    {
        if (other.seen) Absorb(other);
    }

    internal void Absorb(in SumDecimalState other)
    {
        AddWide(other.Sum);
        seen = seen || other.seen;
        overflowed |= other.overflowed;
    }

    public readonly Int128 Result(int precision, int scale, int site)
    {
        if (!Fits(precision)) Throw.OutOfRange(site, overflowed ? "The sum" : $"The sum {DecimalMath.Text(Sum, scale)}", precision, scale);
        return Sum;
    }

    internal readonly bool Fits(int precision) => !overflowed && DecimalMath.Fits(Sum, precision);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddWide(Int128 value)
    {
        var valueLow = (ulong)value;
        var valueHigh = (long)(ulong)(value >> 64);
        var nextLow = unchecked(low + valueLow);
        var nextHigh = unchecked(high + valueHigh + (nextLow < low ? 1 : 0));
        overflowed |= ((high ^ nextHigh) & (valueHigh ^ nextHigh)) < 0;
        (low, high) = (nextLow, nextHigh);
    }
}
