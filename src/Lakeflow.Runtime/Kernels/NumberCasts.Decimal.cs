using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <content>Casts to and from DECIMAL, and numbers as seconds since the epoch.</content>
public static partial class NumberCasts
{
    public static Int128 Int64ToDecimal(long value, int precision, int scale, int site)
    {
        if (!TryInt64ToDecimal(value, precision, scale, out var result)) Throw.OutOfRange(site, value.ToString(CultureInfo.InvariantCulture), precision, scale);
        return result;
    }

    public static bool TryInt64ToDecimal(long value, int precision, int scale, out Int128 result) =>
        DecimalMath.TryRescale((Int128)value, 0, scale, precision, out result);

    /// <summary>An integer into a DECIMAL of at most 18 digits.</summary>
    [MethodImpl(Inline)]
    public static long Int64ToDecimal64(long value, int precision, int scale, int site)
    {
        var limit = DecimalMath.Pow10(precision - scale);
        if (value >= limit || value <= -limit) Throw.OutOfRange(site, value, precision, scale);
        return value * DecimalMath.Pow10(scale);
    }

    public static Int128 BooleanToDecimal(bool value, int precision, int scale, int site) => Int64ToDecimal(value ? 1 : 0, precision, scale, site);

    /// <summary>NaN and the infinities are NULL, as in Spark.</summary>
    public static bool DoubleToDecimal(double value, int precision, int scale, int site, out Int128 result)
    {
        if (!TryDoubleToDecimal(value, precision, scale, out result) && double.IsFinite(value)) Throw.OutOfRange(site, NumberText.OfDouble(value), precision, scale);
        return double.IsFinite(value);
    }

    /// <summary>By way of the shortest decimal that reads back as the same DOUBLE, as in Spark.</summary>
    public static bool TryDoubleToDecimal(double value, int precision, int scale, out Int128 result)
    {
        result = 0;
        Span<byte> text = stackalloc byte[32];
        return double.IsFinite(value)
            && value.TryFormat(text, out var count, "R", CultureInfo.InvariantCulture)
            && NumberText.TryDecimal(text[..count], precision, scale, out result) == NumberText.Outcome.Done;
    }

    public static bool FloatToDecimal(float value, int precision, int scale, int site, out Int128 result)
    {
        if (!TryFloatToDecimal(value, precision, scale, out result) && float.IsFinite(value)) Throw.OutOfRange(site, NumberText.OfFloat(value), precision, scale);
        return float.IsFinite(value);
    }

    public static bool TryFloatToDecimal(float value, int precision, int scale, out Int128 result) =>
        TryDoubleToDecimal(value, precision, scale, out result);

    /// <summary>Another precision and scale; half up.</summary>
    public static Int128 DecimalToDecimal(Int128 value, int fromScale, int precision, int scale, int site)
    {
        if (!DecimalMath.TryRescale(value, fromScale, scale, precision, out var result))
            Throw.OutOfRange(site, DecimalMath.Text(value, fromScale), precision, scale);
        return result;
    }

    public static bool TryDecimalToDecimal(Int128 value, int fromScale, int precision, int scale, out Int128 result) =>
        DecimalMath.TryRescale(value, fromScale, scale, precision, out result);

    /// <summary>Both at most 18 digits.</summary>
    [MethodImpl(Inline)]
    public static long Decimal64ToDecimal64(long value, int fromScale, int precision, int scale, int site)
    {
        if (scale >= fromScale)
        {
            var limit = DecimalMath.Pow10(Math.Max(0, precision - scale + fromScale));
            if (value >= limit || value <= -limit) Throw.OutOfRange(site, DecimalMath.Text(value, fromScale), precision, scale);
            return value * DecimalMath.Pow10(scale - fromScale);
        }

        return (long)DecimalToDecimal(value, fromScale, precision, scale, site);
    }

    /// <summary>Widening that cannot fail: more digits on both sides of the point.</summary>
    public static Int128 DecimalToWiderDecimal(Int128 value, int shift) => value * DecimalMath.Pow10Wide(shift);

    [MethodImpl(Inline)]
    public static long Decimal64ToWiderDecimal64(long value, int shift) => value * DecimalMath.Pow10(shift);

    public static double DecimalToDouble(Int128 value, int fromScale) => DecimalMath.ToDouble(value, fromScale);

    [MethodImpl(Inline)]
    public static double Decimal64ToDouble(long value, int fromScale) =>
        value is > -(1L << 53) and < 1L << 53 ? value / (double)DecimalMath.Pow10(fromScale) : DecimalMath.ToDouble(value, fromScale);

    public static float DecimalToFloat(Int128 value, int fromScale) => (float)DecimalMath.ToDouble(value, fromScale);

    public static bool DecimalToBoolean(Int128 value) => value != 0;

    public static sbyte DecimalToInt8(Int128 value, int fromScale, int site)
    {
        if (!TryDecimalToInt8(value, fromScale, out var result)) Throw.CastOverflow(site, DecimalMath.Text(value, fromScale), "TINYINT");
        return result;
    }

    public static bool TryDecimalToInt8(Int128 value, int fromScale, out sbyte result)
    {
        var whole = value / DecimalMath.Pow10Wide(fromScale);
        result = unchecked((sbyte)whole);
        return whole == result;
    }

    public static short DecimalToInt16(Int128 value, int fromScale, int site)
    {
        if (!TryDecimalToInt16(value, fromScale, out var result)) Throw.CastOverflow(site, DecimalMath.Text(value, fromScale), "SMALLINT");
        return result;
    }

    public static bool TryDecimalToInt16(Int128 value, int fromScale, out short result)
    {
        var whole = value / DecimalMath.Pow10Wide(fromScale);
        result = unchecked((short)whole);
        return whole == result;
    }

    public static int DecimalToInt32(Int128 value, int fromScale, int site)
    {
        if (!TryDecimalToInt32(value, fromScale, out var result)) Throw.CastOverflow(site, DecimalMath.Text(value, fromScale), "INT");
        return result;
    }

    public static bool TryDecimalToInt32(Int128 value, int fromScale, out int result)
    {
        var whole = value / DecimalMath.Pow10Wide(fromScale);
        result = unchecked((int)whole);
        return whole == result;
    }

    public static long DecimalToInt64(Int128 value, int fromScale, int site)
    {
        if (!TryDecimalToInt64(value, fromScale, out var result)) Throw.CastOverflow(site, DecimalMath.Text(value, fromScale), "BIGINT");
        return result;
    }

    public static bool TryDecimalToInt64(Int128 value, int fromScale, out long result)
    {
        var whole = value / DecimalMath.Pow10Wide(fromScale);
        result = unchecked((long)whole);
        return whole == result;
    }

    public static long Int64ToTimestamp(long seconds, int site)
    {
        if (!TryInt64ToTimestamp(seconds, out var micros)) Throw.CastOverflow(site, seconds, "TIMESTAMP");
        return micros;
    }

    public static bool TryInt64ToTimestamp(long seconds, out long result) => IntegerKernels.TryMultiplyInt64(seconds, Calendar.MicrosPerSecond, out result);

    public static long DoubleToTimestamp(double seconds, int site)
    {
        if (!double.IsFinite(seconds)) Throw.CastInvalid(site, Utf8.From(NumberText.OfDouble(seconds)), "TIMESTAMP");
        if (!TryDoubleToTimestamp(seconds, out var micros)) Throw.CastOverflow(site, seconds, "TIMESTAMP");
        return micros;
    }

    public static bool TryDoubleToTimestamp(double seconds, out long result) => TryDoubleToInt64(seconds * 1e6, out result);

    public static long DecimalToTimestamp(Int128 seconds, int fromScale, int site)
    {
        if (!TryDecimalToTimestamp(seconds, fromScale, out var micros)) Throw.CastOverflow(site, DecimalMath.Text(seconds, fromScale), "TIMESTAMP");
        return micros;
    }

    public static bool TryDecimalToTimestamp(Int128 seconds, int fromScale, out long result)
    {
        var micros = (BigInteger)seconds * 1_000_000 / BigInteger.Pow(10, fromScale);
        var fits = micros >= long.MinValue && micros <= long.MaxValue;
        result = fits ? (long)micros : 0;
        return fits;
    }

    [MethodImpl(Inline)]
    public static long TimestampToInt64(long ts) => Calendar.FloorDiv(ts, Calendar.MicrosPerSecond);

    public static sbyte TimestampToInt8(long ts, int site) => Int64ToInt8(TimestampToInt64(ts), site);

    public static bool TryTimestampToInt8(long ts, out sbyte result) => TryInt64ToInt8(TimestampToInt64(ts), out result);

    public static short TimestampToInt16(long ts, int site) => Int64ToInt16(TimestampToInt64(ts), site);

    public static bool TryTimestampToInt16(long ts, out short result) => TryInt64ToInt16(TimestampToInt64(ts), out result);

    public static int TimestampToInt32(long ts, int site) => Int64ToInt32(TimestampToInt64(ts), site);

    public static bool TryTimestampToInt32(long ts, out int result) => TryInt64ToInt32(TimestampToInt64(ts), out result);

    public static double TimestampToDouble(long ts) => ts / 1e6;

    public static float TimestampToFloat(long ts) => (float)(ts / 1e6);

    public static Int128 TimestampToDecimal(long ts, int precision, int scale, int site) => DecimalToDecimal(ts, 6, precision, scale, site);

    public static bool TryTimestampToDecimal(long ts, int precision, int scale, out Int128 result) => DecimalMath.TryRescale((Int128)ts, 6, scale, precision, out result);

    public static long DateToTimestamp(int date, SessionZone zone) => zone.ToUtc(date * Calendar.MicrosPerDay);

    [MethodImpl(Inline)]
    public static long DateToTimestampNtz(int date) => date * Calendar.MicrosPerDay;

    public static int TimestampToDate(long ts, SessionZone zone) => Calendar.DayOf(zone.ToLocal(ts));

    [MethodImpl(Inline)]
    public static int TimestampNtzToDate(long local) => Calendar.DayOf(local);

    public static long TimestampToTimestampNtz(long ts, SessionZone zone) => zone.ToLocal(ts);

    public static long TimestampNtzToTimestamp(long local, SessionZone zone) => zone.ToUtc(local);
}
