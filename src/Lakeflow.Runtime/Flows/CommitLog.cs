using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Flows;

/// <summary>Single commits of a table's log, as streams and checks need them.</summary>
internal static class CommitLog
{
    /// <summary>The actions of one version. A <see cref="DataFault"/> if its commit is no longer there.</summary>
    public static List<LogAction> Read(IObjectStore store, long version)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"_delta_log/{version:D20}.json");
        return ActionJson.Read(store, path);
    }

    public static bool IsThere(IObjectStore store, long version) =>
        store.Head(string.Create(CultureInfo.InvariantCulture, $"_delta_log/{version:D20}.json")) is not null;

    /// <summary>The oldest version whose commit is still there; null if none is.</summary>
    public static long? Earliest(IObjectStore store) => store.List("_delta_log/")
        .Select(o => o.Path["_delta_log/".Length..])
        .Where(name => name.Length == 25 && name.EndsWith(".json", StringComparison.Ordinal))
        .Select(name => long.TryParse(name[..20], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : (long?)null)
        .Min();

    /// <summary>What a commit says it did: <c>DELETE</c>, <c>RESTORE</c> …</summary>
    public static string OperationOf(IEnumerable<LogAction> actions)
    {
        if (actions.OfType<CommitInfo>().FirstOrDefault() is not { } info) return "unknown operation";
        using var json = System.Text.Json.JsonDocument.Parse(info.Json);
        return json.RootElement.TryGetProperty("operation", out var operation) ? operation.GetString() ?? "unknown operation" : "unknown operation";
    }

    /// <summary>True if a flow of ours made the commit.</summary>
    public static bool IsOurs(IEnumerable<LogAction> actions) =>
        actions.OfType<DomainMetadata>().Any(d => d.Domain.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal));

    /// <summary>True if rows were taken away, not only laid down anew.</summary>
    public static bool TakesRows(IEnumerable<LogAction> actions) => actions.OfType<RemoveFile>().Any(r => r.DataChange);

    /// <summary>The records that a commit carries.</summary>
    public static IEnumerable<FlowRecord> RecordsIn(IEnumerable<LogAction> actions) => actions
        .OfType<DomainMetadata>()
        .Where(d => !d.Removed && d.Domain.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal))
        .Select(d => FlowRecord.Parse(d.Configuration));
}
