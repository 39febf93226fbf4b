using System.Collections.Immutable;

namespace Lakeflow.Delta;

/// <summary>Rows of one file that one commit changed, all alike or as the file tells.</summary>
/// <param name="Change">What happened to them; null if the file has a column that says so.</param>
/// <param name="Rows">Which rows; null is all that are not deleted.</param>
internal sealed record ChangePart(long Version, DateTimeOffset Timestamp, RowChange? Change, AddFile File, RowSet? Rows)
{
    private static readonly ImmutableSortedDictionary<string, string?> Unpartitioned = ImmutableSortedDictionary<string, string?>.Empty;

    /// <summary>What a commit changed.</summary>
    /// <exception cref="Arrow.DataFault">LF6054: a removed file of a partitioned table has no partition values in the log.</exception>
    public static List<ChangePart> Of(IObjectStore store, TableChange commit, DateTimeOffset timestamp, bool partitioned)
    {
        ChangePart Part(RowChange? change, AddFile file, RowSet? rows = null) => new(commit.Version, timestamp, change, file, rows);
        if (commit.ChangeFiles.Length > 0)
        {
            return [.. commit.ChangeFiles.Select(f => Part(null, new AddFile(f.Path, f.PartitionValues, f.Size, 0, DataChange: false)))];
        }

        var deletes = new List<ChangePart>();
        var inserts = new List<ChangePart>();
        var added = commit.Added.Where(a => a.DataChange).ToLookup(a => FilePath.ToStore(a.Path), StringComparer.Ordinal);
        var marked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var remove in commit.Removed.Where(r => r.DataChange))
        {
            if (partitioned && remove.PartitionValues is null) throw DeltaFaults.Incomplete(store.Location, commit.Version, $"partition values of the removed file {remove.Path}");
            var path = FilePath.ToStore(remove.Path);
            var file = new AddFile(remove.Path, remove.PartitionValues ?? Unpartitioned, remove.Size ?? 0, 0, DataChange: true) { DeletionVector = remove.DeletionVector };
            if (added[path].FirstOrDefault() is not { } now)
            {
                deletes.Add(Part(RowChange.Delete, file));
                continue;
            }

            // The same file with another deletion vector: what is in only one of the two.
            marked.Add(path);
            using var parquet = DataFile.Open(store, path);
            var before = Vector(store, file, parquet.RowCount);
            var after = Vector(store, now, parquet.RowCount);
            var (gone, back) = (new RowSet(), new RowSet());
            gone.AddRange(after.Ascending().Where(r => !before.Contains(r)));
            back.AddRange(before.Ascending().Where(r => !after.Contains(r)));
            if (gone.Count > 0) deletes.Add(Part(RowChange.Delete, file, gone));
            if (back.Count > 0) inserts.Add(Part(RowChange.Insert, now, back));
        }

        inserts.AddRange(commit.Added.Where(a => a.DataChange && !marked.Contains(FilePath.ToStore(a.Path))).Select(a => Part(RowChange.Insert, a)));
        return [.. deletes, .. inserts];
    }

    private static RowSet Vector(IObjectStore store, AddFile file, long rows) =>
        file.DeletionVector is { } vector ? DeletionVectorReader.Read(store, file, vector, rows) : new RowSet();
}
