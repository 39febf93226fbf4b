using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>A row as a JSON object, for messages and samples: numbers as they are, DECIMAL with its digits, dates and times as ISO text.</summary>
public static class RowJson
{
    private const int MaxText = 200;

    /// <param name="schema">Names and types.</param>
    /// <param name="values">One per field in the form of <see cref="ArrowArray.GetValue"/>.</param>
    public static string Of(Schema schema, params ReadOnlySpan<object?> values)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var c = 0; c < schema.Count; c++)
            {
                json.WritePropertyName(schema[c].Name);
                Write(json, schema[c].Type, values[c]);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>A row of a batch.</summary>
    public static string Of(RecordBatch rows, int row)
    {
        var values = new object?[rows.Columns.Length];
        for (var c = 0; c < values.Length; c++) values[c] = rows.Columns[c].GetValue(row);
        return Of(rows.Schema, values);
    }

    private static void Write(Utf8JsonWriter json, DataType type, object? value)
    {
        switch (type, value)
        {
            case (_, null): json.WriteNullValue(); break;
            case (_, bool b): json.WriteBooleanValue(b); break;
            case (DateType, int days): json.WriteStringValue(DateTime.UnixEpoch.AddDays(Math.Clamp(days, -719162, 2932896)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            case (TimestampType t, long micros): json.WriteStringValue(Timestamp(micros) + (t.Zoned ? "Z" : "")); break;
            case (DecimalType d, Int128 unscaled): json.WriteRawValue(Decimal(unscaled, d.Scale)); break;
            case (_, double or float):
                var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                if (double.IsFinite(number)) json.WriteRawValue(((IFormattable)value).ToString("R", CultureInfo.InvariantCulture));
                else json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case (_, string text): json.WriteStringValue(text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "…")); break;
            case (_, byte[] bytes): json.WriteStringValue(Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, MaxText / 2)))); break;
            case (ListType list, object?[] items):
                json.WriteStartArray();
                foreach (var item in items) Write(json, list.Element.Type, item);
                json.WriteEndArray();
                break;
            case (StructType row, object?[] items):
                json.WriteStartObject();
                for (var f = 0; f < items.Length; f++)
                {
                    json.WritePropertyName(row.Fields[f].Name);
                    Write(json, row.Fields[f].Type, items[f]);
                }

                json.WriteEndObject();
                break;
            case (MapType map, KeyValuePair<object, object?>[] pairs):
                json.WriteStartObject();
                foreach (var (key, item) in pairs)
                {
                    json.WritePropertyName(Convert.ToString(key, CultureInfo.InvariantCulture) ?? "");
                    Write(json, map.Value.Type, item);
                }

                json.WriteEndObject();
                break;
            default: json.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)); break;
        }
    }

    private static string Timestamp(long micros) =>
        DateTime.UnixEpoch.AddTicks(Math.Clamp(micros, -62135596800000000, 253402300799999999) * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);

    private static string Decimal(Int128 unscaled, int scale)
    {
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return unscaled < 0 ? "-" + text : text;
    }
}
