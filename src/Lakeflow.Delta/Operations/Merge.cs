using System.Runtime.InteropServices;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Brings rows into a table by their keys: new forms of rows that are there, new rows, and rows to delete.</summary>
public sealed record Merge(IReadOnlyList<string> Keys)
{
    /// <summary>Means the source rows whose match is to be deleted; such rows are never inserted. Null is none.</summary>
    public RowTest? DeleteWhen { get; init; }

    /// <summary>True if a match becomes the source row.</summary>
    public bool Updates { get; init; } = true;

    /// <summary>True if source rows without a match are inserted.</summary>
    public bool Inserts { get; init; } = true;

    /// <summary>Does its part of a transaction. Only files that may hold one of the keys are read.</summary>
    /// <param name="transaction">On the version to merge into.</param>
    /// <param name="source">Rows with all the key columns; columns of the table that they have not become NULL.</param>
    /// <exception cref="DataFault">LF6077: a key comes twice in the source. LF6065, LF6066: a column does not fit.</exception>
    public MergeCounts Run(Transaction transaction, RecordBatch source)
    {
        var table = transaction.Read!;
        SchemaChange.CheckWritable(table.Schema, source.Schema);
        transaction.ReadsRows = true;
        var keys = Keys.Select(k => KeyColumn(source, k)).ToArray();
        try
        {
            var index = new KeyIndex(table.Store.Location, keys, source.Length);
            var filters = Keys.Select((k, i) => KeyFilter.Values(k, Enumerable.Range(0, source.Length).Where(keys[i].IsValid).Select(keys[i].GetValue))).ToList();
            var deletes = new bool[source.Length];
            DeleteWhen?.Invoke(source, deletes);
            var matched = new bool[source.Length];
            var (updated, deleted) = (0L, 0L);
            using var scan = new DeltaScan(table, Keys, keys: filters);
            using var reader = scan.Open(0, 1);
            while (reader.ReadLocated() is { } batch)
            {
                using (batch)
                {
                    var (gone, changed) = (new List<long>(), new List<long>());
                    for (var row = 0; row < batch.Rows.Length; row++)
                    {
                        if (index.Find(batch.Rows.Columns, row) is not (>= 0 and var at)) continue;
                        matched[at] = true;
                        if (deletes[at]) gone.Add(batch.PositionOf(row));
                        else if (Updates) changed.Add(batch.PositionOf(row));
                    }

                    if (gone.Count > 0) transaction.DeleteRows(batch.File, gone);
                    if (changed.Count > 0) transaction.DeleteRows(batch.File, changed, RowChange.UpdatePreimage);
                    deleted += gone.Count;
                    updated += changed.Count;
                }
            }

            Write(transaction, source, row => matched[row] && !deletes[row] && Updates, RowChange.UpdatePostimage);
            var inserted = Write(transaction, source, row => !matched[row] && !deletes[row] && Inserts, RowChange.Insert);
            return new MergeCounts(inserted, updated, deleted);
        }
        finally
        {
            foreach (var key in keys) key.Release();
        }
    }

    private static ArrowArray KeyColumn(RecordBatch source, string key)
    {
        var at = source.Schema.IndexOf(key);
        if (at < 0) throw new ArgumentException($"the rows to merge have no column {key}");
        return source.Columns[at].Retain();
    }

    private static long Write(Transaction transaction, RecordBatch source, Func<int, bool> wanted, RowChange change)
    {
        var rows = Enumerable.Range(0, source.Length).Where(wanted).ToList();
        if (rows.Count == 0) return 0;
        using var writer = transaction.OpenWriter();
        using var batch = new RecordBatch(source.Schema, [.. source.Columns.Select(c => Columns.Take(c, CollectionsMarshal.AsSpan(rows)))], rows.Count);
        writer.Write(batch);
        transaction.Add(writer.Finish(), change);
        return rows.Count;
    }
}

/// <summary>Rows of the table that a merge inserted, updated and deleted.</summary>
public sealed record MergeCounts(long Inserted, long Updated, long Deleted);
