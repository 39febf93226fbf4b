using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>sum</c> of DECIMAL of at most 18 digits, in 128 bits; raises LF5005 where it has more digits than the result's type.</summary>
public struct SumDecimal64State
{
    private Int128 sum;
    private bool seen;
    private bool overflowed;

    public readonly bool HasValue => seen;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value, int site) => AddWide(value);

    /// <summary>Adds <paramref name="rows"/> values, at least one, by their sum.</summary>
    public void AddSum(long sum, long rows) => AddWide(sum);

    public void Merge(in SumDecimal64State other, int site)
    {
        if (!other.seen) return;
        AddWide(other.sum);
        overflowed |= other.overflowed;
    }

    public readonly Int128 Result(int precision, int scale, int site)
    {
        if (!Fits(precision)) Throw.OutOfRange(site, overflowed ? "The sum" : $"The sum {DecimalMath.Text(sum, scale)}", precision, scale);
        return sum;
    }

    internal readonly bool Fits(int precision) => !overflowed && DecimalMath.Fits(sum, precision);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddWide(Int128 value)
    {
        var next = unchecked(sum + value);
        if (((sum ^ next) & (value ^ next)) < 0) overflowed = true;
        sum = next;
        seen = true;
    }
}
