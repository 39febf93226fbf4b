using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>CAST from STRING. What does not parse raises LF5003; the Try forms give NULL.</summary>
public static class TextCasts
{
    public static sbyte TextToInt8(Utf8 text, int site)
    {
        if (!TryTextToInt8(text, out var result)) Throw.CastInvalid(site, text, "TINYINT");
        return result;
    }

    public static bool TryTextToInt8(Utf8 text, out sbyte result)
    {
        var read = NumberText.TryInt64(text.Bytes, out var wide);
        result = (sbyte)wide;
        return read && wide == result;
    }

    public static short TextToInt16(Utf8 text, int site)
    {
        if (!TryTextToInt16(text, out var result)) Throw.CastInvalid(site, text, "SMALLINT");
        return result;
    }

    public static bool TryTextToInt16(Utf8 text, out short result)
    {
        var read = NumberText.TryInt64(text.Bytes, out var wide);
        result = (short)wide;
        return read && wide == result;
    }

    public static int TextToInt32(Utf8 text, int site)
    {
        if (!TryTextToInt32(text, out var result)) Throw.CastInvalid(site, text, "INT");
        return result;
    }

    public static bool TryTextToInt32(Utf8 text, out int result)
    {
        var read = NumberText.TryInt64(text.Bytes, out var wide);
        result = (int)wide;
        return read && wide == result;
    }

    public static long TextToInt64(Utf8 text, int site)
    {
        if (!TryTextToInt64(text, out var result)) Throw.CastInvalid(site, text, "BIGINT");
        return result;
    }

    public static bool TryTextToInt64(Utf8 text, out long result) => NumberText.TryInt64(text.Bytes, out result);

    public static float TextToFloat(Utf8 text, int site)
    {
        if (!TryTextToFloat(text, out var result)) Throw.CastInvalid(site, text, "FLOAT");
        return result;
    }

    public static bool TryTextToFloat(Utf8 text, out float result) => NumberText.TryFloat(text.Bytes, out result);

    public static double TextToDouble(Utf8 text, int site)
    {
        if (!TryTextToDouble(text, out var result)) Throw.CastInvalid(site, text, "DOUBLE");
        return result;
    }

    public static bool TryTextToDouble(Utf8 text, out double result) => NumberText.TryDouble(text.Bytes, out result);

    public static int TextToDate(Utf8 text, int site)
    {
        if (!TryTextToDate(text, out var result)) Throw.CastInvalid(site, text, "DATE");
        return result;
    }

    public static bool TryTextToDate(Utf8 text, out int result) => DateTimeText.TryDate(text.Bytes, out result);

    public static long TextToTimestampNtz(Utf8 text, int site)
    {
        if (!TryTextToTimestampNtz(text, out var result)) Throw.CastInvalid(site, text, "TIMESTAMP_NTZ");
        return result;
    }

    public static bool TryTextToTimestampNtz(Utf8 text, out long result) => DateTimeText.TryTimestamp(text.Bytes, null, out result);

    public static long TextToTimestamp(Utf8 text, SessionZone zone, int site)
    {
        if (!TryTextToTimestamp(text, zone, out var result)) Throw.CastInvalid(site, text, "TIMESTAMP");
        return result;
    }

    public static bool TryTextToTimestamp(Utf8 text, SessionZone zone, out long result) => DateTimeText.TryTimestamp(text.Bytes, zone, out result);

    public static Int128 TextToDecimal(Utf8 text, int precision, int scale, int site)
    {
        switch (NumberText.TryDecimal(text.Bytes, precision, scale, out var result))
        {
            case NumberText.Outcome.Malformed: Throw.CastInvalid(site, text, $"DECIMAL({precision},{scale})"); break;
            case NumberText.Outcome.TooLarge: Throw.OutOfRange(site, text.ToString(), precision, scale); break;
        }

        return result;
    }

    public static bool TryTextToDecimal(Utf8 text, int precision, int scale, out Int128 result) =>
        NumberText.TryDecimal(text.Bytes, precision, scale, out result) == NumberText.Outcome.Done;

    /// <summary>t, true, y, yes, 1 or f, false, n, no, 0 in any case.</summary>
    public static bool TextToBoolean(Utf8 text, int site)
    {
        if (!TryTextToBoolean(text, out var result)) Throw.CastInvalid(site, text, "BOOLEAN");
        return result;
    }

    public static bool TryTextToBoolean(Utf8 text, out bool result)
    {
        var body = NumberText.Trim(text.Bytes);
        result = Is(body, "true"u8) || Is(body, "t"u8) || Is(body, "yes"u8) || Is(body, "y"u8) || Is(body, "1"u8);
        return result || Is(body, "false"u8) || Is(body, "f"u8) || Is(body, "no"u8) || Is(body, "n"u8) || Is(body, "0"u8);
    }

    /// <summary>STRING ↔ BINARY: the same bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Utf8 TextToBinary(Utf8 text) => text;

    /// <summary>BINARY read as UTF-8; bytes that are none become U+FFFD where the text is printed, not before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Utf8 BinaryToText(Utf8 bytes) => bytes;

    public static int TextToMonths(Utf8 text, int site)
    {
        if (!TryTextToMonths(text, out var result)) Throw.CastInvalid(site, text, "INTERVAL YEAR TO MONTH");
        return result;
    }

    public static bool TryTextToMonths(Utf8 text, out int result) => IntervalText.TryMonths(text.ToString(), out result);

    public static long TextToDuration(Utf8 text, int site)
    {
        if (!TryTextToDuration(text, out var result)) Throw.CastInvalid(site, text, "INTERVAL DAY TO SECOND");
        return result;
    }

    public static bool TryTextToDuration(Utf8 text, out long result) => IntervalText.TryDuration(text.ToString(), out result);

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(text, word);
}
