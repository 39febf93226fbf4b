namespace Lakeflow.Delta;

/// <summary>The files from which one version of a table is read: a checkpoint, if there is one, and the commits after it.</summary>
internal sealed record LogSegment(long Version, IReadOnlyList<LogFile> Checkpoint, IReadOnlyList<LogFile> Commits)
{
    private const int MostProbes = 1000;

    /// <summary>The version that the checkpoint holds, -1 without one.</summary>
    public long CheckpointVersion => Checkpoint.Count == 0 ? -1 : Checkpoint[0].Version;

    /// <summary>The segments that lead to a version, the one with the newest checkpoint first. Never empty.</summary>
    /// <param name="store">The table.</param>
    /// <param name="version">The version wanted, or null for the newest.</param>
    public static IReadOnlyList<LogSegment> Find(IObjectStore store, long? version)
    {
        var start = LastCheckpoint.Read(store) is { } last && (version is null || last <= version) ? last : 0;
        var files = List(store, start);
        // The hint may name a checkpoint that never became whole, or one that has been cleaned up.
        if (start > 0 && !Checkpoints(files).Any(c => c[0].Version == start)) files = List(store, start = 0);
        var segments = Find(store, files, version);
        if (segments.Count == 0 && start > 0) segments = Find(store, List(store, 0), version);
        if (segments.Count > 0) return segments;
        throw Explain(store, List(store, 0), version);
    }

    /// <summary>All commits of the log from <paramref name="from"/> on, by version.</summary>
    public static List<LogFile> CommitsFrom(IObjectStore store, long from) =>
        [.. List(store, from).Where(f => f.Kind == LogFileKind.Commit)];

    /// <summary>The log's files from a version on, by name.</summary>
    /// <remarks>
    /// A folder that is written to while it is listed may show a commit and not the one before it, so commits that seem to
    /// be missing are asked for by name.
    /// </remarks>
    public static List<LogFile> List(IObjectStore store, long from)
    {
        var files = store.List(LogNames.Folder, from == 0 ? null : LogNames.Before(from)).Select(LogNames.Parse).OfType<LogFile>().ToList();
        var probes = MostProbes;
        long? expected = null;
        foreach (var commit in files.Where(f => f.Kind == LogFileKind.Commit).ToList())
        {
            for (var version = expected ?? commit.Version; version < commit.Version && probes > 0; version++, probes--)
            {
                if (store.Head(LogNames.Commit(version)) is { } info) files.Add(LogNames.Parse(info)!);
            }

            expected = commit.Version + 1;
        }

        if (probes < MostProbes) files.Sort((a, b) => string.CompareOrdinal(a.Info.Path, b.Info.Path));
        return files;
    }

    /// <summary>The whole checkpoints among the files, newest first.</summary>
    public static IEnumerable<IReadOnlyList<LogFile>> Checkpoints(IEnumerable<LogFile> files) => files
        .Where(f => f.Kind != LogFileKind.Commit)
        .GroupBy(f => (f.Version, f.Kind, f.Parts, Name: f.Kind == LogFileKind.UuidCheckpoint ? f.Info.Name : ""))
        .Select(g => (IReadOnlyList<LogFile>)[.. g.OrderBy(f => f.Part)])
        .Where(g => g.Count == g[0].Parts && g.All(f => f.Info.Size > 0))
        .OrderByDescending(g => g[0].Version);

    private static List<LogSegment> Find(IObjectStore store, List<LogFile> files, long? version)
    {
        var commits = files.Where(f => f.Kind == LogFileKind.Commit).ToDictionary(f => f.Version);
        var found = new List<LogSegment>();
        IEnumerable<IReadOnlyList<LogFile>> starts = [.. Checkpoints(files).Where(c => version is null || c[0].Version <= version), []];
        foreach (var checkpoint in starts)
        {
            var from = checkpoint.Count == 0 ? -1 : checkpoint[0].Version;
            var to = version ?? (commits.Count == 0 ? from : Math.Max(from, commits.Keys.Max()));
            var after = new List<LogFile>();
            for (var v = from + 1; v <= to && commits.TryGetValue(v, out var commit); v++) after.Add(commit);
            if (to >= 0 && after.Count == to - from) found.Add(new LogSegment(to, checkpoint, after));
        }

        return found;
    }

    private static Arrow.DataFault Explain(IObjectStore store, List<LogFile> files, long? version)
    {
        if (files.Count == 0) return DeltaFaults.NotATable(store.Location);
        var commits = files.Where(f => f.Kind == LogFileKind.Commit).Select(f => f.Version).ToHashSet();
        var latest = files.Max(f => f.Version);
        var checkpoint = Checkpoints(files).LastOrDefault();
        var earliest = commits.Contains(0) ? 0 : checkpoint?[0].Version ?? 0;
        if (version is { } v && (v < earliest || v > latest)) return DeltaFaults.NoSuchVersion(store.Location, v, earliest, latest);
        var missing = earliest == 0 ? 0 : earliest + 1;
        while (commits.Contains(missing)) missing++;
        return DeltaFaults.LogGap(store.Location, missing);
    }
}
