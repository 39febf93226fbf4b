using System.Runtime.CompilerServices;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Reading;

/// <summary>The rows of a table as C# objects: what a generated reader (<c>Orders.ReadAsync</c>) calls.</summary>
public static class TableRows
{
    /// <summary>Reads a table's newest version, row by row in the order of its files.</summary>
    /// <param name="lakehouse">Where the table is.</param>
    /// <param name="dataset">The table as the program was built for it.</param>
    /// <param name="make">Makes the object of a row; its values are in the order of the dataset's columns.</param>
    /// <param name="cancellation">Ends the reading between two rows.</param>
    /// <exception cref="RuntimeError">LF5056: there is no such table; LF0054: a column is gone, has another type, or may be NULL now. Columns that the reader does not know are left out.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Lakehouse lakehouse, DatasetInfo dataset, Func<RowValues, T> make, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var scan = await Task.Run(() => Open(lakehouse, dataset.Name, dataset.Columns), cancellation).ConfigureAwait(false);
        using var reader = scan.Open(0, 1);
        // Decoding a batch takes a while; the caller's thread may be one that must not wait.
        while (await Task.Run(() => Next(reader), cancellation).ConfigureAwait(false) is { } rows)
        {
            using (rows)
            {
                for (var row = 0; row < rows.Length; row++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return make(new RowValues(rows, row));
                }
            }
        }
    }

    private static DeltaScan Open(Lakehouse lakehouse, QualifiedName table, Schema columns)
    {
        try
        {
            if (!Snapshot.TryOpen(lakehouse.Table(table), out var snapshot)) throw RunErrors.NoSuchTable(table.ToString());
            foreach (var column in columns.Fields)
            {
                var found = snapshot.Schema.Find(column.Name);
                if (found is null || !found.Type.Equals(column.Type) || (found.Nullable && !column.Nullable))
                    throw ReadErrors.OtherColumn(table.ToString(), column, found);
            }

            return new DeltaScan(snapshot, [.. columns.Fields.Select(f => f.Name)]);
        }
        catch (Exception fault) when (fault is not RuntimeError && RunErrors.Wrap(fault) is { } error)
        {
            throw error;
        }
    }

    private static RecordBatch? Next(DeltaReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (Exception fault) when (fault is not RuntimeError && RunErrors.Wrap(fault) is { } error)
        {
            throw error;
        }
    }
}
