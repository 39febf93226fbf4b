using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Arithmetic on unscaled decimals. The declared result type says how far to shift each side and how many digits may come out.</summary>
/// <remarks>
/// The 64-bit forms are for results of at most 18 digits, whose types are wide enough that nothing can overflow. The 128-bit forms
/// check the result's precision and go through big integers only where 128 bits do not suffice.
/// </remarks>
public static class DecimalKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static long AddDecimal64(long a, long b, int shiftA, int shiftB) => Up(a, shiftA) + Up(b, shiftB);

    [MethodImpl(Inline)]
    public static long SubtractDecimal64(long a, long b, int shiftA, int shiftB) => Up(a, shiftA) - Up(b, shiftB);

    [MethodImpl(Inline)]
    public static long MultiplyDecimal64(long a, long b) => a * b;

    public static Int128 AddDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, int precision, int scale, int site)
    {
        if (!TryAddDecimal(a, b, shiftA, shiftB, lost, precision, out var sum)) OutOfRange(site, "The sum", Exact(a, shiftA) + Exact(b, shiftB), lost, precision, scale);
        return sum;
    }

    public static Int128 SubtractDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, int precision, int scale, int site)
    {
        if (!TryAddDecimal(a, -b, shiftA, shiftB, lost, precision, out var sum)) OutOfRange(site, "The difference", Exact(a, shiftA) - Exact(b, shiftB), lost, precision, scale);
        return sum;
    }

    /// <summary>Product, of which <paramref name="lost"/> digits are rounded away because the type has only 38.</summary>
    [MethodImpl(Inline)]
    public static Int128 MultiplyDecimal(Int128 a, Int128 b, int lost, int precision, int scale, int site)
    {
        // Two factors of 64 bits: the product is below 2^126, which is below 10^38.
        if (lost == 0 && (long)a == a && (long)b == b)
        {
            var high = Math.BigMul((long)a, (long)b, out long low);
            return new Int128((ulong)high, (ulong)low);
        }

        return MultiplyWide(a, b, lost, precision, scale, site);
    }

    private static Int128 MultiplyWide(Int128 a, Int128 b, int lost, int precision, int scale, int site)
    {
        if (!TryMultiplyDecimal(a, b, lost, precision, out var product)) OutOfRange(site, "The product", (BigInteger)a * b, lost, precision, scale);
        return product;
    }

    /// <summary>Quotient a·10^shift / b, half up.</summary>
    public static Int128 DivideDecimal(Int128 a, Int128 b, int shift, int precision, int scale, int scaleA, int site)
    {
        if (b == 0) Throw.DivideByZero(site, a, scaleA);
        if (!TryDivideDecimal(a, b, shift, precision, out var quotient)) OutOfRange(site, "The quotient", Exact(a, shift) / b, 0, precision, scale);
        return quotient;
    }

    public static Int128 RemainderDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, int precision, int scale, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a, scale + lost - shiftA);
        TryRemainderDecimal(a, b, shiftA, shiftB, lost, out var result);
        return result;
    }

    public static Int128 PositiveModuloDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, int precision, int scale, int site)
    {
        var r = RemainderDecimal(a, b, shiftA, shiftB, lost, precision, scale, site);
        if (r >= 0) return r;
        var divisor = (BigInteger)b * BigInteger.Pow(10, shiftB);
        return (Int128)(((BigInteger)r + divisor) % divisor);
    }

    /// <summary><c>div</c>: whole part of the quotient.</summary>
    public static long DivDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, int precision, int scale, int site)
    {
        if (b == 0) Throw.DivideByZero(site, a, scale + lost - shiftA);
        var quotient = ((BigInteger)a * BigInteger.Pow(10, shiftA)) / ((BigInteger)b * BigInteger.Pow(10, shiftB));
        if (quotient < long.MinValue || quotient > long.MaxValue) Throw.Overflow(site, $"The quotient {DecimalMath.Text(quotient, 0)}", "BIGINT");
        return (long)quotient;
    }

    /// <summary>Names the result as it is before digits are <paramref name="lost"/>.</summary>
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void OutOfRange(int site, string what, BigInteger result, int lost, int precision, int scale) =>
        Throw.OutOfRange(site, $"{what} {DecimalMath.Text(result, scale + lost)}", precision, scale);

    private static BigInteger Exact(Int128 value, int shift) => shift >= 0 ? value * BigInteger.Pow(10, shift) : value / BigInteger.Pow(10, -shift);

    public static bool TryAddDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, int precision, out Int128 result)
    {
        if (shiftA <= 37 && shiftB <= 37 && DecimalMath.Fits(a, 37 - shiftA) && DecimalMath.Fits(b, 37 - shiftB))
        {
            // Each side below 10^37, so the sum is far below 2^127.
            var sum = (a * DecimalMath.Pow10Wide(shiftA)) + (b * DecimalMath.Pow10Wide(shiftB));
            if (lost == 0)
            {
                result = sum;
                return precision < 38 || DecimalMath.Fits(sum, precision);
            }
        }

        var exact = ((BigInteger)a * BigInteger.Pow(10, shiftA)) + ((BigInteger)b * BigInteger.Pow(10, shiftB));
        return DecimalMath.TryRescale(exact, lost, 0, precision, out result);
    }

    public static bool TrySubtractDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, int precision, out Int128 result) =>
        TryAddDecimal(a, -b, shiftA, shiftB, lost, precision, out result);

    public static bool TryMultiplyDecimal(Int128 a, Int128 b, int lost, int precision, out Int128 result)
    {
        if (a >= long.MinValue && a <= long.MaxValue && b >= long.MinValue && b <= long.MaxValue)
        {
            var high = Math.BigMul((long)a, (long)b, out long low);
            result = DecimalMath.DropHalfUp(new Int128((ulong)high, (ulong)low), lost);
            return precision < 38 || DecimalMath.Fits(result, precision);
        }

        return DecimalMath.TryRescale((BigInteger)a * b, lost, 0, precision, out result);
    }

    public static bool TryDivideDecimal(Int128 a, Int128 b, int shift, int precision, out Int128 result)
    {
        result = 0;
        if (b == 0) return false;
        if (shift is >= 0 and <= 38 && DecimalMath.Fits(a, 38 - shift))
        {
            var scaled = a * DecimalMath.Pow10Wide(shift);
            if (scaled >= long.MinValue && scaled <= long.MaxValue && b >= long.MinValue + 1 && b <= long.MaxValue)
            {
                result = Halves((long)scaled, (long)b);
            }
            else
            {
                var (quotient, rest) = Int128.DivRem(scaled, b);
                var size = Int128.Abs(rest);
                if (size >= Int128.Abs(b) - size) quotient += (a < 0) == (b < 0) ? 1 : -1;
                result = quotient;
            }

            return DecimalMath.Fits(result, precision);
        }

        BigInteger n = a, d = b;
        if (shift >= 0) n *= BigInteger.Pow(10, shift);
        else d *= BigInteger.Pow(10, -shift);
        var whole = BigInteger.DivRem(n, d, out var left);
        if (BigInteger.Abs(left) * 2 >= BigInteger.Abs(d)) whole += n.Sign * d.Sign;
        return DecimalMath.TryRescale(whole, 0, 0, precision, out result);
    }

    public static bool TryRemainderDecimal(Int128 a, Int128 b, int shiftA, int shiftB, int lost, out Int128 result)
    {
        result = 0;
        if (b == 0) return false;
        if (DecimalMath.Fits(a, 38 - shiftA) && DecimalMath.Fits(b, 38 - shiftB))
        {
            result = DecimalMath.DropHalfUp((a * DecimalMath.Pow10Wide(shiftA)) % (b * DecimalMath.Pow10Wide(shiftB)), lost);
            return true;
        }

        var exact = ((BigInteger)a * BigInteger.Pow(10, shiftA)) % ((BigInteger)b * BigInteger.Pow(10, shiftB));
        return DecimalMath.TryRescale(exact, lost, 0, 38, out result);
    }

    [MethodImpl(Inline)]
    public static long NegateDecimal64(long a) => -a;

    public static Int128 NegateDecimal(Int128 a) => -a;

    [MethodImpl(Inline)]
    public static long AbsDecimal64(long a) => Math.Abs(a);

    public static Int128 AbsDecimal(Int128 a) => Int128.Abs(a);

    [MethodImpl(Inline)]
    public static long SameDecimal64(long a) => a;

    public static Int128 SameDecimal(Int128 a) => a;

    [MethodImpl(Inline)]
    private static long Up(long value, int shift) => shift == 0 ? value : value * DecimalMath.Pow10(shift);

    private static long Halves(long a, long b)
    {
        var (quotient, rest) = Math.DivRem(a, b);
        var size = (ulong)Math.Abs(rest);
        return size >= (ulong)Math.Abs(b) - size ? quotient + ((a < 0) == (b < 0) ? 1 : -1) : quotient;
    }
}
