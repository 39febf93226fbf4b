using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>JSON in texts.</summary>
public static class JsonKernels
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What stands at a path: a string without quotes, anything else as compact JSON; NULL for nothing, for JSON null, for malformed JSON.</summary>
    public static bool TryGetObject(Utf8 json, JsonPath path, scoped ref TextArena scratch, out Utf8 result) => TryFind(json, path, false, ref scratch, out result);

    /// <summary>The <c>:</c> path: its first name matches in any case.</summary>
    public static bool TryPath(Utf8 json, JsonPath path, scoped ref TextArena scratch, out Utf8 result) => TryFind(json, path, true, ref scratch, out result);

    public static bool TryArrayLength(Utf8 json, out int result)
    {
        result = 0;
        using var document = Parse(json);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Array) return false;
        result = document.RootElement.GetArrayLength();
        return true;
    }

    public static object? ObjectKeys(Utf8 json)
    {
        using var document = Parse(json);
        return document is null || document.RootElement.ValueKind != JsonValueKind.Object ? null
            : document.RootElement.EnumerateObject().Select(p => (object?)p.Name).ToArray();
    }

    /// <summary><c>from_json</c>: malformed JSON gives a struct of NULLs (NULL for other types); a missing field, or one that does not fit, is NULL.</summary>
    public static object? FromJson(Utf8 json, Utf8 schema, DataType result, SessionZone zone)
    {
        using var document = Parse(json);
        if (document is null) return json.IsEmpty || result is not StructType row ? null : new object?[row.Fields.Length];
        return Read(document.RootElement, result, zone) ?? (result is StructType fields ? new object?[fields.Fields.Length] : null);
    }

    public static object? FromJsonWithOptions(Utf8 json, Utf8 schema, object? options, DataType result, SessionZone zone) => FromJson(json, schema, result, zone);

    /// <summary>Fields that are NULL are left out.</summary>
    public static object ToJson(object? value, DataType[] types, SessionZone zone)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain)) Write(writer, value, types[0], zone);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The options are accepted; none changes the result yet.</summary>
    public static object ToJsonWithOptions(object? value, object? options, DataType[] types, SessionZone zone) => ToJson(value, types, zone);

    private static bool TryFind(Utf8 json, JsonPath path, bool anyCase, scoped ref TextArena scratch, out Utf8 result)
    {
        result = default;
        using var document = Parse(json);
        if (document is null || path.Find(document.RootElement, anyCase) is not { } found) return false;
        if (found.Count == 1)
        {
            if (found[0].ValueKind == JsonValueKind.Null) return false;
            if (found[0].ValueKind == JsonValueKind.String)
            {
                result = path.HasWildcard ? scratch.Copy(Compact(found)) : scratch.Copy(found[0].GetString()!.AsSpan());
                return true;
            }
        }

        result = scratch.Copy(Compact(found));
        return true;
    }

    private static ReadOnlySpan<byte> Compact(List<JsonElement> elements)
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            if (elements.Count > 1) writer.WriteStartArray();
            foreach (var element in elements) element.WriteTo(writer);
            if (elements.Count > 1) writer.WriteEndArray();
        }

        return buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
    }

    private static JsonDocument? Parse(Utf8 json)
    {
        try
        {
            return JsonDocument.Parse(json.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static object? Read(JsonElement element, DataType type, SessionZone zone)
    {
        if (element.ValueKind == JsonValueKind.Null) return null;
        switch (type)
        {
            case StructType row:
                if (element.ValueKind != JsonValueKind.Object) return null;
                return row.Fields.Select(f => element.TryGetProperty(f.Name, out var value) ? Read(value, f.Type, zone) : null).ToArray();
            case ListType list:
                return element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(e => Read(e, list.Element.Type, zone)).ToArray() : null;
            case MapType map:
                return element.ValueKind != JsonValueKind.Object ? null
                    : element.EnumerateObject().Select(p => new KeyValuePair<object, object?>(p.Name, Read(p.Value, map.Value.Type, zone))).ToArray();
            case StringType:
                return element.ValueKind == JsonValueKind.String ? element.GetString() : Encoding.UTF8.GetString(Compact([element]));
            case BooleanType:
                return element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : null;
        }

        var quoted = element.ValueKind == JsonValueKind.String;
        if (!quoted && element.ValueKind != JsonValueKind.Number) return null;
        var text = quoted ? element.GetString()! : element.GetRawText();
        // A number in quotes is none, except what JSON cannot write as a number.
        if (quoted && type.IsInteger) return null;
        if (quoted && type is FloatType or DoubleType && text is not ("NaN" or "Infinity" or "-Infinity" or "INF" or "-INF" or "+INF")) return null;
        if (!quoted && type is TimestampType { Zoned: true }) return BoxedCasts.Convert(text, DataType.String, DataType.Int64, zone, -1, tolerant: true) is long s && IntegerKernels.TryMultiplyInt64(s, Calendar.MicrosPerSecond, out var micros) ? micros : null;
        return BoxedCasts.Convert(text, DataType.String, type, zone, -1, tolerant: true);
    }

    private static void Write(Utf8JsonWriter writer, object? value, DataType type, SessionZone zone)
    {
        switch (value, type)
        {
            case (null, _): writer.WriteNullValue(); break;
            case (object?[] items, StructType row):
                writer.WriteStartObject();
                for (var i = 0; i < items.Length; i++)
                {
                    if (items[i] is null) continue;
                    writer.WritePropertyName(row.Fields[i].Name);
                    Write(writer, items[i], row.Fields[i].Type, zone);
                }

                writer.WriteEndObject();
                break;
            case (object?[] items, ListType list):
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item, list.Element.Type, zone);
                writer.WriteEndArray();
                break;
            case (KeyValuePair<object, object?>[] pairs, MapType map):
                writer.WriteStartObject();
                foreach (var pair in pairs)
                {
                    writer.WritePropertyName(BoxedCasts.Text(pair.Key, map.Key.Type, zone));
                    Write(writer, pair.Value, map.Value.Type, zone);
                }

                writer.WriteEndObject();
                break;
            case (bool b, _): writer.WriteBooleanValue(b); break;
            case (byte[] bytes, _): writer.WriteStringValue(Convert.ToBase64String(bytes)); break;
            case (double d, _) when !double.IsFinite(d): writer.WriteStringValue(NumberText.OfDouble(d)); break;
            case (float f, _) when !float.IsFinite(f): writer.WriteStringValue(NumberText.OfFloat(f)); break;
            case (long ts, TimestampType t): writer.WriteStringValue(IsoText(ts, t, zone)); break;
            default:
                if (type.IsNumeric) writer.WriteRawValue(BoxedCasts.Text(value, type, zone), skipInputValidation: true);
                else writer.WriteStringValue(BoxedCasts.Text(value, type, zone));
                break;
        }
    }

    private static string IsoText(long ts, TimestampType type, SessionZone zone)
    {
        var offset = type.Zoned ? zone.OffsetAt(ts) : 0;
        return DateTimePattern.Compile(type.Zoned ? "yyyy-MM-dd'T'HH:mm:ss.SSSXXX" : "yyyy-MM-dd'T'HH:mm:ss.SSS").Format(ts + offset, offset, zone);
    }
}
