using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Writes classic checkpoints, and cleans up the log behind them.</summary>
internal static class CheckpointWriter
{
    private const int RowsInABatch = 8192;

    /// <summary>Writes the checkpoint of a version and points <c>_last_checkpoint</c> at it.</summary>
    public static void Write(Snapshot snapshot, DateTimeOffset now)
    {
        var actions = Actions(snapshot, now).ToList();
        using var content = new MemoryStream();
        DataFile.WriteWhole(content, CheckpointRows.Schema, actions.Chunk(RowsInABatch).Select(CheckpointRows.ToBatch));
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        // Whoever was first wrote the same state.
        snapshot.Store.PutIfAbsent(LogNames.Checkpoint(snapshot.Version), bytes);
        LastCheckpoint.Write(snapshot.Store, snapshot.Version, actions.Count, bytes.Length, snapshot.Files.Length);
    }

    /// <summary>Deletes the log entries that no version younger than the table's log retention needs.</summary>
    /// <remarks>
    /// Everything before a checkpoint may go once that checkpoint's own commit is older than the retention: each later
    /// version can still be read, from it or from a younger checkpoint.
    /// </remarks>
    public static void CleanUp(Snapshot snapshot, DateTimeOffset now)
    {
        if (!snapshot.Properties.CleansLog) return;
        var expired = now - snapshot.Properties.LogRetention;
        var files = LogSegment.List(snapshot.Store, 0);
        var commitTimes = files.Where(f => f.Kind == LogFileKind.Commit).ToDictionary(f => f.Version, f => f.Info.Modified);
        var keepFrom = LogSegment.Checkpoints(files)
            .Select(c => c[0].Version)
            .FirstOrDefault(v => commitTimes.TryGetValue(v, out var at) && at < expired, -1);
        // Oldest first, and checkpoints before commits of the same version: what is left after a crash is still whole.
        foreach (var file in files.Where(f => f.Version < keepFrom).OrderBy(f => f.Version).ThenByDescending(f => f.Kind))
        {
            snapshot.Store.Delete(file.Info.Path);
        }
    }

    private static IEnumerable<LogAction> Actions(Snapshot snapshot, DateTimeOffset now)
    {
        yield return snapshot.Protocol;
        yield return snapshot.Metadata;
        foreach (var txn in snapshot.Txns.Values.OrderBy(t => t.AppId, StringComparer.Ordinal)) yield return txn;
        foreach (var (domain, text) in snapshot.Domains.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            yield return new DomainMetadata(domain, text, Removed: false);
        }

        var expired = (now - snapshot.Properties.DeletedFileRetention).ToUnixTimeMilliseconds();
        foreach (var remove in snapshot.State.Tombstones.Values.Where(r => r.DeletionTimestamp >= expired)) yield return remove;
        foreach (var add in snapshot.Files) yield return add;
    }
}
