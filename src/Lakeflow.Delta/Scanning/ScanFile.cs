using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>One data file of a scan: its footer, where each wanted column comes from, and its deleted rows.</summary>
internal sealed class ScanFile
{
    private readonly Source[] sources;
    private readonly Lazy<RowSet?> deleted;

    public ScanFile(
        Snapshot snapshot, AddFile add, Schema wanted, ColumnMapping mapping, IReadOnlyList<ColumnPredicate> predicates, IReadOnlyList<KeyFilter> keys, RowSet? rows, Action<long> count)
    {
        Add = add;
        Wanted = rows;
        var path = FilePath.ToStore(add.Path);
        Parquet = DataFile.Open(snapshot.Store, path, count);
        Label = $"{Path.GetFileName(snapshot.Store.Location.TrimEnd('/', '\\'))}/{path}";
        var columns = new List<int>();
        sources = [.. wanted.Fields.Select(f => SourceOf(snapshot, add, f, mapping, columns))];
        FileColumns = columns;
        deleted = new(() => add.DeletionVector is { } v ? DeletionVectorReader.Read(snapshot.Store, add, v, Parquet.RowCount) : null);
        Predicates = Known(predicates, snapshot, mapping);
        RowGroups = [.. Enumerable.Range(0, Parquet.RowGroups.Count).Where(g => !IsEmpty(Parquet.RowGroups[g]) && !Parquet.CanSkip(g, Predicates) && !Misses(g, keys, snapshot, mapping))];
    }

    /// <summary>The file as the log has it.</summary>
    public AddFile Add { get; }

    /// <summary>The rows to read; null is all.</summary>
    public RowSet? Wanted { get; }

    public ParquetFile Parquet { get; }

    /// <summary>What a sample row's place says: the table's folder and the file in it.</summary>
    public string Label { get; }

    /// <summary>The row groups that may hold wanted rows.</summary>
    public IReadOnlyList<int> RowGroups { get; }

    /// <summary>The file's fields to read, each once.</summary>
    public IReadOnlyList<int> FileColumns { get; }

    /// <summary>The scan's conditions in the file's names.</summary>
    public IReadOnlyList<ColumnPredicate> Predicates { get; }

    /// <summary>The rows that a deletion vector takes out.</summary>
    public RowSet? Deleted => deleted.Value;

    /// <summary>For each column of the wanted schema the place of its file column in <see cref="FileColumns"/>; −1 for one that has a constant.</summary>
    public int PlaceOf(int column) => sources[column].Shape is null ? -1 : sources[column].Column;

    /// <summary>The table's columns from the file's; the caller owns the result as well as <paramref name="raw"/>.</summary>
    /// <param name="schema">The wanted schema.</param>
    /// <param name="raw">A batch of <see cref="FileColumns"/>.</param>
    /// <param name="constants">Columns of partition values and NULLs, kept from batch to batch by the reader.</param>
    public RecordBatch Shape(Schema schema, RecordBatch raw, ArrowArray?[] constants)
    {
        var columns = System.Collections.Immutable.ImmutableArray.CreateBuilder<ArrowArray>(sources.Length);
        for (var i = 0; i < sources.Length; i++) columns.Add(Shape(i, schema[i], PlaceOf(i) is >= 0 and var place ? raw.Columns[place] : null, raw.Length, constants));
        return new RecordBatch(schema, columns.MoveToImmutable(), raw.Length);
    }

    /// <summary>One column of the table; the caller owns the result.</summary>
    /// <param name="column">Its place in the wanted schema.</param>
    /// <param name="raw">The file's column at <see cref="PlaceOf"/>; null if there is none.</param>
    public ArrowArray Shape(int column, Field field, ArrowArray? raw, int rows, ArrowArray?[] constants)
    {
        if (raw is not null) return sources[column].Shape!.Apply(raw);
        if (constants[column] is null || constants[column]!.Length < rows)
        {
            constants[column]?.Release();
            constants[column] = Columns.Constant(sources[column].Constant, field.Type, rows);
        }

        return constants[column]!.Length == rows ? constants[column]!.Retain() : constants[column]!.Slice(0, rows);
    }

    private Source SourceOf(Snapshot snapshot, AddFile add, Field field, ColumnMapping mapping, List<int> columns)
    {
        if (snapshot.PartitionColumns.Contains(field.Name, StringComparer.OrdinalIgnoreCase))
        {
            var text = add.PartitionValues.GetValueOrDefault(mapping.PhysicalName(field));
            return new Source(-1, null, PartitionValue.Read(text, field, Parquet.Name));
        }

        var at = mapping.Find(Parquet.Schema.Fields, field);
        if (at < 0) return new Source(-1, null, null);
        var shape = ColumnShape.For(Parquet.Schema[at], field, mapping, Parquet.Name);
        var place = columns.IndexOf(at);
        if (place < 0)
        {
            place = columns.Count;
            columns.Add(at);
        }

        return new Source(place, shape, null);
    }

    private bool IsEmpty(RowGroup group) => group.RowCount == 0 || Wanted?.CountBetween(group.FirstRow, group.FirstRow + group.RowCount) == 0;

    /// <summary>True if a row group's statistics rule out one of the keys' columns.</summary>
    private bool Misses(int group, IReadOnlyList<KeyFilter> keys, Snapshot snapshot, ColumnMapping mapping)
    {
        foreach (var key in keys)
        {
            if (AsInTable(key.Column, snapshot, mapping) is not { } at) continue;
            var known = Parquet.StatisticsOf(group, at);
            if (key.Misses(known.Min, known.Max, known.NullCount, Parquet.RowGroups[group].RowCount)) return true;
            if (key.Misses(known.Min, known.Max, known.NullCount, Parquet.Schema[at].Type, () => Parquet.BloomFilterOf(group, at))) return true;
        }

        return false;
    }

    /// <summary>The predicates in the file's names, those on columns that hold the table's values there.</summary>
    private List<ColumnPredicate> Known(IReadOnlyList<ColumnPredicate> predicates, Snapshot snapshot, ColumnMapping mapping)
    {
        var known = new List<ColumnPredicate>();
        foreach (var predicate in predicates)
        {
            if (AsInTable(predicate.Column, snapshot, mapping) is { } at) known.Add(predicate with { Column = Parquet.Schema[at].Name });
        }

        return known;
    }

    /// <summary>
    /// The place in the file of a column whose values there are the table's; null if there is none. A column of another type
    /// is widened first, and a partition column has its value from the log, whatever a file that repeats it holds.
    /// </summary>
    private int? AsInTable(string name, Snapshot snapshot, ColumnMapping mapping)
    {
        if (snapshot.Schema.Find(name) is not { } column || snapshot.PartitionColumns.Contains(column.Name, StringComparer.OrdinalIgnoreCase)) return null;
        var at = mapping.Find(Parquet.Schema.Fields, column);
        return at >= 0 && Parquet.Schema[at].Type.Equals(column.Type) ? at : null;
    }

    /// <param name="Column">Place in <see cref="FileColumns"/>, or -1.</param>
    /// <param name="Shape">Null for a constant column.</param>
    /// <param name="Constant">The value of every row, where there is no column.</param>
    private readonly record struct Source(int Column, ColumnShape? Shape, object? Constant);
}
