using System.Collections.Immutable;

namespace Lakeflow.Delta;

/// <summary>Deletes the files of a table that no version within its retention needs: of removed rows, of changes, of runs that died.</summary>
/// <remarks>
/// A version is within the retention if it was the newest one at some time in it. Files younger than the retention stay, for they
/// may belong to a commit on its way; so do files that are neither data, deletion vectors nor changes.
/// </remarks>
public sealed record Vacuum
{
    /// <summary>How long versions stay readable; null is the table's <c>delta.deletedFileRetentionDuration</c>, below which it may not be.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>A version from which on every one stays readable whatever its age; for state tables, whose targets name them.</summary>
    public long? KeepFrom { get; init; }

    /// <summary>True only tells what would be deleted.</summary>
    public bool IsDry { get; init; }

    /// <exception cref="Arrow.DataFault">LF6079: the retention is shorter than the table's. LF6056: a feature in use forbids it.</exception>
    public VacuumResult Run(IObjectStore store, TimeProvider? time = null)
    {
        var snapshot = Snapshot.Open(store);
        TableFeatures.CheckWritable(store.Location, snapshot.Protocol, snapshot.Metadata);
        var least = snapshot.Properties.DeletedFileRetention;
        if (Retention < least) throw DeltaFaults.ShortRetention(store.Location, Retention.Value, least);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        var cutoff = now - (Retention ?? least);
        var needed = TableFiles.NeededSince(snapshot, now, cutoff, KeepFrom);
        ImmutableArray<ObjectInfo> files = [.. TableFiles.All(snapshot).Where(o => o.Modified < cutoff && !needed.Contains(o.Path) && TableFiles.IsOurs(o))];
        if (!IsDry)
        {
            foreach (var file in files) store.Delete(file.Path);
        }

        return new VacuumResult(files, cutoff);
    }
}

/// <summary>What a vacuum deleted, or would delete.</summary>
/// <param name="Files">By path.</param>
/// <param name="ReadableSince">Versions that were the newest one at this time or later can be read.</param>
public sealed record VacuumResult(ImmutableArray<ObjectInfo> Files, DateTimeOffset ReadableSince)
{
    public long Bytes => Files.Sum(f => f.Size);
}
