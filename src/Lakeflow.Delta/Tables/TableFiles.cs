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

        foreach (var action in commits.SelectMany(c => ActionJson.Read(store.ReadAll(c.Info.Path), c.Info.Path))) Note(named, action);
        // Names that begin with _ or . are not data: the log, checksums, other engines' folders.
        return [.. store.List("")
            .Where(o => !o.Path.Split('/').Any(s => s.StartsWith('_') || s.StartsWith('.')))
            .Where(o => o.Modified < olderThan && !named.Contains(o.Path))];
    }

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
