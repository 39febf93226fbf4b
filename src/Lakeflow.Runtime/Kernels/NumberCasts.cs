using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>CAST between numbers, BOOLEAN and TIMESTAMP. What does not fit raises LF5004 (LF5005 for DECIMAL); the Try forms give NULL.</summary>
/// <remarks>Fractions are cut toward zero on the way to an integer, rounded half up on the way to a DECIMAL of lower scale.</remarks>
public static partial class NumberCasts
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static short Int8ToInt16(sbyte value) => value;

    [MethodImpl(Inline)]
    public static int Int8ToInt32(sbyte value) => value;

    [MethodImpl(Inline)]
    public static long Int8ToInt64(sbyte value) => value;

    [MethodImpl(Inline)]
    public static float Int8ToFloat(sbyte value) => value;

    [MethodImpl(Inline)]
    public static double Int8ToDouble(sbyte value) => value;

    [MethodImpl(Inline)]
    public static bool Int8ToBoolean(sbyte value) => value != 0;

    [MethodImpl(Inline)]
    public static sbyte BooleanToInt8(bool value) => value ? (sbyte)1 : (sbyte)0;

    [MethodImpl(Inline)]
    public static sbyte Int16ToInt8(short value, int site)
    {
        if (value != (sbyte)value) Throw.CastOverflow(site, value, "TINYINT");
        return (sbyte)value;
    }

    [MethodImpl(Inline)]
    public static bool TryInt16ToInt8(short value, out sbyte result)
    {
        result = (sbyte)value;
        return value == result;
    }

    [MethodImpl(Inline)]
    public static int Int16ToInt32(short value) => value;

    [MethodImpl(Inline)]
    public static long Int16ToInt64(short value) => value;

    [MethodImpl(Inline)]
    public static float Int16ToFloat(short value) => value;

    [MethodImpl(Inline)]
    public static double Int16ToDouble(short value) => value;

    [MethodImpl(Inline)]
    public static bool Int16ToBoolean(short value) => value != 0;

    [MethodImpl(Inline)]
    public static short BooleanToInt16(bool value) => value ? (short)1 : (short)0;

    [MethodImpl(Inline)]
    public static sbyte Int32ToInt8(int value, int site)
    {
        if (value != (sbyte)value) Throw.CastOverflow(site, value, "TINYINT");
        return (sbyte)value;
    }

    [MethodImpl(Inline)]
    public static bool TryInt32ToInt8(int value, out sbyte result)
    {
        result = (sbyte)value;
        return value == result;
    }

    [MethodImpl(Inline)]
    public static short Int32ToInt16(int value, int site)
    {
        if (value != (short)value) Throw.CastOverflow(site, value, "SMALLINT");
        return (short)value;
    }

    [MethodImpl(Inline)]
    public static bool TryInt32ToInt16(int value, out short result)
    {
        result = (short)value;
        return value == result;
    }

    [MethodImpl(Inline)]
    public static long Int32ToInt64(int value) => value;

    [MethodImpl(Inline)]
    public static float Int32ToFloat(int value) => value;

    [MethodImpl(Inline)]
    public static double Int32ToDouble(int value) => value;

    [MethodImpl(Inline)]
    public static bool Int32ToBoolean(int value) => value != 0;

    [MethodImpl(Inline)]
    public static int BooleanToInt32(bool value) => value ? (int)1 : (int)0;

    [MethodImpl(Inline)]
    public static sbyte Int64ToInt8(long value, int site)
    {
        if (value != (sbyte)value) Throw.CastOverflow(site, value, "TINYINT");
        return (sbyte)value;
    }

    [MethodImpl(Inline)]
    public static bool TryInt64ToInt8(long value, out sbyte result)
    {
        result = (sbyte)value;
        return value == result;
    }

    [MethodImpl(Inline)]
    public static short Int64ToInt16(long value, int site)
    {
        if (value != (short)value) Throw.CastOverflow(site, value, "SMALLINT");
        return (short)value;
    }

    [MethodImpl(Inline)]
    public static bool TryInt64ToInt16(long value, out short result)
    {
        result = (short)value;
        return value == result;
    }

    [MethodImpl(Inline)]
    public static int Int64ToInt32(long value, int site)
    {
        if (value != (int)value) Throw.CastOverflow(site, value, "INT");
        return (int)value;
    }

    [MethodImpl(Inline)]
    public static bool TryInt64ToInt32(long value, out int result)
    {
        result = (int)value;
        return value == result;
    }

    [MethodImpl(Inline)]
    public static float Int64ToFloat(long value) => value;

    [MethodImpl(Inline)]
    public static double Int64ToDouble(long value) => value;

    [MethodImpl(Inline)]
    public static bool Int64ToBoolean(long value) => value != 0;

    [MethodImpl(Inline)]
    public static long BooleanToInt64(bool value) => value ? (long)1 : (long)0;

    [MethodImpl(Inline)]
    public static double FloatToDouble(float value) => value;

    [MethodImpl(Inline)]
    public static float DoubleToFloat(double value) => (float)value;

    [MethodImpl(Inline)]
    public static bool FloatToBoolean(float value) => value != 0;

    [MethodImpl(Inline)]
    public static bool DoubleToBoolean(double value) => value != 0;

    [MethodImpl(Inline)]
    public static float BooleanToFloat(bool value) => value ? 1f : 0f;

    [MethodImpl(Inline)]
    public static double BooleanToDouble(bool value) => value ? 1.0 : 0.0;

    [MethodImpl(Inline)]
    public static sbyte FloatToInt8(float value, int site)
    {
        if (!TryFloatToInt8(value, out var result)) Throw.CastOverflow(site, value, "TINYINT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryFloatToInt8(float value, out sbyte result)
    {
        var fits = (double)value is > -129 and < 128;
        result = fits ? (sbyte)value : default;
        return fits;
    }

    [MethodImpl(Inline)]
    public static short FloatToInt16(float value, int site)
    {
        if (!TryFloatToInt16(value, out var result)) Throw.CastOverflow(site, value, "SMALLINT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryFloatToInt16(float value, out short result)
    {
        var fits = (double)value is > -32769 and < 32768;
        result = fits ? (short)value : default;
        return fits;
    }

    [MethodImpl(Inline)]
    public static int FloatToInt32(float value, int site)
    {
        if (!TryFloatToInt32(value, out var result)) Throw.CastOverflow(site, value, "INT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryFloatToInt32(float value, out int result)
    {
        var fits = (double)value is > -2147483649.0 and < 2147483648.0;
        result = fits ? (int)value : default;
        return fits;
    }

    [MethodImpl(Inline)]
    public static long FloatToInt64(float value, int site)
    {
        if (!TryFloatToInt64(value, out var result)) Throw.CastOverflow(site, value, "BIGINT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryFloatToInt64(float value, out long result)
    {
        var fits = (double)value is >= -9223372036854775808.0 and <= 9223372036854775808.0;
        result = fits ? (value >= 9223372036854775807.0 ? long.MaxValue : (long)value) : default;
        return fits;
    }

    [MethodImpl(Inline)]
    public static sbyte DoubleToInt8(double value, int site)
    {
        if (!TryDoubleToInt8(value, out var result)) Throw.CastOverflow(site, value, "TINYINT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryDoubleToInt8(double value, out sbyte result)
    {
        var fits = (double)value is > -129 and < 128;
        result = fits ? (sbyte)value : default;
        return fits;
    }

    [MethodImpl(Inline)]
    public static short DoubleToInt16(double value, int site)
    {
        if (!TryDoubleToInt16(value, out var result)) Throw.CastOverflow(site, value, "SMALLINT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryDoubleToInt16(double value, out short result)
    {
        var fits = (double)value is > -32769 and < 32768;
        result = fits ? (short)value : default;
        return fits;
    }

    [MethodImpl(Inline)]
    public static int DoubleToInt32(double value, int site)
    {
        if (!TryDoubleToInt32(value, out var result)) Throw.CastOverflow(site, value, "INT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryDoubleToInt32(double value, out int result)
    {
        var fits = (double)value is > -2147483649.0 and < 2147483648.0;
        result = fits ? (int)value : default;
        return fits;
    }

    [MethodImpl(Inline)]
    public static long DoubleToInt64(double value, int site)
    {
        if (!TryDoubleToInt64(value, out var result)) Throw.CastOverflow(site, value, "BIGINT");
        return result;
    }

    [MethodImpl(Inline)]
    public static bool TryDoubleToInt64(double value, out long result)
    {
        var fits = value is >= -9223372036854775808.0 and <= 9223372036854775808.0;
        result = fits ? (value >= 9223372036854775807.0 ? long.MaxValue : (long)value) : default;
        return fits;
    }

}
