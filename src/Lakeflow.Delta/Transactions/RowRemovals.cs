using System.Runtime.ExceptionServices;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>The rows that a transaction takes out of files that stay, until they become actions of its commit.</summary>
internal sealed class RowRemovals
{
    private readonly Dictionary<FileKey, Removal> files = [];

    public bool IsEmpty => files.Count == 0;

    public bool Touches(AddFile file) => files.ContainsKey(FileKey.Of(file));

    /// <summary>The rows of a file that are to go, to note more in; those noted or deleted before count once.</summary>
    public RowSet Of(AddFile file, RowChange change)
    {
        if (!files.TryGetValue(FileKey.Of(file), out var removal)) files[FileKey.Of(file)] = removal = new Removal(file);
        return change == RowChange.UpdatePreimage ? removal.Updated : removal.Deleted;
    }

    /// <summary>What each file comes to, in the order of their paths. Reads the deletion vectors there are.</summary>
    public IEnumerable<FileRemoval> Resolve(IObjectStore store)
    {
        var all = files.Values.OrderBy(r => r.File.Path, StringComparer.Ordinal).ToArray();
        var resolved = new FileRemoval[all.Length];
        try
        {
            Parallel.For(0, all.Length, i => resolved[i] = Resolve(store, all[i]));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.OfType<DataFault>().FirstOrDefault() ?? e.InnerExceptions[0]);
        }

        return resolved.Where(r => r.Deleted.Count + r.Updated.Count > 0);
    }

    private static FileRemoval Resolve(IObjectStore store, Removal removal)
    {
        var file = removal.File;
        var rows = JsonText.TopNumber(file.Stats, "numRecords") ?? RowsOf(store, file);
        var gone = file.DeletionVector is { } vector ? DeletionVectorReader.Read(store, file, vector, rows) : new RowSet();
        var deleted = Fresh(removal.Deleted, gone, file, rows);
        gone.UnionWith(deleted);
        var updated = Fresh(removal.Updated, gone, file, rows);
        gone.UnionWith(updated);
        return new FileRemoval(file, rows, gone, deleted, updated);
    }

    private static RowSet Fresh(RowSet rows, RowSet gone, AddFile file, long count)
    {
        if (rows.Greatest >= count) throw new ArgumentException($"{file.Path} has {count} rows, there is no row {rows.Greatest} to delete");
        return rows.Without(gone);
    }

    private static long RowsOf(IObjectStore store, AddFile file)
    {
        using var parquet = DataFile.Open(store, FilePath.ToStore(file.Path));
        return parquet.RowCount;
    }

    private sealed record Removal(AddFile File)
    {
        public RowSet Deleted { get; } = new();

        public RowSet Updated { get; } = new();
    }
}

/// <summary>What a transaction takes out of one file.</summary>
/// <param name="File">As the snapshot has it.</param>
/// <param name="Rows">Rows of the file, deleted ones included.</param>
/// <param name="Gone">All rows that are no longer part of the table then.</param>
/// <param name="Deleted">Those of them that this transaction deletes.</param>
/// <param name="Updated">Those of them whose new form this transaction adds.</param>
internal sealed record FileRemoval(AddFile File, long Rows, RowSet Gone, RowSet Deleted, RowSet Updated)
{
    public bool IsWhole => Gone.Count == Rows;

    /// <summary>The file with a deletion vector: its bounds may then be those of deleted rows. Delta protocol, "Per-file Statistics".</summary>
    public AddFile With(DeletionVector vector) => File with { DeletionVector = vector, DataChange = true, Stats = StatisticsText.WithWideBounds(File.Stats, Rows) };

    /// <summary>The rows that stay.</summary>
    public RowSet Kept()
    {
        var kept = new RowSet();
        for (long row = 0; row < Rows; row++)
        {
            if (!Gone.Contains(row)) kept.Add(row);
        }

        return kept;
    }
}
