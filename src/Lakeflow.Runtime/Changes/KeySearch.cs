using System.Collections.Immutable;
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
/// <param name="Places">Where they lie, in their order; none of rows that will stay.</param>
internal sealed record FoundRows(RecordBatch Rows, int[] Numbers, ImmutableArray<RowPlaces> Places) : IDisposable
{
    public int Count => Numbers.Length;

    /// <summary>These rows, then others of the same table.</summary>
    public FoundRows With(FoundRows others)
    {
        using (this)
        using (others)
        {
            foreach (var places in Places.Concat(others.Places)) places.Positions.Retain();
            return new FoundRows(
                Concatenate.Batches(Rows.Schema, [Rows, others.Rows]), [.. Numbers, .. others.Numbers], [.. Places, .. others.Places.Select(p => p with { First = p.First + Count })]);
        }
    }

    public static FoundRows None(Schema columns) => new(Concatenate.Batches(columns, []), [], []);

    /// <summary>Takes some of the rows out of their table; those that lie together are best named together.</summary>
    public void Delete(Transaction transaction, ReadOnlySpan<int> rows, RowChange change = RowChange.Delete)
    {
        var at = 0;
        for (var i = 0; i < rows.Length;)
        {
            if (rows[i] < Places[at].First || rows[i] >= Places[at].End) at = IndexOf(rows[i]);
            var places = Places[at];
            var positions = places.Positions.As<long>();
            var gone = transaction.RowsToDelete(places.File, change);
            for (; i < rows.Length && rows[i] >= places.First && rows[i] < places.End; i++) gone.Add(positions[rows[i] - places.First]);
        }
    }

    /// <summary>Where a row lies.</summary>
    public (AddFile File, long Position) PlaceOf(int row)
    {
        var places = Places[IndexOf(row)];
        return (places.File, places.Positions.As<long>()[row - places.First]);
    }

    /// <summary>The last of the places that begin with a row or before it.</summary>
    private int IndexOf(int row)
    {
        var (from, to) = (0, Places.Length - 1);
        while (from < to)
        {
            var middle = (from + to + 1) / 2;
            if (Places[middle].First <= row) from = middle;
            else to = middle - 1;
        }

        return from;
    }

    public void Dispose()
    {
        Rows.Dispose();
        foreach (var places in Places) places.Positions.Release();
    }
}

/// <summary>Where some of the rows lie that were found: all in one file.</summary>
/// <param name="First">The first of them, among all that were found.</param>
/// <param name="Count">How many they are.</param>
/// <param name="File">Their file.</param>
/// <param name="Positions">For each its number in the file, as 64-bit integers.</param>
internal sealed record RowPlaces(int First, int Count, AddFile File, ArrowBuffer Positions)
{
    public int End => First + Count;
}

/// <summary>Finds the rows of some keys in a table: reads the keys, and of the other columns what the rows found need.</summary>
internal sealed class KeySearch(IKeyNumbers keys, ImmutableArray<string> keyColumns, ImmutableArray<KeyFilter> filters, int workers, CancellationToken stop)
{
    /// <summary>With more keys than this files are ruled out by the range of the keys alone.</summary>
    private const int SingleKeys = 50_000;

    /// <summary>Files that were looked into.</summary>
    public int FilesRead { get; private set; }

    /// <summary>Bytes that were read of them.</summary>
    public long BytesRead { get; private set; }

    /// <summary>What rules out files that hold none of the keys of some rows; none where there are so many that every file does.</summary>
    public static ImmutableArray<KeyFilter> FiltersOf(RecordBatch rows, ImmutableArray<string> keyColumns) => rows.Length > SingleKeys ? [] :
    [
        .. keyColumns.Select(name =>
        {
            var column = rows.Columns[rows.Schema.IndexOf(name)];
            return KeyFilter.Values(name, Enumerable.Range(0, rows.Length).Where(column.IsValid).Select(column.GetValue).Distinct());
        }),
    ];

    /// <summary>The rows of the keys.</summary>
    /// <param name="table">Where to look.</param>
    /// <param name="columns">What to read, the key columns among them.</param>
    /// <param name="isWanted">By key, whether its rows are wanted; null is all.</param>
    public FoundRows Find(Snapshot table, Schema columns, bool[]? isWanted = null) =>
        keys.Count == 0 ? FoundRows.None(columns) : Read(table, columns, keyColumns, filters, workers, (values, numbers, chosen) => keys.Choose(values, isWanted, numbers, chosen));

    /// <summary>The versions of the keys, in a table of SCD type 2, but for those that were over before any event of their key.</summary>
    public FoundRows FindSince(FirstEvents first, Snapshot table, Schema columns) => keys.Count == 0 ? FoundRows.None(columns) : Read(
        table, columns, keyColumns.Add(ChangeLayout.EndAt), [.. filters, first.Filter], workers,
        (values, numbers, chosen) => first.Choose(values[^1], numbers, chosen[..keys.Choose(values[..^1], null, numbers, chosen)]));

    /// <summary>All rows of a table; their keys are added to a table of keys. A row with a NULL in its key has the number −1.</summary>
    public FoundRows AddAll(KeyTable all, Snapshot table, Schema columns) => Read(table, columns, keyColumns, [], 1, (values, numbers, chosen) =>
    {
        var rows = values[0].Length;
        all.Add([.. values], numbers.AsSpan(0, rows));
        for (var i = 0; i < rows; i++) chosen[i] = i;
        return rows;
    });

    /// <summary>The rows of a table for which a column has a value; they have no numbers.</summary>
    public static FoundRows Where(Snapshot table, Schema columns, string column, ColumnComparison comparison, object value)
    {
        var parts = new List<Part>();
        var numbers = new int[DeltaReader.RowsInABatch];
        Array.Fill(numbers, -1);
        using var scan = new DeltaScan(table, [.. columns.Fields.Select(f => f.Name)], [new ColumnPredicate(column, comparison, value)]);
        using var reader = scan.Open(0, 1);
        while (reader.ReadChosen([columns.IndexOf(column)], Choose) is { } located)
        {
            using (located) parts.Add(Part.Of(located, numbers));
        }

        var found = Join(columns, parts, 1);
        foreach (var part in parts) part.Dispose();
        return found;

        int Choose(ReadOnlySpan<ArrowArray> columns, Span<int> chosen)
        {
            var (values, count) = (columns[0], 0);
            for (var i = 0; i < values.Length; i++)
            {
                if (values.IsNull(i)) continue;
                var order = BoxedValues.Compare(values.GetValue(i), value);
                if (comparison == ColumnComparison.Equal ? order == 0 : order < 0) chosen[count++] = i;
            }

            return count;
        }
    }

    private FoundRows Read(Snapshot table, Schema columns, ImmutableArray<string> first, IReadOnlyList<KeyFilter> filter, int threads, KeyChoice choose)
    {
        ImmutableArray<int> places = [.. first.Select(k => columns.IndexOf(k))];
        var parts = Enumerable.Range(0, threads).Select(_ => new List<Part>()).ToArray();
        using var scan = new DeltaScan(table, [.. columns.Fields.Select(f => f.Name)], keys: filter);
        try
        {
            WorkerPool.Run(threads, worker =>
            {
                using var reader = scan.OpenShared();
                var numbers = new int[DeltaReader.RowsInABatch];
                while (reader.ReadChosen(places, (values, chosen) => choose(values, numbers, chosen)) is { } located)
                {
                    stop.ThrowIfCancellationRequested();
                    using (located) parts[worker].Add(Part.Of(located, numbers));
                }
            });
            return Join(columns, [.. parts.SelectMany(p => p).OrderBy(p => p.Rows.Ordinal)], threads);
        }
        finally
        {
            FilesRead += scan.Files.Length;
            BytesRead += scan.BytesRead;
            foreach (var part in parts.SelectMany(p => p)) part.Dispose();
        }
    }

    private static FoundRows Join(Schema columns, List<Part> parts, int workers)
    {
        var numbers = GC.AllocateUninitializedArray<int>(parts.Sum(p => p.Rows.Length));
        var places = ImmutableArray.CreateBuilder<RowPlaces>(parts.Count);
        var first = 0;
        foreach (var part in parts)
        {
            part.Numbers.As<int>().CopyTo(numbers.AsSpan(first));
            part.Positions.Retain();
            places.Add(new RowPlaces(first, part.Rows.Length, part.File, part.Positions));
            first += part.Rows.Length;
        }

        return new FoundRows(Concatenate.Batches(columns, [.. parts.Select(p => p.Rows)], workers), numbers, places.MoveToImmutable());
    }

    /// <summary>Chooses rows by their keys, and notes of those chosen the number of the key, by row.</summary>
    private delegate int KeyChoice(ReadOnlySpan<ArrowArray> values, int[] numbers, Span<int> chosen);

    /// <summary>What was found in one batch. Thousands of them are kept: in pooled memory, which the collector does not move.</summary>
    private sealed record Part(RecordBatch Rows, ArrowBuffer Numbers, AddFile File, ArrowBuffer Positions) : IDisposable
    {
        public static Part Of(LocatedBatch located, int[] numbers)
        {
            var rows = located.Rows.Length;
            var part = new Part(located.Rows.WithSchema(located.Rows.Schema), ArrowBuffer.Rent(rows * sizeof(int)), located.File, ArrowBuffer.Rent(rows * sizeof(long)));
            var mine = part.Numbers.As<int>();
            var positions = part.Positions.As<long>();
            for (var i = 0; i < rows; i++)
            {
                mine[i] = numbers[located.NumberOf(i)];
                positions[i] = located.PositionOf(i);
            }

            return part;
        }

        public void Dispose()
        {
            Rows.Dispose();
            Numbers.Release();
            Positions.Release();
        }
    }
}
