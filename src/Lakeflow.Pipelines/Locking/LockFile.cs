using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>Reads and writes <c>lakeflow.lock.json</c>. Equal schemas give equal bytes; one column stands on one line, so that a change reads well.</summary>
public static class LockFile
{
    public const string Name = "lakeflow.lock.json";

    /// <summary>The form written here. A file of a greater number is refused (LF0050).</summary>
    public const int Version = 1;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string PathOf(Project project) => Path.Combine(project.Root, Name);

    /// <summary>The schemas in a file; null if there is no such file, or with LF0050 or LF0051 in the bag.</summary>
    public static SchemaLock? Read(string path, DiagnosticBag bag)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 256 });
            var version = document.RootElement.GetProperty("version").GetInt32();
            if (version <= Version) return new SchemaLock([.. document.RootElement.GetProperty("sources").EnumerateArray().Select(SourceOf)]);
            bag.Add(LockErrors.Newer(version, Version));
        }
        catch (JsonException broken)
        {
            bag.Add(LockErrors.Unreadable((int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1, "it is no JSON"));
        }
        catch (Exception broken) when (broken is InvalidOperationException or KeyNotFoundException or FormatException or DataFault or ArgumentException)
        {
            bag.Add(LockErrors.Unreadable(1, 1, broken is DataFault ? broken.Message.TrimEnd('.') : "it has not the form of a lock file"));
        }

        return null;
    }

    /// <summary>Writes the file of a project; false if it said the same already, and was left alone so that no build takes it for a change.</summary>
    public static bool Save(Project project, SchemaLock schemas)
    {
        var (file, text) = (PathOf(project), Write(schemas));
        if (File.Exists(file) && File.ReadAllText(file) == text) return false;
        File.WriteAllText(file, text);
        return true;
    }

    /// <summary>The file's text, in UTF-8 with lines ended by <c>\n</c>.</summary>
    public static string Write(SchemaLock schemas)
    {
        var text = new StringBuilder("{\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"version\": {Version},\n  \"sources\": [");
        var next = "\n";
        foreach (var source in schemas.Sources)
        {
            text.Append(next).Append("    {\n");
            text.Append(CultureInfo.InvariantCulture, $"      {Quoted(NameOf(source.Kind))}: {Quoted(source.Name)},\n");
            if (source.Kind == LockedKind.Files)
            {
                Append(text, "asked", source.Asked);
                text.Append(CultureInfo.InvariantCulture, $"      \"format\": {Quoted(source.Format)},\n");
                Append(text, "options", source.Options);
            }

            if (source.Size is { } size) text.Append(CultureInfo.InvariantCulture, $"      \"size\": {size},\n");
            text.Append("      \"columns\": [");
            text.AppendJoin(',', ColumnsOf(source.Columns).Select(c => "\n        " + c));
            text.Append("\n      ]\n    }");
            next = ",\n";
        }

        return text.Append("\n  ]\n}\n").ToString();
    }

    private static LockedSource SourceOf(JsonElement source)
    {
        var kind = Enum.GetValues<LockedKind>().First(k => source.TryGetProperty(NameOf(k), out _));
        var columns = SchemaJson.Read($$"""{"type":"struct","fields":{{source.GetProperty("columns").GetRawText()}}}""");
        var size = source.TryGetProperty("size", out var bytes) ? bytes.GetInt64() : (long?)null;
        var name = source.GetProperty(NameOf(kind)).GetString()!;
        return kind != LockedKind.Files
            ? new LockedSource(kind, name, columns, size)
            : new LockedSource(kind, name, columns, size)
            {
                Asked = TextsOf(source.GetProperty("asked")),
                Format = source.GetProperty("format").GetString()!,
                Options = TextsOf(source.GetProperty("options")),
            };
    }

    private static string NameOf(LockedKind kind) => kind.ToString().ToLowerInvariant();

    private static IEnumerable<string> ColumnsOf(Schema columns)
    {
        using var document = JsonDocument.Parse(SchemaJson.Write(columns), new JsonDocumentOptions { MaxDepth = 256 });
        return [.. document.RootElement.GetProperty("fields").EnumerateArray().Select(f => f.GetRawText())];
    }

    private static ImmutableSortedDictionary<string, string> TextsOf(JsonElement map) =>
        map.EnumerateObject().ToImmutableSortedDictionary(e => e.Name, e => e.Value.GetString()!, StringComparer.Ordinal);

    private static void Append(StringBuilder text, string name, ImmutableSortedDictionary<string, string> map)
    {
        text.Append(CultureInfo.InvariantCulture, $"      {Quoted(name)}: {{");
        text.AppendJoin(',', map.Select(e => $"\n        {Quoted(e.Key)}: {Quoted(e.Value)}"));
        text.Append(map.IsEmpty ? "},\n" : "\n      },\n");
    }

    private static string Quoted(string text)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain)) json.WriteStringValue(text);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
