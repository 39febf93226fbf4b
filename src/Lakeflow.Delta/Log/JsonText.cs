using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lakeflow.Delta;

/// <summary>Short ways to write and to pick JSON, without a serializer.</summary>
internal static class JsonText
{
    /// <summary>As little escaped as JSON allows: the log is read by programs, not embedded in HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static JsonElement? Get(JsonElement o, string name) =>
        o.ValueKind == JsonValueKind.Object && o.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(JsonElement o, string name) => Get(o, name)?.GetString();

    public static long? Number(JsonElement o, string name) => Get(o, name) is { } value ? Whole(value) : null;

    /// <summary>A number at the top of an object given as text; null if it is not there, or the text is no object.</summary>
    public static long? TopNumber(string? text, string name)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return Number(document.RootElement, name);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or OverflowException)
        {
            // Statistics are a help; broken ones are none.
            return null;
        }
    }

    public static bool? Flag(JsonElement o, string name) => Get(o, name)?.GetBoolean();

    public static ImmutableSortedDictionary<string, string?>? NullableMap(JsonElement o, string name)
    {
        if (Get(o, name) is not { } map) return null;
        var builder = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject()) builder[entry.Name] = entry.Value.GetString();
        return builder.ToImmutable();
    }

    public static ImmutableSortedDictionary<string, string>? Map(JsonElement o, string name)
    {
        if (Get(o, name) is not { } map) return null;
        var builder = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            if (entry.Value.GetString() is { } text) builder[entry.Name] = text;
        }

        return builder.ToImmutable();
    }

    public static ImmutableArray<string>? List(JsonElement o, string name) =>
        Get(o, name) is { } list ? [.. list.EnumerateArray().Select(v => v.GetString()!)] : null;

    public static void Write(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string?>>? map)
    {
        if (map is null) return;
        json.WriteStartObject(name);
        foreach (var (key, value) in map) json.WriteString(key, value);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, string name, IEnumerable<string> list)
    {
        json.WriteStartArray(name);
        foreach (var item in list) json.WriteStringValue(item);
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    public static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    /// <summary>Some writers print whole numbers as 1.0E3.</summary>
    private static long Whole(JsonElement value) => value.TryGetInt64(out var whole) ? whole : checked((long)value.GetDouble());
}
