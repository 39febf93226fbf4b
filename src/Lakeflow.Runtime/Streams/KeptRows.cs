using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>A state table of stream rows during a step: what the steps before have left, and what this one changes.</summary>
/// <param name="store">Of the state table.</param>
/// <param name="version">Its version after the last step.</param>
internal sealed class KeptRows(IObjectStore store, long version, TimeProvider time)
{
    private StateTable? table;
    private Snapshot? before;
    private Schema columns = new(ImmutableArray<Field>.Empty);

    /// <summary>Says what the rows look like; before anything else.</summary>
    public void Open(Schema rows)
    {
        columns = rows;
        table = new StateTable(store, new TableDefinition(columns)
        {
            Properties = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("delta.enableDeletionVectors", "true"),
        }, time);
        before = table.Open(version);
    }

    /// <summary>The rows in whose column there is a time up to <paramref name="watermark"/>.</summary>
    public FoundRows UpTo(long watermark, string column) =>
        before is null ? FoundRows.None(columns) : KeySearch.Where(before, columns, column, ColumnComparison.Less, watermark + 1);

    /// <summary>The rows of some keys.</summary>
    /// <param name="isWanted">By key, whether its rows are wanted; null is all.</param>
    public FoundRows Find(KeySearch search, bool[]? isWanted = null) => before is null ? FoundRows.None(columns) : search.Find(before, columns, isWanted);

    /// <summary>Commits a step's change.</summary>
    /// <param name="gone">Rows of earlier steps, as numbers of those found.</param>
    /// <param name="added">New rows.</param>
    /// <returns>The version for the target to name; <see cref="StateTable.Nothing"/> if there is nothing yet.</returns>
    public long Commit(IReadOnlyList<(FoundRows Found, int[] Rows)> gone, IReadOnlyList<RecordBatch> added)
    {
        if (gone.All(g => g.Rows.Length == 0) && added.All(a => a.Length == 0)) return version;
        var transaction = table!.Begin(version);
        foreach (var (found, rows) in gone) found.Delete(transaction, rows);
        if (added.Any(a => a.Length > 0))
        {
            using var writer = transaction.OpenWriter();
            foreach (var rows in added) writer.Write(rows);
            transaction.Add(writer.Finish());
        }

        return StateTable.Commit(transaction);
    }

    /// <summary>A row as JSON, for those who look for late ones; without the columns that are ours.</summary>
    public static string Told(RecordBatch rows, int row)
    {
        var told = Enumerable.Range(0, rows.Columns.Length).Where(c => !rows.Schema[c].Name.StartsWith("__", StringComparison.Ordinal)).ToArray();
        return RowJson.Whole(new Schema(told.Select(c => rows.Schema[c]).ToImmutableArray()), [.. told.Select(c => rows.Columns[c].GetValue(row))]);
    }
}
