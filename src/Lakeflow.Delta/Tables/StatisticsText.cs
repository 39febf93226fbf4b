using System.Text;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Bounds of a column as JSON.</summary>
internal static class StatisticsText
{
    /// <summary>Longest bound of a text, in code points: Delta's default.</summary>
    private const int BoundLength = 32;

    /// <summary>Writes a bound; nothing where the type has none, or none that JSON can hold.</summary>
    /// <param name="value">In the form of <see cref="ArrowArray.GetValue"/>, or null if unknown.</param>
    public static void WriteBound(Utf8JsonWriter json, Field column, object? value, bool smallest)
    {
        switch (value, column.Type)
        {
            case (string text, StringType):
                if ((smallest ? Below(text) : Above(text)) is { } bound) json.WriteString(column.Name, bound);
                break;
            case (float number, FloatType) when float.IsFinite(number):
                json.WriteNumber(column.Name, number);
                break;
            case (double number, DoubleType) when double.IsFinite(number):
                json.WriteNumber(column.Name, number);
                break;
            case (int days, DateType):
                json.WriteString(column.Name, Literal.Date(days));
                break;
            case (long micros, TimestampType t):
                // Milliseconds, rounded outwards.
                var millis = smallest || micros > long.MaxValue - 1000 ? Literal.FloorDiv(micros, 1000) : Literal.FloorDiv(micros + 999, 1000);
                json.WriteString(column.Name, Literal.Timestamp(millis * 1000, 'T', 3) + (t.Zoned ? "Z" : ""));
                break;
            case (Int128 unscaled, DecimalType d):
                json.WritePropertyName(column.Name);
                json.WriteRawValue(Literal.Decimal(unscaled, d.Scale));
                break;
            case (sbyte number, Int8Type):
                json.WriteNumber(column.Name, number);
                break;
            case (short number, Int16Type):
                json.WriteNumber(column.Name, number);
                break;
            case (int number, Int32Type):
                json.WriteNumber(column.Name, number);
                break;
            case (long number, Int64Type):
                json.WriteNumber(column.Name, number);
                break;
        }
    }

    /// <summary>A file's statistics once rows have been deleted from it: as they were, and bounds that need not be met.</summary>
    /// <param name="stats">The statistics in the log, or null.</param>
    /// <param name="rows">Rows of the file, deleted ones included, which a deletion vector asks for.</param>
    public static string WithWideBounds(string? stats, long rows) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("numRecords", rows);
        if (!string.IsNullOrEmpty(stats))
        {
            using var document = JsonDocument.Parse(stats);
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.Name is not ("numRecords" or "tightBounds")) entry.WriteTo(json);
            }
        }

        json.WriteBoolean("tightBounds", false);
        json.WriteEndObject();
    });

    private static string Below(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, Prefix(bytes, BoundLength)));
    }

    /// <summary>A text not below this one: it, or its beginning and the last code point of Unicode. Null if none is short.</summary>
    private static string? Above(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (Prefix(bytes, BoundLength) == bytes.Length) return text;
        for (var length = BoundLength; length < 2 * BoundLength; length++)
        {
            var bound = Encoding.UTF8.GetString(bytes.AsSpan(0, Prefix(bytes, length))) + "\U0010FFFF";
            if (Encoding.UTF8.GetBytes(bound).AsSpan().SequenceCompareTo(bytes) >= 0) return bound;
        }

        return null;
    }

    /// <summary>Bytes of the first <paramref name="count"/> code points.</summary>
    private static int Prefix(ReadOnlySpan<byte> text, int count)
    {
        var at = 0;
        for (; at < text.Length; at++)
        {
            // A byte that continues a code point does not count.
            if ((text[at] & 0xC0) != 0x80 && count-- == 0) break;
        }

        return at;
    }
}
