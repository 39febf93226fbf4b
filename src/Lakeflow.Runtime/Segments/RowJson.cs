using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>
/// A row as a JSON object: numbers as they are, DECIMAL with its digits, NaN and infinities as text, dates and times as ISO 8601 (TIMESTAMP in
/// UTC with <c>Z</c>), BINARY as base64.
/// </summary>
public static class RowJson
{
    /// <summary>Characters of a text that a message shows.</summary>
    private const int MostShown = 200;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For messages and samples: long texts are cut.</summary>
    /// <param name="schema">Names and types.</param>
    /// <param name="values">One per field in the form of <see cref="ArrowArray.GetValue"/>.</param>
    public static string Of(Schema schema, params ReadOnlySpan<object?> values) => Text(schema, values, MostShown);

    /// <summary>A row of a batch, for messages and samples: long texts are cut.</summary>
    public static string Of(RecordBatch rows, int row) => Text(rows.Schema, Values(rows, row), MostShown);

    /// <summary>A row of a batch, nothing left out.</summary>
    public static string Whole(RecordBatch rows, int row) => Text(rows.Schema, Values(rows, row), int.MaxValue);

    /// <summary>As <see cref="Of(Schema, ReadOnlySpan{object?})"/>, nothing left out.</summary>
    public static string Whole(Schema schema, params ReadOnlySpan<object?> values) => Text(schema, values, int.MaxValue);

    private static object?[] Values(RecordBatch rows, int row)
    {
        var values = new object?[rows.Columns.Length];
        for (var c = 0; c < values.Length; c++) values[c] = rows.Columns[c].GetValue(row);
        return values;
    }

    private static string Text(Schema schema, ReadOnlySpan<object?> values, int most)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            for (var c = 0; c < schema.Count; c++)
            {
                json.WritePropertyName(schema[c].Name);
                Write(json, schema[c].Type, values[c], most);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, DataType type, object? value, int most)
    {
        switch (type, value)
        {
            case (_, null): json.WriteNullValue(); break;
            case (_, bool flag): json.WriteBooleanValue(flag); break;
            case (_, string text): json.WriteStringValue(text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…")); break;
            case (_, byte[] bytes): json.WriteBase64StringValue(bytes.AsSpan(0, Math.Min(bytes.Length, most))); break;
            case (TimestampType t, long): json.WriteStringValue(Printed(type, value).Replace(' ', 'T') + (t.Zoned ? "Z" : "")); break;
            case (ListType list, object?[] items):
                json.WriteStartArray();
                foreach (var item in items) Write(json, list.Element.Type, item, most);
                json.WriteEndArray();
                break;
            case (StructType row, object?[] items):
                json.WriteStartObject();
                for (var f = 0; f < items.Length; f++)
                {
                    json.WritePropertyName(row.Fields[f].Name);
                    Write(json, row.Fields[f].Type, items[f], most);
                }

                json.WriteEndObject();
                break;
            case (MapType map, KeyValuePair<object, object?>[] pairs):
                json.WriteStartObject();
                foreach (var (key, item) in pairs)
                {
                    json.WritePropertyName(Printed(map.Key.Type, key));
                    Write(json, map.Value.Type, item, most);
                }

                json.WriteEndObject();
                break;
            default:
                if (type.IsNumeric && IsFinite(value)) json.WriteRawValue(Printed(type, value));
                else json.WriteStringValue(Printed(type, value));
                break;
        }
    }

    private static bool IsFinite(object number) => number is not (double or float) || double.IsFinite(Convert.ToDouble(number, CultureInfo.InvariantCulture));

    private static string Printed(DataType type, object value) => BoxedCasts.Text(value, type, SessionZone.Utc);
}
