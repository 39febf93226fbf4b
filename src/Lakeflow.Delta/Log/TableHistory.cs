using System.Collections.Immutable;
using System.Text.Json;

namespace Lakeflow.Delta;

/// <summary>A line of a table's history.</summary>
/// <param name="Parameters">Of the operation; JSON text by name.</param>
/// <param name="Metrics">numFiles, numOutputRows …, as text by name.</param>
public sealed record HistoryEntry(
    long Version,
    DateTimeOffset Timestamp,
    string Operation,
    ImmutableSortedDictionary<string, string> Parameters,
    ImmutableSortedDictionary<string, string> Metrics,
    string? User,
    string? Engine,
    long? ReadVersion,
    bool? IsBlindAppend);

/// <summary>DESCRIBE HISTORY: what the commits say of themselves.</summary>
public static class TableHistory
{
    /// <summary>The commits that the log still has, newest first.</summary>
    public static IEnumerable<HistoryEntry> Read(IObjectStore store, int limit = int.MaxValue)
    {
        var commits = LogSegment.CommitsFrom(store, 0);
        if (commits.Count == 0) throw DeltaFaults.NotATable(store.Location);
        return commits.OrderByDescending(c => c.Version).Take(limit).Select(c => ReadOne(store, c));
    }

    private static HistoryEntry ReadOne(IObjectStore store, LogFile commit)
    {
        var actions = ActionJson.Read(store, commit.Info.Path);
        using var document = JsonDocument.Parse(actions.OfType<CommitInfo>().FirstOrDefault()?.Json ?? "{}");
        var info = document.RootElement;
        return new HistoryEntry(
            commit.Version,
            JsonText.Number(info, "timestamp") is { } millis ? DateTimeOffset.FromUnixTimeMilliseconds(millis) : commit.Info.Modified,
            JsonText.Text(info, "operation") ?? "",
            TextMap(info, "operationParameters"),
            TextMap(info, "operationMetrics"),
            JsonText.Text(info, "userName"),
            JsonText.Text(info, "engineInfo"),
            JsonText.Number(info, "readVersion"),
            JsonText.Flag(info, "isBlindAppend"));
    }

    /// <summary>Other engines put numbers and lists here as well; they are shown as their JSON.</summary>
    private static ImmutableSortedDictionary<string, string> TextMap(JsonElement info, string name)
    {
        if (JsonText.Get(info, name) is not { ValueKind: JsonValueKind.Object } map) return ImmutableSortedDictionary<string, string>.Empty;
        var entries = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            entries[entry.Name] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : entry.Value.GetRawText();
        }

        return entries.ToImmutable();
    }
}
