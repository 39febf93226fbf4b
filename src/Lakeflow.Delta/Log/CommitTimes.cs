using System.Text.Json;

namespace Lakeflow.Delta;

/// <summary>When versions were committed.</summary>
internal static class CommitTimes
{
    /// <summary>The commit's own time if the table keeps one (feature inCommitTimestamp), else the file's, in whole milliseconds: so a version's time as it is shown means that version.</summary>
    public static DateTimeOffset Of(ObjectInfo info, IEnumerable<LogAction> actions)
    {
        if (actions.OfType<CommitInfo>().FirstOrDefault() is not { } commit) return Whole(info.Modified);
        using var document = JsonDocument.Parse(commit.Json);
        return JsonText.Number(document.RootElement, "inCommitTimestamp") is { } millis
            ? DateTimeOffset.FromUnixTimeMilliseconds(millis)
            : Whole(info.Modified);
    }

    /// <summary>The newest version that is not younger than a time.</summary>
    public static long VersionAt(IObjectStore store, DateTimeOffset time)
    {
        var all = All(store);
        if (time < all[0].Time || time > all[^1].Time) throw DeltaFaults.NoVersionAt(store.Location, time, all[0].Time, all[^1].Time);
        return all.FindLast(v => v.Time <= time).Version;
    }

    /// <summary>The first version that is not older than a time. LF6058 after the last.</summary>
    public static long FirstVersionFrom(IObjectStore store, DateTimeOffset time)
    {
        var all = All(store);
        if (time > all[^1].Time) throw DeltaFaults.NoVersionAt(store.Location, time, all[0].Time, all[^1].Time);
        return all.Find(v => v.Time >= time).Version;
    }

    /// <summary>The newest version at a time, or the newest of all. LF6058 before the first.</summary>
    public static long LastVersionUpTo(IObjectStore store, DateTimeOffset time)
    {
        var all = All(store);
        if (time < all[0].Time) throw DeltaFaults.NoVersionAt(store.Location, time, all[0].Time, all[^1].Time);
        return all.FindLast(v => v.Time <= time).Version;
    }

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>The versions that can be read, with their times. Never empty.</summary>
    /// <remarks>Clocks go back, versions do not: as in Delta, a version is at least a millisecond younger than the one before.</remarks>
    private static List<(long Version, DateTimeOffset Time)> All(IObjectStore store)
    {
        var files = LogSegment.List(store, 0);
        if (files.Count == 0) throw DeltaFaults.NotATable(store.Location);
        var commits = files.Where(f => f.Kind == LogFileKind.Commit).OrderBy(f => f.Version).ToList();
        // Versions whose commits have lost their beginning cannot be read.
        var readable = commits.Count > 0 && commits[0].Version == 0 ? 0 : LogSegment.Checkpoints(files).LastOrDefault()?[0].Version ?? 0;
        var all = new List<(long Version, DateTimeOffset Time)>();
        foreach (var commit in commits.Where(c => c.Version >= readable))
        {
            var at = Of(commit.Info, ActionJson.Read(store, commit.Info.Path));
            if (all.Count > 0 && at <= all[^1].Time) at = all[^1].Time.AddMilliseconds(1);
            all.Add((commit.Version, at));
        }

        return all.Count > 0 ? all : throw DeltaFaults.NotATable(store.Location);
    }
}
