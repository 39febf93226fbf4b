using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files.Values;

/// <summary>Reads one value of a type from text. Implemented by structs, so that a column's loop holds the parser itself.</summary>
internal interface IValueParser<T>
    where T : unmanaged
{
    bool TryParse(ReadOnlySpan<byte> text, out T value);
}

internal readonly struct Int8Parser : IValueParser<sbyte>
{
    public bool TryParse(ReadOnlySpan<byte> text, out sbyte value)
    {
        var good = FastNumbers.TryInt64(text, out var wide) && wide == (sbyte)wide;
        value = (sbyte)wide;
        return good;
    }
}

internal readonly struct Int16Parser : IValueParser<short>
{
    public bool TryParse(ReadOnlySpan<byte> text, out short value)
    {
        var good = FastNumbers.TryInt64(text, out var wide) && wide == (short)wide;
        value = (short)wide;
        return good;
    }
}

internal readonly struct Int32Parser : IValueParser<int>
{
    public bool TryParse(ReadOnlySpan<byte> text, out int value)
    {
        var good = FastNumbers.TryInt64(text, out var wide) && wide == (int)wide;
        value = (int)wide;
        return good;
    }
}

internal readonly struct Int64Parser : IValueParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => FastNumbers.TryInt64(text, out value);
}

/// <summary>DOUBLE, with the words that an option gives to the values that have no digits.</summary>
internal readonly struct DoubleParser(byte[] nan, byte[] positive, byte[] negative) : IValueParser<double>
{
    public bool TryParse(ReadOnlySpan<byte> text, out double value) => FastNumbers.TryDouble(text, out value) || TryWord(text, out value);

    private bool TryWord(ReadOnlySpan<byte> text, out double value)
    {
        text = text.Trim((byte)' ');
        value = 0;
        if (text.SequenceEqual(nan) || text.SequenceEqual("NaN"u8)) value = double.NaN;
        else if (text.SequenceEqual(positive) || text.SequenceEqual("Infinity"u8)) value = double.PositiveInfinity;
        else if (text.SequenceEqual(negative) || text.SequenceEqual("-Infinity"u8)) value = double.NegativeInfinity;
        else return false;
        return true;
    }
}

internal readonly struct FloatParser(DoubleParser wide) : IValueParser<float>
{
    public bool TryParse(ReadOnlySpan<byte> text, out float value)
    {
        // The text itself is rounded, not its DOUBLE: two roundings may differ from one.
        if (System.Buffers.Text.Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && float.IsFinite(value)) return true;
        var good = wide.TryParse(text, out var number);
        value = (float)number;
        return good;
    }
}

internal readonly struct Decimal64Parser(DecimalType type) : IValueParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        var good = FastNumbers.TryDecimal(text, type, out var unscaled);
        value = (long)unscaled;
        return good;
    }
}

internal readonly struct Decimal128Parser(DecimalType type) : IValueParser<Int128>
{
    public bool TryParse(ReadOnlySpan<byte> text, out Int128 value) => FastNumbers.TryDecimal(text, type, out value);
}

internal readonly struct DateParser(TextFormats formats) : IValueParser<int>
{
    public bool TryParse(ReadOnlySpan<byte> text, out int value) => formats.TryDate(text, out value);
}

internal readonly struct TimestampParser(TextFormats formats) : IValueParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => formats.TryTimestamp(text, out value);
}

internal readonly struct TimestampNtzParser(TextFormats formats) : IValueParser<long>
{
    public bool TryParse(ReadOnlySpan<byte> text, out long value) => formats.TryTimestampNtz(text, out value);
}

/// <summary>BOOLEAN as one byte; <c>true</c> and <c>false</c> in any case, as Spark's text sources have it.</summary>
internal readonly struct BooleanParser : IValueParser<byte>
{
    public bool TryParse(ReadOnlySpan<byte> text, out byte value)
    {
        text = text.Trim((byte)' ');
        value = 0;
        if (System.Text.Ascii.EqualsIgnoreCase(text, "true"u8)) value = 1;
        else if (!System.Text.Ascii.EqualsIgnoreCase(text, "false"u8)) return false;
        return true;
    }
}
