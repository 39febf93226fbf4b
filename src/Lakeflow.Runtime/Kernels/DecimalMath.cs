using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Powers of ten, rescaling and rounding of unscaled decimals.</summary>
public static class DecimalMath
{
    private static readonly Int128[] Wide = Powers();

    private static ReadOnlySpan<long> Narrow =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <summary>10^n, n from 0 to 18.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Pow10(int n) => Narrow[n];

    /// <summary>10^n, n from 0 to 38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 Pow10Wide(int n) => Wide[n];

    /// <summary>True if the value has at most that many digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits(Int128 value, int precision) => value < Wide[precision] && value > -Wide[precision];

    /// <summary>value / 10^digits, half away from zero.</summary>
    public static Int128 DropHalfUp(Int128 value, int digits)
    {
        if (digits == 0) return value;
        if (digits > 38) return 0;
        if (value >= long.MinValue && value <= long.MaxValue && digits <= 18)
        {
            var (q, r) = Math.DivRem((long)value, Narrow[digits]);
            return Math.Abs(r) >= Narrow[digits] - Math.Abs(r) ? q + (value < 0 ? -1 : 1) : q;
        }

        var power = Wide[digits];
        var (quotient, rest) = Int128.DivRem(value, power);
        var size = Int128.Abs(rest);
        return size >= power - size ? quotient + (value < 0 ? -1 : 1) : quotient;
    }

    /// <summary>value / 10^digits, half to even.</summary>
    public static Int128 DropHalfEven(Int128 value, int digits)
    {
        if (digits == 0) return value;
        if (digits > 38) return 0;
        var power = Wide[digits];
        var (quotient, rest) = Int128.DivRem(value, power);
        var size = Int128.Abs(rest);
        var other = power - size;
        return size > other || (size == other && !Int128.IsEvenInteger(quotient)) ? quotient + (value < 0 ? -1 : 1) : quotient;
    }

    /// <summary>From one scale to another, half up; false if it has more than <paramref name="precision"/> digits then.</summary>
    public static bool TryRescale(Int128 value, int fromScale, int toScale, int precision, out Int128 result)
    {
        if (toScale <= fromScale)
        {
            result = DropHalfUp(value, fromScale - toScale);
            return Fits(result, precision);
        }

        var up = toScale - fromScale;
        if (up > 38 || !Fits(value, Math.Max(0, 38 - up)))
        {
            result = 0;
            return value == 0;
        }

        result = value * Wide[up];
        return Fits(result, precision);
    }

    /// <summary>The same from a number of any size.</summary>
    public static bool TryRescale(BigInteger value, int fromScale, int toScale, int precision, out Int128 result)
    {
        if (toScale >= fromScale)
        {
            value *= BigInteger.Pow(10, toScale - fromScale);
        }
        else
        {
            var power = BigInteger.Pow(10, fromScale - toScale);
            value = BigInteger.DivRem(value, power, out var rest);
            if (BigInteger.Abs(rest) * 2 >= power) value += rest.Sign;
        }

        var fits = BigInteger.Abs(value) < (BigInteger)Wide[precision];
        result = fits ? (Int128)value : 0;
        return fits;
    }

    /// <summary>The nearest DOUBLE.</summary>
    public static double ToDouble(Int128 unscaled, int scale)
    {
        // Both exact below 2^53 and 10^22, so one division rounds once.
        if (unscaled > -(1L << 53) && unscaled < 1L << 53 && scale <= 18) return (long)unscaled / (double)Narrow[scale];
        return double.Parse(Text(unscaled, scale), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Plain notation with all digits of the scale: <c>-0.050</c>.</summary>
    public static string Text(Int128 unscaled, int scale)
    {
        Span<char> buffer = stackalloc char[64];
        var size = Int128.Abs(unscaled);
        size.TryFormat(buffer[20..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
        return Text(new string(buffer.Slice(20, digits)), scale, unscaled < 0);
    }

    /// <inheritdoc cref="Text(Int128, int)"/>
    public static string Text(BigInteger unscaled, int scale) =>
        Text(BigInteger.Abs(unscaled).ToString(System.Globalization.CultureInfo.InvariantCulture), scale, unscaled.Sign < 0);

    private static string Text(string digits, int scale, bool negative)
    {
        if (scale > 0)
        {
            digits = digits.PadLeft(scale + 1, '0');
            digits = string.Concat(digits.AsSpan(0, digits.Length - scale), ".", digits.AsSpan(digits.Length - scale));
        }

        return negative ? "-" + digits : digits;
    }

    private static Int128[] Powers()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
