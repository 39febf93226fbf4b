namespace Lakeflow.Delta;

/// <summary>The files in a table's folder.</summary>
public static class TableFiles
{
    /// <summary>Files in the folder that no version that can still be read names, and that are older than a time.</summary>
    /// <param name="snapshot">The newest version.</param>
    /// <param name="olderThan">A file younger than this may belong to a commit on its way.</param>
    public static IReadOnlyList<ObjectInfo> Orphans(Snapshot snapshot, DateTimeOffset olderThan)
    {
        var store = snapshot.Store;
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, file) in snapshot.State.Files) Note(named, key.Path, file.DeletionVector);
        foreach (var (key, file) in snapshot.State.Tombstones) Note(named, key.Path, file.DeletionVector);
        // Versions before the newest: what their commits name, and what the oldest checkpoint held.
        var log = LogSegment.List(store, 0);
        var commits = log.Where(f => f.Kind == LogFileKind.Commit).ToList();
        if (commits.Count == 0 || commits[0].Version != 0)
        {
            var oldest = LogSegment.Checkpoints(log).Last();
            foreach (var action in CheckpointReader.Read(store, oldest)) Note(named, action);
        }

        foreach (var action in commits.SelectMany(c => ActionJson.Read(store, c.Info.Path))) Note(named, action);
        return [.. All(snapshot).Where(o => o.Modified < olderThan && !named.Contains(o.Path))];
    }

    /// <summary>The version that was the newest one at a time, by the times of the commit files; null if none is as old.</summary>
    public static long? VersionBefore(Snapshot snapshot, DateTimeOffset time) =>
        LogSegment.CommitsFrom(snapshot.Store, 0).LastOrDefault(c => c.Info.Modified <= time)?.Version;

    /// <summary>The files in the folder that are the table's content: not the log, checksums, other engines' folders.</summary>
    internal static IEnumerable<ObjectInfo> All(Snapshot snapshot) => snapshot.Store.List("").Where(o => !IsHidden(o.Path));

    /// <summary>Data, changes and deletion vectors, by their names; what else lies in the folder is somebody's.</summary>
    internal static bool IsOurs(ObjectInfo file) =>
        file.Name.EndsWith(".parquet", StringComparison.Ordinal)
        || (file.Name.StartsWith("deletion_vector_", StringComparison.Ordinal) && file.Name.EndsWith(".bin", StringComparison.Ordinal));

    /// <summary>The files that versions need which were the newest one at a time or later.</summary>
    /// <param name="snapshot">The newest version.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cutoff">The time.</param>
    /// <param name="keepFrom">A version from which on all of them count, whatever their age; or null.</param>
    internal static HashSet<string> NeededSince(Snapshot snapshot, DateTimeOffset now, DateTimeOffset cutoff, long? keepFrom)
    {
        var store = snapshot.Store;
        var named = new HashSet<string>(StringComparer.Ordinal);
        var readsCommits = snapshot.Properties.WritesChanges || cutoff < now - snapshot.Properties.DeletedFileRetention;
        foreach (var (key, file) in snapshot.State.Files) Note(named, key.Path, file.DeletionVector);
        foreach (var (key, file) in snapshot.State.Tombstones)
        {
            if (file.DeletionTimestamp >= cutoff.ToUnixTimeMilliseconds()) Note(named, key.Path, file.DeletionVector);
        }

        // A checkpoint forgets tombstones by the table's own retention; beyond it, and of changes, only the commits tell.
        foreach (var commit in LogSegment.CommitsFrom(store, 0).Where(c => (readsCommits && c.Info.Modified >= cutoff) || c.Version > keepFrom))
        {
            foreach (var action in ActionJson.Read(store, commit.Info.Path)) Note(named, action);
        }

        if (keepFrom is { } version && version >= 0)
        {
            foreach (var (key, file) in Snapshot.Open(store, version).State.Files) Note(named, key.Path, file.DeletionVector);
        }

        return named;
    }

    /// <summary>Names that begin with _ or . are not data, but for folders of partitions and of changes.</summary>
    private static bool IsHidden(string path) =>
        !path.StartsWith(ChangeFiles.Folder, StringComparison.Ordinal) && path.Split('/').Any(s => s.StartsWith('.') || (s.StartsWith('_') && !s.Contains('=')));

    private static void Note(HashSet<string> named, LogAction action)
    {
        switch (action)
        {
            case AddFile add: Note(named, FilePath.ToStore(add.Path), add.DeletionVector); break;
            case RemoveFile remove: Note(named, FilePath.ToStore(remove.Path), remove.DeletionVector); break;
            case AddCdcFile cdc: Note(named, FilePath.ToStore(cdc.Path), null); break;
        }
    }

    private static void Note(HashSet<string> named, string path, DeletionVector? vector)
    {
        named.Add(path);
        if (vector is not null && DeletionVectorReader.FileOf(vector) is { } file) named.Add(file);
    }
}
