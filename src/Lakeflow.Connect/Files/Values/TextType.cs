using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Connect.Files.Values;

/// <summary>Which type a text looks like, and which type holds two of them: Spark's inference for csv and partition folders.</summary>
internal static class TextType
{
    private static readonly DoubleParser Doubles = new("NaN"u8.ToArray(), "Inf"u8.ToArray(), "-Inf"u8.ToArray());

    /// <summary>The first of INT, BIGINT, DECIMAL (whole numbers beyond BIGINT), DOUBLE, DATE, TIMESTAMP, BOOLEAN that reads the text, else STRING.</summary>
    public static DataType Of(ReadOnlySpan<byte> text, bool preferDate, TextFormats? formats = null)
    {
        if (text.IsEmpty) return DataType.String;
        var first = text[0];
        if (first is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)' ')
        {
            if (FastNumbers.TryInt64(text, out var whole)) return whole == (int)whole ? DataType.Int32 : DataType.Int64;
            if (IsDigits(text, out var digits) && digits <= DecimalType.MaxPrecision) return new DecimalType(digits, 0);
        }

        if (Doubles.TryParse(text, out _)) return DataType.Double;
        return OfTime(text, preferDate, formats) ?? (new BooleanParser().TryParse(text, out _) ? DataType.Boolean : DataType.String);
    }

    /// <summary>DATE or TIMESTAMP if the text is one in full (with year, month and day), else null.</summary>
    public static DataType? OfTime(ReadOnlySpan<byte> text, bool preferDate, TextFormats? formats)
    {
        // A year or a year and a month are dates to a cast, but a column of them is more likely something else.
        var looksWhole = text.Length >= 8 && text.IndexOf((byte)'-') >= 4;
        if (preferDate && (formats?.DatePattern is not null || (looksWhole && text.Length <= 10)))
        {
            if (formats?.TryDate(text, out _) ?? DateTimeText.TryDate(text, out _)) return DataType.Date;
        }

        if (formats?.TimestampPattern is null && !looksWhole) return null;
        var good = formats?.TryTimestamp(text, out _) ?? DateTimeText.TryTimestamp(text, SessionZone.Utc, out _);
        return good ? DataType.Timestamp : null;
    }

    /// <summary>The narrowest type that both can be read as.</summary>
    public static DataType Common(DataType a, DataType b)
    {
        if (a.Equals(b) || b is NullType) return a;
        if (a is NullType) return b;
        return (a, b) switch
        {
            (Int32Type, Int64Type) or (Int64Type, Int32Type) => DataType.Int64,
            (DecimalType x, DecimalType y) => x.Precision > y.Precision ? x : y,
            (DecimalType x, Int32Type or Int64Type) => x.Precision >= 20 ? x : new DecimalType(20, 0),
            (Int32Type or Int64Type, DecimalType y) => y.Precision >= 20 ? y : new DecimalType(20, 0),
            ({ IsNumeric: true }, { IsNumeric: true }) => DataType.Double,
            (DateType, TimestampType) => b,
            (TimestampType, DateType) => a,
            _ => DataType.String,
        };
    }

    private static bool IsDigits(ReadOnlySpan<byte> text, out int digits)
    {
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        digits = text.Length;
        return digits > 0 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
