using System.Runtime.InteropServices;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Delete, update and replace-where as parts of a transaction: what they do becomes visible when it commits.</summary>
public static class RowOperations
{
    /// <summary>Deletes the rows that a test means.</summary>
    /// <param name="columns">The columns that the test looks at; null is all.</param>
    /// <param name="predicates">Conditions that every row meant meets: what they rule out is not read.</param>
    /// <param name="keys">Values that every row meant has one of.</param>
    /// <returns>Rows deleted.</returns>
    /// <exception cref="DataFault">LF6063: the table only grows.</exception>
    public static long DeleteWhere(
        this Transaction transaction,
        RowTest test,
        IReadOnlyList<string>? columns = null,
        IReadOnlyList<ColumnPredicate>? predicates = null,
        IReadOnlyList<KeyFilter>? keys = null)
    {
        transaction.ReadsRows = true;
        long count = 0;
        using var scan = new DeltaScan(transaction.Read!, columns, predicates, keys: keys);
        foreach (var (batch, rows) in Matches(scan, test))
        {
            transaction.DeleteRows(batch.File, [.. rows.Select(batch.PositionOf)]);
            count += rows.Count;
        }

        return count;
    }

    /// <summary>Puts new forms in the place of the rows that a test means.</summary>
    /// <param name="update">The new form of some rows, as many as it is given, in any columns of the table; those that it leaves out become NULL.</param>
    /// <returns>Rows updated.</returns>
    public static long UpdateWhere(
        this Transaction transaction,
        RowTest test,
        Func<RecordBatch, RecordBatch> update,
        IReadOnlyList<ColumnPredicate>? predicates = null,
        IReadOnlyList<KeyFilter>? keys = null)
    {
        transaction.ReadsRows = true;
        long count = 0;
        using var scan = new DeltaScan(transaction.Read!, null, predicates, keys: keys);
        using var writer = transaction.OpenWriter();
        foreach (var (batch, rows) in Matches(scan, test))
        {
            transaction.DeleteRows(batch.File, [.. rows.Select(batch.PositionOf)], RowChange.UpdatePreimage);
            using var before = new RecordBatch(batch.Rows.Schema, [.. batch.Rows.Columns.Select(c => Columns.Take(c, CollectionsMarshal.AsSpan(rows)))], rows.Count);
            using var after = update(before);
            writer.Write(after);
            count += rows.Count;
        }

        transaction.Add(writer.Finish(), RowChange.UpdatePostimage);
        return count;
    }

    /// <summary>Replaces the rows that a test means by others, which must be meant by it as well.</summary>
    /// <returns>Rows deleted and rows written.</returns>
    /// <exception cref="DataFault">LF6076: a new row lies outside of what is replaced.</exception>
    public static (long Deleted, long Written) ReplaceWhere(
        this Transaction transaction,
        RowTest test,
        IEnumerable<RecordBatch> rows,
        IReadOnlyList<ColumnPredicate>? predicates = null,
        WriteOptions? options = null)
    {
        var deleted = transaction.DeleteWhere(test, null, predicates);
        using var writer = transaction.OpenWriter(options: options);
        foreach (var batch in rows)
        {
            var matches = new bool[batch.Length];
            test(batch, matches);
            if (Array.IndexOf(matches, false) is >= 0 and var row)
            {
                throw DeltaFaults.OutsideReplaced(transaction.Read!.Store.Location, batch.Origin?.Describe(row) ?? $"row {row + 1} of a batch");
            }

            writer.Write(batch);
        }

        transaction.Add(writer.Finish());
        return (deleted, writer.Rows);
    }

    private static IEnumerable<(LocatedBatch Batch, List<int> Rows)> Matches(DeltaScan scan, RowTest test)
    {
        using var reader = scan.Open(0, 1);
        while (reader.ReadLocated() is { } batch)
        {
            using (batch)
            {
                var rows = Meant(batch.Rows, test);
                if (rows.Count > 0) yield return (batch, rows);
            }
        }
    }

    private static List<int> Meant(RecordBatch batch, RowTest test)
    {
        var matches = new bool[batch.Length];
        test(batch, matches);
        var rows = new List<int>();
        for (var i = 0; i < matches.Length; i++)
        {
            if (matches[i]) rows.Add(i);
        }

        return rows;
    }
}
