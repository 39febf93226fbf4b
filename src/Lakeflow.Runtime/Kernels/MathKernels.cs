using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Mathematical functions. Outside a function's domain the answer is NaN, except logarithms, which give NULL as in Spark.</summary>
public static class MathKernels
{
    public static double Sqrt(double x) => Math.Sqrt(x);

    /// <summary>Exact for cubes of whole numbers, on every platform.</summary>
    public static double Cbrt(double x)
    {
        var root = Math.Cbrt(x);
        var whole = Math.Round(root);
        return whole * whole * whole == x ? whole : root;
    }

    public static double Exp(double x) => Math.Exp(x);

    public static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    /// <summary>As Java has it: NaN where the exponent is NaN, and for 1 or -1 to an infinite power.</summary>
    public static double Pow(double x, double y) =>
        double.IsNaN(y) || (double.IsInfinity(y) && Math.Abs(x) == 1) ? double.NaN : Math.Pow(x, y);

    public static bool TryLn(double x, out double result)
    {
        result = Math.Log(x);
        return !(x <= 0);
    }

    public static bool TryLog10(double x, out double result)
    {
        result = Math.Log10(x);
        return !(x <= 0);
    }

    public static bool TryLog2(double x, out double result)
    {
        result = Math.Log2(x);
        return !(x <= 0);
    }

    public static bool TryLog1p(double x, out double result)
    {
        result = Math.Abs(x) < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);
        return !(x <= -1);
    }

    public static bool TryLog(double @base, double x, out double result)
    {
        result = Math.Log(x) / Math.Log(@base);
        return !(x <= 0) && !(@base <= 0);
    }

    public static double Sin(double x) => Math.Sin(x);

    public static double Cos(double x) => Math.Cos(x);

    public static double Tan(double x) => Math.Tan(x);

    public static double Cot(double x) => 1 / Math.Tan(x);

    public static double Sec(double x) => 1 / Math.Cos(x);

    public static double Csc(double x) => 1 / Math.Sin(x);

    public static double Asin(double x) => Math.Asin(x);

    public static double Acos(double x) => Math.Acos(x);

    public static double Atan(double x) => Math.Atan(x);

    public static double Atan2(double y, double x) => Math.Atan2(y + 0.0, x + 0.0);

    public static double Sinh(double x) => Math.Sinh(x);

    public static double Cosh(double x) => Math.Cosh(x);

    public static double Tanh(double x) => Math.Tanh(x);

    public static double Asinh(double x) => Math.Asinh(x);

    public static double Acosh(double x) => Math.Acosh(x);

    public static double Atanh(double x) => Math.Atanh(x);

    public static double Degrees(double x) => x * (180 / Math.PI);

    public static double Radians(double x) => x * (Math.PI / 180);

    public static double Hypot(double x, double y) => double.Hypot(x, y);

    public static double Rint(double x) => Math.Round(x, MidpointRounding.ToEven);

    public static double Pi() => Math.PI;

    public static double Euler() => Math.E;

    public static double Sign(double x) => double.IsNaN(x) ? x : Math.Sign(x);

    public static bool IsNaN(double x) => double.IsNaN(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorInt64(long x) => x;

    public static long FloorDouble(double x) => Saturate(Math.Floor(x));

    public static long CeilDouble(double x) => Saturate(Math.Ceiling(x));

    /// <summary>The integer below, with scale 0.</summary>
    public static Int128 FloorDecimal(Int128 x, int fromScale)
    {
        var power = DecimalMath.Pow10Wide(fromScale);
        var (quotient, rest) = Int128.DivRem(x, power);
        return rest < 0 ? quotient - 1 : quotient;
    }

    public static Int128 CeilDecimal(Int128 x, int fromScale) => -FloorDecimal(-x, fromScale);

    /// <summary>Half away from zero at a decimal place; negative places round before the point.</summary>
    public static double RoundDouble(double x, int digits)
    {
        if (!double.IsFinite(x) || digits > 340) return x;
        if (digits < -310) return 0;
        // Spark rounds the shortest decimal form, not the binary value: 2.675 becomes 2.68.
        if (Math.Abs(x) < 1e15 && digits is >= 0 and <= 15) return (double)RoundText(x, digits, MidpointRounding.AwayFromZero);
        return RoundBig(x, digits, even: false);
    }

    public static double RoundDoubleWhole(double x) => RoundDouble(x, 0);

    public static double BRoundDouble(double x, int digits)
    {
        if (!double.IsFinite(x) || digits > 340) return x;
        if (digits < -310) return 0;
        if (Math.Abs(x) < 1e15 && digits is >= 0 and <= 15) return (double)RoundText(x, digits, MidpointRounding.ToEven);
        return RoundBig(x, digits, even: true);
    }

    public static double BRoundDoubleWhole(double x) => BRoundDouble(x, 0);

    public static float RoundFloat(float x, int digits) => float.IsFinite(x) ? (float)RoundDouble(double.Parse(NumberText.OfFloat(x), System.Globalization.CultureInfo.InvariantCulture), digits) : x;

    /// <summary>An integer stays; with negative digits it rounds to tens, hundreds ….</summary>
    public static long RoundInt64(long x, int digits, int site)
    {
        if (!TryRoundInt64(x, digits, even: false, out var result)) Throw.RoundOverflow(site, "round", x, digits, "BIGINT");
        return result;
    }

    public static long BRoundInt64(long x, int digits, int site)
    {
        if (!TryRoundInt64(x, digits, even: true, out var result)) Throw.RoundOverflow(site, "bround", x, digits, "BIGINT");
        return result;
    }

    public static sbyte RoundInt8(sbyte x, int digits, int site)
    {
        var wide = RoundInt64(x, digits, site);
        if (wide != (sbyte)wide) Throw.RoundOverflow(site, "round", x, digits, "TINYINT");
        return (sbyte)wide;
    }

    public static short RoundInt16(short x, int digits, int site)
    {
        var wide = RoundInt64(x, digits, site);
        if (wide != (short)wide) Throw.RoundOverflow(site, "round", x, digits, "SMALLINT");
        return (short)wide;
    }

    public static sbyte BRoundInt8(sbyte x, int digits, int site)
    {
        var wide = BRoundInt64(x, digits, site);
        if (wide != (sbyte)wide) Throw.RoundOverflow(site, "bround", x, digits, "TINYINT");
        return (sbyte)wide;
    }

    public static short BRoundInt16(short x, int digits, int site)
    {
        var wide = BRoundInt64(x, digits, site);
        if (wide != (short)wide) Throw.RoundOverflow(site, "bround", x, digits, "SMALLINT");
        return (short)wide;
    }

    public static int RoundInt32(int x, int digits, int site)
    {
        var wide = RoundInt64(x, digits, site);
        if (wide != (int)wide) Throw.RoundOverflow(site, "round", x, digits, "INT");
        return (int)wide;
    }

    public static int BRoundInt32(int x, int digits, int site)
    {
        var wide = BRoundInt64(x, digits, site);
        if (wide != (int)wide) Throw.RoundOverflow(site, "bround", x, digits, "INT");
        return (int)wide;
    }

    /// <summary>DECIMAL to the scale of the result; <paramref name="digits"/> below 0 round before the point.</summary>
    public static Int128 RoundDecimal(Int128 x, int digits, int fromScale, int scale) => RoundAt(x, digits, fromScale, scale, DecimalMath.DropHalfUp);

    public static Int128 BRoundDecimal(Int128 x, int digits, int fromScale, int scale) => RoundAt(x, digits, fromScale, scale, DecimalMath.DropHalfEven);

    public static Int128 RoundDecimalWhole(Int128 x, int fromScale) => DecimalMath.DropHalfUp(x, fromScale);

    public static Int128 BRoundDecimalWhole(Int128 x, int fromScale) => DecimalMath.DropHalfEven(x, fromScale);

    public static Int128 FloorDecimalAt(Int128 x, int digits, int fromScale, int scale) => RoundAt(x, digits, fromScale, scale, static (v, n) => FloorDecimal(v, n));

    public static Int128 CeilDecimalAt(Int128 x, int digits, int fromScale, int scale) => RoundAt(x, digits, fromScale, scale, static (v, n) => CeilDecimal(v, n));

    public static bool TryFactorial(int n, out long result)
    {
        result = 1;
        if (n is < 0 or > 20) return false;
        for (var i = 2; i <= n; i++) result *= i;
        return true;
    }

    /// <summary>Bucket 1 … count of x between two bounds; 0 below, count + 1 above. NULL without a bucket.</summary>
    public static bool TryWidthBucket(double x, double low, double high, long count, out long result)
    {
        result = 0;
        if (count <= 0 || low == high || !double.IsFinite(low) || !double.IsFinite(high) || double.IsNaN(x)) return false;
        if (low < high) result = x < low ? 0 : x >= high ? count + 1 : (long)(count * (x - low) / (high - low)) + 1;
        else result = x > low ? 0 : x <= high ? count + 1 : (long)(count * (low - x) / (low - high)) + 1;
        return true;
    }

    private static long Saturate(double x) => double.IsNaN(x) ? 0 : x >= 9.2233720368547758E18 ? long.MaxValue : x <= -9.2233720368547758E18 ? long.MinValue : (long)x;

    private static decimal RoundText(double x, int digits, MidpointRounding how) =>
        Math.Round(decimal.Parse(x.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture), digits, how);

    private static double RoundBig(double x, int digits, bool even)
    {
        if (digits >= 0) return x;
        var unit = Math.Pow(10, -digits);
        return Math.Round(x / unit, even ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero) * unit;
    }

    private static bool TryRoundInt64(long x, int digits, bool even, out long result)
    {
        result = x;
        if (digits >= 0) return true;
        result = 0;
        if (digits < -19) return true;
        var cut = even ? DecimalMath.DropHalfEven(x, -digits) : DecimalMath.DropHalfUp(x, -digits);
        var wide = cut * DecimalMath.Pow10Wide(-digits);
        result = unchecked((long)wide);
        return wide == result;
    }

    private static Int128 RoundAt(Int128 x, int digits, int fromScale, int scale, Func<Int128, int, Int128> drop)
    {
        if (digits >= fromScale) return x;
        if (fromScale - digits > 38) return 0;
        var cut = drop(x, fromScale - digits);
        // cut has `digits` places (perhaps fewer than none); the result has `scale`.
        return cut * DecimalMath.Pow10Wide(scale - digits);
    }
}
