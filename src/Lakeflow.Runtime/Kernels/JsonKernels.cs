using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>JSON in texts.</summary>
public static class JsonKernels
{
    private static readonly DateTimePattern IsoZoned = DateTimePattern.Compile("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    private static readonly DateTimePattern IsoLocal = DateTimePattern.Compile("yyyy-MM-dd'T'HH:mm:ss.SSS");
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What stands at a path: a string without quotes, anything else as compact JSON; NULL for nothing, for JSON null, for malformed JSON.</summary>
    public static bool TryGetObject(Utf8 json, JsonPath path, scoped ref TextArena scratch, out Utf8 result) => TryFind(json, path, false, ref scratch, out result);

    /// <summary>The <c>:</c> path: names behind a dot match in any case, names in brackets as they are.</summary>
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
    public static object? FromJson(Utf8 json, Utf8 schema, DataType result, SessionZone zone, int site) => FromJsonWithOptions(json, schema, null, result, zone, site);

    /// <summary>With a MAP of options; mode FAILFAST raises an error for malformed JSON.</summary>
    public static object? FromJsonWithOptions(Utf8 json, Utf8 schema, object? options, DataType result, SessionZone zone, int site)
    {
        var how = TextOptions.Read(options, zone, site);
        using var document = Parse(json);
        if (document is not null && JsonReader.TryRoot(document.RootElement, result, how, out var value)) return value ?? Nothing();
        if (how.FailFast) Throw.Raise(site, $"'{json.ToString()}' is not JSON of the type {result}.", "MALFORMED_RECORD_IN_PARSING", "Use mode PERMISSIVE to get NULLs instead.");
        return document is null && json.IsEmpty ? null : Nothing();

        object? Nothing() => result is StructType row ? new object?[row.Fields.Length] : null;
    }

    /// <summary>Fields that are NULL are left out.</summary>
    public static object ToJson(object? value, DataType[] types, SessionZone zone, int site) => ToJsonWithOptions(value, null, types, zone, site);

    /// <summary>With a MAP of options; ignoreNullFields = false keeps NULLs.</summary>
    public static object ToJsonWithOptions(object? value, object? options, DataType[] types, SessionZone zone, int site)
    {
        var how = TextOptions.Read(options, zone, site);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain with { Indented = how.Pretty })) Write(writer, value, types[0], how);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    internal static string CompactText(JsonElement element) => Encoding.UTF8.GetString(Compact([element]));

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

    internal static JsonDocument? ParseText(string json) => Parse(Encoding.UTF8.GetBytes(json).AsSpan());

    private static JsonDocument? Parse(Utf8 json)
    {
        try
        {
            return JsonDocument.Parse(json.ToArray());
        }
        catch (JsonException) when (json.Bytes.Contains((byte)'\''))
        {
            return ParseText(InDoubleQuotes(json.Bytes));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonDocument? ParseText(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Spark reads strings in single quotes too: here they get the double ones that JSON has.</summary>
    private static byte[] InDoubleQuotes(ReadOnlySpan<byte> json)
    {
        var to = new List<byte>(json.Length + 8);
        byte quote = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var b = json[i];
            if (quote == 0)
            {
                if (b is (byte)'"' or (byte)'\'') quote = b;
                to.Add(b == '\'' ? (byte)'"' : b);
            }
            else if (b == '\\' && i + 1 < json.Length)
            {
                if (json[++i] != '\'') to.Add(b);
                to.Add(json[i]);
            }
            else
            {
                if (b == '"' && quote == '\'') to.Add((byte)'\\');
                to.Add(b == quote ? (byte)'"' : b);
                if (b == quote) quote = 0;
            }
        }

        return [.. to];
    }

    private static void Write(Utf8JsonWriter writer, object? value, DataType type, TextOptions how)
    {
        switch (value, type)
        {
            case (null, _): writer.WriteNullValue(); break;
            case (object?[] items, StructType row):
                writer.WriteStartObject();
                for (var i = 0; i < items.Length; i++)
                {
                    if (items[i] is null && !how.KeepsNulls) continue;
                    writer.WritePropertyName(row.Fields[i].Name);
                    Write(writer, items[i], row.Fields[i].Type, how);
                }

                writer.WriteEndObject();
                break;
            case (object?[] items, ListType list):
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item, list.Element.Type, how);
                writer.WriteEndArray();
                break;
            case (KeyValuePair<object, object?>[] pairs, MapType map):
                writer.WriteStartObject();
                foreach (var pair in pairs)
                {
                    writer.WritePropertyName(KeyText(pair.Key, map.Key.Type, how.Zone));
                    Write(writer, pair.Value, map.Value.Type, how);
                }

                writer.WriteEndObject();
                break;
            case (bool b, _): writer.WriteBooleanValue(b); break;
            case (byte[] bytes, _): writer.WriteStringValue(Convert.ToBase64String(bytes)); break;
            case (double d, _) when !double.IsFinite(d): writer.WriteStringValue(NumberText.OfDouble(d)); break;
            case (float f, _) when !float.IsFinite(f): writer.WriteStringValue(NumberText.OfFloat(f)); break;
            case (long ts, TimestampType t): writer.WriteStringValue(TimestampText(ts, t, how)); break;
            case (int date, DateType) when how.Date is { } pattern: writer.WriteStringValue(pattern.Format(date * Calendar.MicrosPerDay, 0, how.Zone)); break;
            default:
                if (type.IsNumeric) writer.WriteRawValue(BoxedCasts.Text(value, type, how.Zone), skipInputValidation: true);
                else writer.WriteStringValue(BoxedCasts.Text(value, type, how.Zone));
                break;
        }
    }

    /// <summary>A struct as a key has no names: <c>[1,2]</c>.</summary>
    private static string KeyText(object? key, DataType type, SessionZone zone) => (key, type) switch
    {
        (object?[] items, StructType row) => $"[{string.Join(',', items.Select((v, i) => KeyText(v, row.Fields[i].Type, zone)))}]",
        _ => BoxedCasts.Text(key, type, zone),
    };

    internal static string TimestampText(long ts, TimestampType type, TextOptions how)
    {
        var offset = type.Zoned ? how.Zone.OffsetAt(ts) : 0;
        var pattern = type.Zoned ? how.Timestamp ?? IsoZoned : how.TimestampNtz ?? IsoLocal;
        return pattern.Format(ts + offset, offset, how.Zone);
    }
}
