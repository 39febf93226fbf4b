using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Flows;

/// <summary>A row as a JSON object: for samples, messages and <c>--output json</c>.</summary>
public static class RowText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Row <paramref name="row"/> of a batch; timestamps as ISO 8601 in UTC, BINARY as base64.</summary>
    public static string Of(RecordBatch batch, int row)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            for (var i = 0; i < batch.Columns.Length; i++)
            {
                json.WritePropertyName(batch.Schema[i].Name);
                Write(json, batch.Schema[i].Type, batch.Columns[i].GetValue(row));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>A value in the form of <see cref="ArrowArray.GetValue"/> as JSON.</summary>
    public static void Write(Utf8JsonWriter json, DataType type, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case double number when !double.IsFinite(number): json.WriteStringValue(ValueText.Of(type, value)); break;
            case float number when !float.IsFinite(number): json.WriteStringValue(ValueText.Of(type, value)); break;
            case object?[] items when type is StructType s:
                json.WriteStartObject();
                for (var i = 0; i < items.Length; i++)
                {
                    json.WritePropertyName(s.Fields[i].Name);
                    Write(json, s.Fields[i].Type, items[i]);
                }

                json.WriteEndObject();
                break;
            case object?[] items when type is ListType list:
                json.WriteStartArray();
                foreach (var item in items) Write(json, list.Element.Type, item);
                json.WriteEndArray();
                break;
            case KeyValuePair<object, object?>[] entries when type is MapType map:
                json.WriteStartObject();
                foreach (var (key, item) in entries)
                {
                    json.WritePropertyName(ValueText.Of(map.Key.Type, key));
                    Write(json, map.Value.Type, item);
                }

                json.WriteEndObject();
                break;
            default:
                if (type.IsNumeric) json.WriteRawValue(ValueText.Of(type, value), skipInputValidation: true);
                else json.WriteStringValue(ValueText.Of(type, value));
                break;
        }
    }
}
