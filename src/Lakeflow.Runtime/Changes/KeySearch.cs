using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>Rows of a table that were looked for by key, and where they lie.</summary>
/// <param name="Rows">The columns asked for.</param>
/// <param name="Numbers">For each row the number of its key.</param>
/// <param name="Files">The files that hold them.</param>
/// <param name="FileOf">For each row its file, as an index of <paramref name="Files"/>.</param>
/// <param name="Positions">For each row its number in its file.</param>
internal sealed record FoundRows(RecordBatch Rows, int[] Numbers, ImmutableArray<AddFile> Files, int[] FileOf, long[] Positions) : IDisposable
{
    public int Count => Numbers.Length;

    /// <summary>These rows, then others of the same table.</summary>
    public FoundRows With(FoundRows others)
    {
        using (this)
        using (others)
        {
            return new FoundRows(
                Concatenate.Batches(Rows.Schema, [Rows, others.Rows]), [.. Numbers, .. others.Numbers], [.. Files, .. others.Files],
                [.. FileOf, .. others.FileOf.Select(f => f + Files.Length)], [.. Positions, .. others.Positions]);
        }
    }

    public static FoundRows None(Schema columns) => new(Concatenate.Batches(columns, []), [], [], [], []);

    /// <summary>Takes some of the rows out of their table.</summary>
    public void Delete(Transaction transaction, IEnumerable<int> rows, RowChange change = RowChange.Delete)
    {
        foreach (var file in rows.GroupBy(row => FileOf[row])) transaction.DeleteRows(Files[file.Key], file.Select(row => Positions[row]), change);
    }

    public void Dispose() => Rows.Dispose();
}

/// <summary>Finds the rows of some keys in a table: of the files that may hold one of them, reads the key columns, and of those that do, the rest.</summary>
internal sealed class KeySearch(KeyTable keys, ImmutableArray<string> keyColumns, ImmutableArray<KeyFilter> filters, int workers, CancellationToken stop)
{
    /// <summary>With so many keys for each file of the table, hardly a file holds none of them.</summary>
    private const int ManyKeys = 64;

    /// <summary>The rows of the keys in the table of keys.</summary>
    /// <param name="table">Where to look.</param>
    /// <param name="columns">What to read, the key columns among them.</param>
    /// <param name="isWanted">By key, whether its rows are wanted; null is all.</param>
    public FoundRows Find(Snapshot table, Schema columns, bool[]? isWanted = null)
    {
        if (keys.Count == 0) return FoundRows.None(columns);
        var files = FilesWith(table, isWanted);
        return files.Count == 0 ? FoundRows.None(columns) : Read(table, columns, files, filters, workers, keys.Find, number => number >= 0 && isWanted?[number] != false);
    }

    /// <summary>All rows of a table; their keys are added to the table of keys. A row with a NULL in its key has the number −1.</summary>
    public FoundRows AddAll(Snapshot table, Schema columns) => Read(table, columns, table.Files, [], 1, keys.Add, _ => true);

    /// <summary>The rows of a table for which a column has a value; they have no numbers.</summary>
    public static FoundRows Where(Snapshot table, Schema columns, string column, ColumnComparison comparison, object value)
    {
        var parts = new List<Part>();
        var at = columns.IndexOf(column);
        using var scan = new DeltaScan(table, [.. columns.Fields.Select(f => f.Name)], [new ColumnPredicate(column, comparison, value)]);
        using var reader = scan.Open(0, 1);
        while (reader.ReadLocated() is { } located)
        {
            using (located)
            {
                var values = located.Rows.Columns[at];
                var numbers = new int[located.Rows.Length];
                for (var i = 0; i < numbers.Length; i++)
                {
                    var order = BoxedValues.Compare(values.GetValue(i), value);
                    numbers[i] = values.IsValid(i) && (comparison == ColumnComparison.Equal ? order == 0 : order < 0) ? -1 : -2;
                }

                if (Match(located, numbers, number => number == -1) is { } part) parts.Add(part);
            }
        }

        var found = Join(columns, parts);
        foreach (var part in parts) part.Rows.Dispose();
        return found;
    }

    /// <summary>The same search after keys were added that the filters do not know.</summary>
    public KeySearch Unfiltered() => new(keys, keyColumns, [], workers, stop);

    /// <summary>The files in which there is a row. To read keys alone is cheap, and a small change leaves most files of a large table alone.</summary>
    private IReadOnlyCollection<AddFile> FilesWith(Snapshot table, bool[]? isWanted)
    {
        var names = new Schema(keyColumns.Select(k => table.Schema.Find(k)!).ToImmutableArray());
        var found = new HashSet<AddFile>();
        using var scan = new DeltaScan(table, [.. keyColumns], keys: filters);
        if (scan.Files.Length <= 1 || keys.Count > (long)ManyKeys * scan.Files.Length) return scan.Files;
        WorkerPool.Run(workers, worker =>
        {
            using var reader = scan.Open(worker, workers);
            while (reader.ReadLocated() is { } located)
            {
                using (located)
                {
                    stop.ThrowIfCancellationRequested();
                    lock (found)
                    {
                        if (found.Contains(located.File)) continue;
                    }

                    if (!keys.Find(KeysOf(located.Rows, names)).Any(n => n >= 0 && isWanted?[n] != false)) continue;
                    lock (found) found.Add(located.File);
                }
            }
        });
        return found;
    }

    private FoundRows Read(
        Snapshot table, Schema columns, IEnumerable<AddFile> files, IReadOnlyList<KeyFilter> filter, int threads,
        Func<ImmutableArray<ArrowArray>, int[]> numbersOf, Func<int, bool> isWanted)
    {
        var parts = Enumerable.Range(0, threads).Select(_ => new List<Part>()).ToArray();
        using var scan = new DeltaScan(table, [.. columns.Fields.Select(f => f.Name)], files: files, keys: filter);
        try
        {
            WorkerPool.Run(threads, worker =>
            {
                using var reader = scan.Open(worker, threads);
                while (reader.ReadLocated() is { } located)
                {
                    using (located)
                    {
                        stop.ThrowIfCancellationRequested();
                        if (Match(located, numbersOf(KeysOf(located.Rows, columns)), isWanted) is { } part) parts[worker].Add(part);
                    }
                }
            });
            return Join(columns, [.. parts.SelectMany(p => p).OrderBy(p => p.Rows.Ordinal)]);
        }
        finally
        {
            foreach (var part in parts.SelectMany(p => p)) part.Rows.Dispose();
        }
    }

    private static Part? Match(LocatedBatch located, int[] numbers, Func<int, bool> isWanted)
    {
        var rows = new List<int>();
        for (var i = 0; i < numbers.Length; i++)
        {
            if (isWanted(numbers[i])) rows.Add(i);
        }

        if (rows.Count == 0) return null;
        var taken = new RecordBatch(located.Rows.Schema, [.. Taken(located.Rows, rows)], rows.Count) { Ordinal = located.Rows.Ordinal };
        return new Part(taken, [.. rows.Select(row => numbers[row])], located.File, [.. rows.Select(located.PositionOf)]);
    }

    private static IEnumerable<ArrowArray> Taken(RecordBatch batch, List<int> rows) =>
        rows.Count == batch.Length
            ? batch.Columns.Select(c => c.Retain())
            : batch.Columns.Select(c => Gather.Take(c, CollectionsMarshal.AsSpan(rows)));

    private static FoundRows Join(Schema columns, List<Part> parts)
    {
        var files = parts.Select(p => p.File).Distinct().ToImmutableArray();
        var indexOf = files.Select((f, i) => (f, i)).ToDictionary(p => p.f, p => p.i);
        var count = parts.Sum(p => p.Numbers.Length);
        var (numbers, fileOf, positions) = (new int[count], new int[count], new long[count]);
        var at = 0;
        foreach (var part in parts)
        {
            part.Numbers.CopyTo(numbers, at);
            part.Positions.CopyTo(positions, at);
            Array.Fill(fileOf, indexOf[part.File], at, part.Numbers.Length);
            at += part.Numbers.Length;
        }

        return new FoundRows(Concatenate.Batches(columns, [.. parts.Select(p => p.Rows)]), numbers, files, fileOf, positions);
    }

    private ImmutableArray<ArrowArray> KeysOf(RecordBatch batch, Schema columns) => [.. keyColumns.Select(k => batch.Columns[columns.IndexOf(k)])];

    private sealed record Part(RecordBatch Rows, int[] Numbers, AddFile File, long[] Positions);
}
