using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>Lays rows down as data files of a table: one writer a worker thread. Nothing is seen of them before a commit names them.</summary>
/// <remarks>
/// A file's name holds an id that no other run has: two runs of one step must not write over each other's files, since one of
/// the two may have committed. What a run leaves behind when it dies is found by <see cref="TableFiles.Orphans"/>.
/// </remarks>
public sealed class TableWriter : IDisposable
{
    /// <summary>
    /// Where rows go one by one, rows are looked for one by one: pages are so small that many hold none that is wanted, and are not read;
    /// and for the few rows that are, no page is decompressed that is not much smaller for it.
    /// </summary>
    private static readonly ParquetWriteOptions RowsByPlace = ParquetWriteOptions.Default with
    {
        PageBytes = 512,
        PageRows = 256,
        TrialBytes = ParquetWriteOptions.Default.PageBytes,
        LeastSaving = 3,
    };

    private readonly IObjectStore store;
    private readonly Schema table;
    private readonly Schema fileSchema;
    private readonly int[] partitionColumns;
    private readonly string[] partitionNames;
    private readonly int[] fileColumns;
    private readonly int indexedColumns;
    private readonly ParquetWriteOptions parquet;
    private readonly long timestamp;
    private readonly string id;
    private readonly FileNumbers numbers;
    private readonly string root;
    private readonly string prefix;
    private readonly int worker;
    private readonly WriteOptions options;
    private readonly Dictionary<string, OpenFile> open = new(StringComparer.Ordinal);
    private readonly List<AddFile> finished = [];
    private int[] places = [];
    private Schema? lastSchema;

    /// <param name="store">The table.</param>
    /// <param name="metadata">Its schema, partitioning and properties, as they will be when the files are committed.</param>
    /// <param name="timestamp">Milliseconds since the epoch, the same for all files of a commit.</param>
    /// <param name="id">Part of the names of the files; unlike that of any other run.</param>
    /// <param name="worker">Number of the worker, from 0; part of the names.</param>
    public TableWriter(IObjectStore store, TableMetadata metadata, long timestamp, Guid id, int worker = 0, WriteOptions? options = null)
        : this(store, metadata, timestamp, id, worker, options, new FileNumbers())
    {
    }

    /// <summary>One of several writers that share their numbers, so that no two of their files are of one name.</summary>
    internal TableWriter(IObjectStore store, TableMetadata metadata, long timestamp, Guid id, int worker, WriteOptions? options, FileNumbers numbers)
        : this(store, metadata, timestamp, id, "", "part", worker, options, numbers)
    {
    }

    /// <summary>A writer of change files.</summary>
    /// <param name="root">The folder in which the partitions' folders lie; ends in '/'.</param>
    internal TableWriter(IObjectStore store, TableMetadata metadata, long timestamp, Guid id, string root)
        : this(store, metadata, timestamp, id, root, "cdc", 0, null, new FileNumbers())
    {
    }

    private TableWriter(
        IObjectStore store, TableMetadata metadata, long timestamp, Guid id, string root, string prefix, int worker, WriteOptions? options, FileNumbers numbers)
    {
        this.numbers = numbers;
        this.root = root;
        this.prefix = prefix;
        this.store = store;
        this.timestamp = timestamp;
        this.id = id.ToString();
        this.worker = worker;
        this.options = options ?? new WriteOptions();
        table = metadata.Schema;
        partitionColumns = [.. metadata.PartitionColumns.Select(table.IndexOf)];
        // Spark does not write VOID columns either: they read as NULL because they are missing.
        fileColumns = [.. Enumerable.Range(0, table.Count).Where(i => !partitionColumns.Contains(i) && table[i].Type is not NullType)];
        var mapping = new ColumnMapping(metadata);
        fileSchema = new Schema(fileColumns.Select(i => MappedSchema.Physical(table[i], mapping)).ToImmutableArray());
        partitionNames = [.. partitionColumns.Select(c => mapping.PhysicalName(table[c]))];
        var properties = new TableProperties(metadata.Properties);
        indexedColumns = properties.IndexedColumns;
        parquet = (properties.WritesDeletionVectors ? RowsByPlace : ParquetWriteOptions.Default) with
        {
            BloomColumns = [.. properties.BloomColumns.Select(table.IndexOf).Where(c => c >= 0).Select(c => mapping.PhysicalName(table[c]))],
        };
    }

    /// <summary>Rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Writes a batch, whose columns are found by name; a column that it has not is NULL.</summary>
    /// <exception cref="DataFault">LF6065, LF6066: a column does not fit. LF6067: NULL in a NOT NULL column. LF6069: the store failed.</exception>
    public void Write(RecordBatch batch)
    {
        if (batch.Length == 0) return;
        if (!ReferenceEquals(batch.Schema, lastSchema))
        {
            // Batches of one stream share their schema: it is looked through once.
            SchemaChange.CheckWritable(table, batch.Schema);
            places = [.. table.Fields.Select(f => batch.Schema.IndexOf(f.Name))];
            lastSchema = batch.Schema;
        }

        var columns = new ArrowArray[table.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = places[i] >= 0 && batch.Columns[places[i]] is not NullArray and var column ? StructShape.Of(column, table[i].Type) : Columns.AllNull(table[i].Type, batch.Length);
            if (!table[i].Nullable) CheckNotNull(columns[i], table[i], batch);
        }

        try
        {
            if (partitionColumns.Length == 0) Append("", ImmutableSortedDictionary<string, string?>.Empty, columns, batch.Length);
            else WritePartitioned(columns, batch);
        }
        finally
        {
            foreach (var column in columns) column.Release();
        }

        Rows += batch.Length;
    }

    /// <summary>Ends the row group of each open file: rows that are looked for apart from those before are better laid apart from them.</summary>
    public void EndGroup()
    {
        foreach (var file in open.Values) file.EndGroup();
    }

    /// <summary>Closes the files and tells what to commit, in the order of the names.</summary>
    public ImmutableArray<AddFile> Finish()
    {
        foreach (var file in open.Values) finished.Add(file.Close(timestamp));
        open.Clear();
        var result = finished.OrderBy(f => f.Path, StringComparer.Ordinal).ToImmutableArray();
        finished.Clear();
        return result;
    }

    /// <summary>Drops what was written and not finished.</summary>
    public void Dispose()
    {
        foreach (var file in open.Values) file.Dispose();
        open.Clear();
        foreach (var file in finished) store.Delete(FilePath.ToStore(file.Path));
        finished.Clear();
    }

    private static void CheckNotNull(ArrowArray column, Field field, RecordBatch batch)
    {
        if (column.NullCount == 0) return;
        var row = 0;
        while (column.IsValid(row)) row++;
        throw DeltaFaults.NullInNotNull(field.Name, Where(batch, row));
    }

    private static string Where(RecordBatch batch, int row) => batch.Origin?.Describe(row) ?? string.Create(CultureInfo.InvariantCulture, $"row {row + 1} of a batch");

    private void WritePartitioned(ArrowArray[] columns, RecordBatch batch)
    {
        var length = batch.Length;
        var parts = PartitionSplit.Of([.. partitionColumns.Select(c => columns[c])], length);
        foreach (var rows in parts)
        {
            var values = partitionColumns.Select((c, i) => KeyValuePair.Create(partitionNames[i], PartitionValue.Write(columns[c].GetValue(rows[0]), table[c].Type))).ToList();
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i].Value is null && table[partitionColumns[i]] is { Nullable: false } column) throw DeltaFaults.EmptyInNotNull(column.Name, Where(batch, rows[0]));
            }

            var folder = string.Concat(values.Select(v => PartitionValue.Folder(v.Key, v.Value)));
            var partition = values.ToImmutableSortedDictionary(StringComparer.Ordinal);
            if (rows.Count == length)
            {
                Append(folder, partition, columns, length);
                continue;
            }

            // Partition columns are not in the file: only the others are gathered.
            var part = columns.Select((c, i) => partitionColumns.Contains(i) ? c.Retain() : Columns.Take(c, CollectionsMarshal.AsSpan(rows))).ToArray();
            Append(folder, partition, part, rows.Count);
            foreach (var column in part) column.Release();
        }
    }

    private void Append(string folder, ImmutableSortedDictionary<string, string?> values, ArrowArray[] columns, int length)
    {
        if (!open.TryGetValue(folder, out var file))
        {
            if (open.Count >= options.MaxOpenFiles) CloseLargest();
            var name = string.Create(CultureInfo.InvariantCulture, $"{root}{folder}{prefix}-{worker:D5}-{id}-c{numbers.Next():D3}.snappy.parquet");
            open[folder] = file = new OpenFile(store, name, values, fileSchema, indexedColumns, parquet);
        }

        using (var batch = new RecordBatch(fileSchema, [.. fileColumns.Select(c => columns[c].Retain())], length)) file.Write(batch);
        if (file.Bytes < options.TargetFileBytes) return;
        finished.Add(file.Close(timestamp));
        open.Remove(folder);
    }

    private void CloseLargest()
    {
        var (folder, file) = open.MaxBy(f => f.Value.Rows);
        finished.Add(file.Close(timestamp));
        open.Remove(folder);
    }
}
