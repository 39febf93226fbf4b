using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lakeflow.Runtime.Flows;

/// <summary>The flow record as JSON, written by hand: the run time has no reflection to serialize with.</summary>
internal static class FlowRecordJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(FlowRecord record)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("flow", record.Flow);
            json.WriteNumber("generation", record.Generation);
            json.WriteNumber("step", record.Step);
            json.WriteString("planFingerprint", record.PlanFingerprint);
            WriteMap(json, "settings", record.Settings);
            WriteMap(json, "readTo", record.ReadTo);
            json.WriteStartObject("state");
            foreach (var (table, version) in record.State) json.WriteNumber(table, version);
            json.WriteEndObject();
            if (record.Watermarks.Count > 0)
            {
                json.WriteNumber("watermark", record.Watermark);
                if (record.EarlierWatermarks.Length > 0)
                {
                    json.WriteStartArray("earlierWatermarks");
                    foreach (var mark in record.EarlierWatermarks) json.WriteNumberValue(mark);
                    json.WriteEndArray();
                }

                json.WriteStartObject("watermarks");
                foreach (var (hold, mark) in record.Watermarks) json.WriteNumber(hold, mark);
                json.WriteEndObject();
            }

            json.WriteNumber("targetVersion", record.TargetVersion);
            json.WriteString("updateId", record.UpdateId);
            json.WriteNumber("timestamp", record.Timestamp);
            json.WriteNumber("milliseconds", record.Milliseconds);
            WriteCounts(json, record.Counts);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static FlowRecord Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var o = document.RootElement;
            return new FlowRecord(
                o.GetProperty("flow").GetString()!,
                o.GetProperty("generation").GetInt32(),
                o.GetProperty("step").GetInt64(),
                o.GetProperty("planFingerprint").GetString()!,
                ReadMap(o, "settings"),
                ReadMap(o, "readTo"),
                o.GetProperty("state").EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetInt64(), StringComparer.Ordinal),
                o.GetProperty("targetVersion").GetInt64(),
                ReadCounts(o.GetProperty("counts")))
            {
                UpdateId = o.GetProperty("updateId").GetString()!,
                Timestamp = o.GetProperty("timestamp").GetInt64(),
                Milliseconds = o.GetProperty("milliseconds").GetInt64(),
                Watermark = Maybe(o, "watermark"),
                EarlierWatermarks = o.TryGetProperty("earlierWatermarks", out var earlier) ? [.. earlier.EnumerateArray().Select(m => m.GetInt64())] : [],
                Watermarks = o.TryGetProperty("watermarks", out var marks)
                    ? marks.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetInt64(), StringComparer.Ordinal)
                    : ImmutableSortedDictionary<string, long>.Empty,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw RunErrors.BrokenRecord(text, e);
        }
    }

    private static void WriteMap(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, StepCounts counts)
    {
        json.WriteStartObject("counts");
        json.WriteNumber("read", counts.Read);
        json.WriteNumber("written", counts.Written);
        json.WriteNumber("dropped", counts.Dropped);
        if (counts.Skipped > 0) json.WriteNumber("skipped", counts.Skipped);
        if (counts.Late > 0) json.WriteNumber("late", counts.Late);
        if (counts.Upserted > 0) json.WriteNumber("upserted", counts.Upserted);
        if (counts.Deleted > 0) json.WriteNumber("deleted", counts.Deleted);
        if (counts.Spilled > 0) json.WriteNumber("spilled", counts.Spilled);
        if (counts.SearchedFiles > 0) json.WriteNumber("searchedFiles", counts.SearchedFiles);
        if (counts.SearchedBytes > 0) json.WriteNumber("searchedBytes", counts.SearchedBytes);
        json.WriteNumber("bytes", counts.Bytes);
        json.WriteStartArray("expectations");
        foreach (var rule in counts.Expectations)
        {
            json.WriteStartObject();
            json.WriteString("name", rule.Name);
            json.WriteString("dataset", rule.Dataset);
            json.WriteString("action", ActionName(rule.Action));
            json.WriteNumber("passed", rule.Passed);
            json.WriteNumber("failed", rule.Failed);
            json.WriteStartArray("samples");
            foreach (var sample in rule.Samples)
            {
                json.WriteStartObject();
                json.WriteString("row", sample.Row);
                if (sample.Place is not null) json.WriteString("place", sample.Place);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static StepCounts ReadCounts(JsonElement o) => new(
        o.GetProperty("read").GetInt64(),
        o.GetProperty("written").GetInt64(),
        o.GetProperty("dropped").GetInt64(),
        o.GetProperty("bytes").GetInt64(),
        [.. o.GetProperty("expectations").EnumerateArray().Select(ReadRule)])
    {
        Skipped = Maybe(o, "skipped"),
        Late = Maybe(o, "late"),
        Spilled = Maybe(o, "spilled"),
        Upserted = Maybe(o, "upserted"),
        Deleted = Maybe(o, "deleted"),
        SearchedFiles = Maybe(o, "searchedFiles"),
        SearchedBytes = Maybe(o, "searchedBytes"),
    };

    private static long Maybe(JsonElement o, string name) => o.TryGetProperty(name, out var number) ? number.GetInt64() : 0;

    private static RuleCounts ReadRule(JsonElement o) => new(
        o.GetProperty("name").GetString()!,
        o.GetProperty("dataset").GetString()!,
        o.GetProperty("action").GetString() switch
        {
            "drop" => ViolationAction.DropRow,
            "fail" => ViolationAction.FailUpdate,
            _ => ViolationAction.Warn,
        },
        o.GetProperty("passed").GetInt64(),
        o.GetProperty("failed").GetInt64(),
        [.. o.GetProperty("samples").EnumerateArray().Select(s => new ViolationSample(
            s.GetProperty("row").GetString()!, s.TryGetProperty("place", out var place) ? place.GetString() : null))]);

    private static ImmutableSortedDictionary<string, string> ReadMap(JsonElement o, string name) =>
        o.GetProperty(name).EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);

    private static string ActionName(ViolationAction action) => action switch
    {
        ViolationAction.DropRow => "drop",
        ViolationAction.FailUpdate => "fail",
        _ => "warn",
    };
}
