using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>A state table of stream rows during a step: what the steps before have left, and what this one changes.</summary>
/// <param name="store">Of the state table.</param>
/// <param name="version">Its version after the last step.</param>
/// <param name="stored">Its columns; whoever keeps rows may call fields of structs otherwise, in the same order.</param>
internal sealed class KeptRows(IObjectStore store, long version, Schema stored, TimeProvider time)
{
    /// <summary>So many files of about equally many rows are merged.</summary>
    private const int TierSize = 8;

    /// <summary>Rows of a file that is left as it is: what is merged is in memory.</summary>
    private const int MostMerged = 1_000_000;

    private StateTable? table;
    private Snapshot? before;
    private Schema columns = new(ImmutableArray<Field>.Empty);

    /// <summary>Says what the rows look like to who keeps them; before anything else.</summary>
    public void Open(Schema rows)
    {
        columns = rows;
        table = new StateTable(store, new TableDefinition(stored)
        {
            Properties = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("delta.enableDeletionVectors", "true"),
        }, time);
        before = table.Open(version);
    }

    /// <summary>The rows in whose column there is a time up to <paramref name="watermark"/>.</summary>
    public FoundRows UpTo(long watermark, string column) =>
        before is null ? FoundRows.None(columns) : Out(KeySearch.Where(before, stored, column, ColumnComparison.Less, watermark + 1));

    /// <summary>The rows of some keys.</summary>
    /// <param name="isWanted">By key, whether its rows are wanted; null is all.</param>
    public FoundRows Find(KeySearch search, bool[]? isWanted = null) => before is null ? FoundRows.None(columns) : Out(search.Find(before, stored, isWanted));

    /// <summary>Commits a step's change.</summary>
    /// <param name="gone">Rows of earlier steps, as numbers of those found.</param>
    /// <param name="added">New rows.</param>
    /// <param name="merge">Makes fewer rows of some, the older ones first; null from it, or for it: rows stay as they are.</param>
    /// <returns>The version for the target to name; <see cref="StateTable.Nothing"/> if there is nothing yet.</returns>
    public long Commit(IReadOnlyList<(FoundRows Found, int[] Rows)> gone, IReadOnlyList<RecordBatch> added, Func<RecordBatch, RecordBatch?>? merge = null)
    {
        if (gone.All(g => g.Rows.Length == 0) && added.All(a => a.Length == 0)) return version;
        if (stored.Equals(columns)) return Write(gone, added, merge);
        var renamed = added.Select(a => StructNames.Of(a, stored)).ToList();
        try
        {
            return Write(gone, renamed, merge);
        }
        finally
        {
            foreach (var rows in renamed) rows.Dispose();
        }
    }

    private long Write(IReadOnlyList<(FoundRows Found, int[] Rows)> gone, IReadOnlyList<RecordBatch> added, Func<RecordBatch, RecordBatch?>? merge)
    {
        var files = merge is null || before is null ? [] : FilesToMerge(before);
        using var merged = files.Count == 0 ? null : Merged(files, gone, added, merge!);
        if (merged is null) files.Clear();
        var transaction = table!.Begin(version);
        foreach (var file in files) transaction.Remove(file);
        foreach (var (found, rows) in gone) found.Delete(transaction, [.. rows.Where(row => !files.Contains(found.PlaceOf(row).File))]);
        IReadOnlyList<RecordBatch> written = merged is null ? added : [merged];
        if (written.Any(a => a.Length > 0))
        {
            using var writer = transaction.OpenWriter();
            foreach (var rows in written) writer.Write(rows);
            transaction.Add(writer.Finish());
        }

        return StateTable.Commit(transaction);
    }

    /// <summary>Files whose rows are to be merged with those of the step: where many have about as many rows, those and all smaller ones.</summary>
    /// <remarks>So a group has few rows in each tier, and a row is written once a tier, however long its window stays open.</remarks>
    private static List<AddFile> FilesToMerge(Snapshot table)
    {
        var tiers = table.Files.Where(f => f.RowCount is { } rows && rows < MostMerged).GroupBy(f => TierOf(f.RowCount!.Value)).ToDictionary(t => t.Key, t => t.Count());
        var highest = tiers.Where(t => t.Value >= TierSize).Select(t => t.Key).DefaultIfEmpty(-1).Max();
        return [.. table.Files.Where(f => f.RowCount is { } rows && rows < MostMerged && TierOf(rows) <= highest)];
    }

    private static int TierOf(long rows)
    {
        var tier = 0;
        for (; rows >= TierSize; rows /= TierSize) tier++;
        return tier;
    }

    private RecordBatch? Merged(List<AddFile> files, IReadOnlyList<(FoundRows Found, int[] Rows)> gone, IReadOnlyList<RecordBatch> added, Func<RecordBatch, RecordBatch?> merge)
    {
        var left = gone.SelectMany(g => g.Rows.Select(g.Found.PlaceOf).Select(place => (place.File.Path, place.Position))).ToHashSet();
        var parts = new List<RecordBatch>();
        try
        {
            using var scan = new DeltaScan(before!, [.. stored.Fields.Select(f => f.Name)], files: files);
            using var reader = scan.Open(0, 1);
            while (reader.ReadLocated() is { } located)
            {
                using (located) parts.Add(Gather.Take(located.Rows, [.. Enumerable.Range(0, located.Rows.Length).Where(row => !left.Contains((located.File.Path, located.PositionOf(row))))]));
            }

            using var all = Concatenate.Batches(stored, [.. parts, .. added]);
            return merge(all);
        }
        finally
        {
            foreach (var part in parts) part.Dispose();
        }
    }

    private FoundRows Out(FoundRows found)
    {
        if (stored.Equals(columns)) return found;
        using (found.Rows) return found with { Rows = StructNames.Of(found.Rows, columns) };
    }

    /// <summary>A row as JSON, for those who look for late ones; without the columns that are ours.</summary>
    public static string Told(RecordBatch rows, int row)
    {
        var told = Enumerable.Range(0, rows.Columns.Length).Where(c => !rows.Schema[c].Name.StartsWith("__", StringComparison.Ordinal)).ToArray();
        return RowJson.Whole(new Schema(told.Select(c => rows.Schema[c]).ToImmutableArray()), [.. told.Select(c => rows.Columns[c].GetValue(row))]);
    }
}
