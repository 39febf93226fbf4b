using System.Text.Json;

namespace Lakeflow.Delta;

/// <summary>When versions were committed.</summary>
internal static class CommitTimes
{
    /// <summary>The commit's own time if the table keeps one (feature inCommitTimestamp), else the file's.</summary>
    public static DateTimeOffset Of(ObjectInfo info, IEnumerable<LogAction> actions)
    {
        if (actions.OfType<CommitInfo>().FirstOrDefault() is not { } commit) return info.Modified;
        using var document = JsonDocument.Parse(commit.Json);
        return JsonText.Number(document.RootElement, "inCommitTimestamp") is { } millis
            ? DateTimeOffset.FromUnixTimeMilliseconds(millis)
            : info.Modified;
    }

    /// <summary>The newest version that is not younger than a time.</summary>
    public static long VersionAt(IObjectStore store, DateTimeOffset time)
    {
        var files = LogSegment.List(store, 0);
        if (files.Count == 0) throw DeltaFaults.NotATable(store.Location);
        var commits = files.Where(f => f.Kind == LogFileKind.Commit).OrderBy(f => f.Version).ToList();
        // Versions whose commits have lost their beginning cannot be read.
        var readable = commits.Count > 0 && commits[0].Version == 0 ? 0 : LogSegment.Checkpoints(files).LastOrDefault()?[0].Version ?? 0;
        long? found = null;
        var (previous, first, last) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var commit in commits.Where(c => c.Version >= readable))
        {
            var at = Of(commit.Info, ActionJson.Read(store.ReadAll(commit.Info.Path), commit.Info.Path));
            // Clocks go back, versions do not: as in Delta, a version is at least a millisecond younger than the one before.
            if (at <= previous) at = previous.AddMilliseconds(1);
            previous = last = at;
            if (first == DateTimeOffset.MaxValue) first = at;
            if (at <= time) found = commit.Version;
        }

        if (found is null || time > last) throw DeltaFaults.NoVersionAt(store.Location, time, first, last);
        return found.Value;
    }
}
