using System.Buffers.Binary;
using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Bloom;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet;

/// <summary>Writes one Parquet file to a stream. Not thread-safe.</summary>
/// <remarks>
/// A row group is gathered, encoded and compressed, in memory and written out when it is full. Without <see cref="Close"/>
/// the file has no footer and is no Parquet file. Intervals are written as the integers they are.
/// </remarks>
public sealed class ParquetWriter : IDisposable
{
    // Below the 2 GB that a chunk may take, with room for what a batch adds.
    private const long LargestChunk = 1L << 30;

    private readonly Stream target;
    private readonly ParquetWriteOptions options;
    private readonly Schema schema;
    private readonly List<SchemaElement> elements;
    private readonly ImmutableArray<ColumnNode> columns;
    private readonly ImmutableArray<LeafWriter> writers;
    private readonly ImmutableArray<ImmutableArray<string>> storedPaths;
    private readonly ImmutableArray<BloomColumn> blooms;
    private readonly List<FooterRowGroup> groups = [];
    private long position;
    private long rows;
    private int groupRows;
    private bool closed;

    /// <param name="target">Where the file goes, from its present position on; stays open.</param>
    /// <param name="schema">The columns of every batch. A field's id is taken from its metadata (<see cref="ParquetFile.FieldIdKey"/>).</param>
    /// <param name="options">How; the defaults if null.</param>
    /// <exception cref="DataFault">LF6020, LF6021: a type or codec cannot be written.</exception>
    public ParquetWriter(Stream target, Schema schema, ParquetWriteOptions? options = null)
    {
        this.target = target;
        this.schema = schema;
        this.options = options ?? ParquetWriteOptions.Default;
        PageCompressor.Check(this.options.Codec);
        elements = SchemaElements.Of(schema);
        (columns, var leaves) = SchemaTree.Build("the new file", elements);
        storedPaths = StoredPaths(elements);
        var compressor = new PageCompressor(this.options.Codec);
        writers = [.. leaves.Select(l => LeafWriters.Create(l, this.options, compressor))];
        blooms =
        [
            .. this.options.BloomColumns.Select(schema.IndexOf).Where(c => c >= 0 && columns[c].Leaf is not null && BloomFilter.Knows(schema[c].Type))
                .Select(c => new BloomColumn(c, schema[c].Type, columns[c].Leaf!.Physical)),
        ];
        Put("PAR1"u8);
    }

    /// <summary>Bytes of the file so far, with what is still in memory.</summary>
    public long EstimatedBytes => position + writers.Sum(w => w.Size);

    /// <summary>Adds the rows of a batch, which has the writer's schema.</summary>
    /// <exception cref="DataFault">LF6022: a NULL in a column that is NOT NULL.</exception>
    public void Write(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(closed, this);
        if (batch.Columns.Length != columns.Length) throw new ArgumentException($"{batch.Columns.Length} columns for {columns.Length} fields");
        for (var at = 0; at < batch.Length;)
        {
            var some = Math.Min(batch.Length - at, options.RowGroupRows - groupRows);
            if (some == batch.Length)
            {
                Add(batch);
            }
            else
            {
                using var slice = batch.Slice(at, some);
                Add(slice);
            }

            at += some;
            groupRows += some;
            if (groupRows >= options.RowGroupRows || writers.Any(w => w.Size > LargestChunk)) FinishGroup();
        }
    }

    /// <summary>Ends the row group, if it has rows: what follows begins another.</summary>
    public void EndGroup()
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (groupRows > 0) FinishGroup();
    }

    /// <summary>Writes what is left and the footer. The stream is neither flushed nor closed.</summary>
    public ParquetWriteResult Close()
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (groupRows > 0) FinishGroup();
        closed = true;
        WriteIndexes();
        var sink = new ByteSink();
        FooterWriter.Write(
            new Footer
            {
                Schema = elements,
                RowCount = rows,
                RowGroups = groups,
                KeyValueMetadata = options.KeyValueMetadata,
                CreatedBy = $"lakeflow version {typeof(ParquetWriter).Assembly.GetName().Version?.ToString(3)}",
            },
            writers.Length,
            sink);
        Put(sink.Bytes);
        Span<byte> end = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(end, sink.Length);
        "PAR1"u8.CopyTo(end[4..]);
        Put(end);
        return new ParquetWriteResult(rows, position, [.. LeafPaths().Zip(writers, Written)]);
    }

    /// <summary>Gives up what has not been written.</summary>
    public void Dispose()
    {
        closed = true;
        foreach (var writer in writers) writer.Release();
    }

    private static WrittenColumn Written(ImmutableArray<string> path, LeafWriter writer) =>
        new(path, writer.Leaf.MaxRepetition > 0, writer.FileStatistics);

    private void Add(RecordBatch batch)
    {
        for (var i = 0; i < columns.Length; i++)
            Shredder.Shred(columns[i], batch.Columns[i], (leaf, entries) => writers[leaf.Index].Add(entries));
        foreach (var bloom in blooms) bloom.Add(batch.Columns[bloom.Column]);
    }

    private void FinishGroup()
    {
        var chunks = new List<FooterChunk>();
        foreach (var writer in writers)
        {
            var chunk = writer.FinishChunk(target, position, storedPaths[writer.Leaf.Index]);
            position += chunk.CompressedSize;
            chunks.Add(chunk);
        }

        foreach (var bloom in blooms)
        {
            if (bloom.Finish() is not { } filter) continue;
            var sink = new ByteSink();
            filter.Write(sink);
            var leaf = columns[bloom.Column].Leaf!.Index;
            chunks[leaf] = chunks[leaf] with { BloomOffset = position, BloomLength = sink.Length };
            Put(sink.Bytes);
        }

        groups.Add(new FooterRowGroup(chunks, groupRows, chunks.Sum(c => c.UncompressedSize)));
        rows += groupRows;
        groupRows = 0;
    }

    /// <summary>Writes where pages lie: behind all row groups, as the specification (PageIndex.md) has it.</summary>
    private void WriteIndexes()
    {
        var sink = new ByteSink();
        for (var g = 0; g < groups.Count; g++)
        {
            groups[g] = groups[g] with { Chunks = [.. groups[g].Chunks.Select(WithIndex)] };
        }

        sink.Release();

        FooterChunk WithIndex(FooterChunk chunk)
        {
            if (chunk.Pages is null) return chunk;
            sink.Clear();
            chunk.Pages.Write(sink);
            var indexed = chunk with { IndexOffset = position, IndexLength = sink.Length, Pages = null };
            Put(sink.Bytes);
            return indexed;
        }
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        target.Write(bytes);
        position += bytes.Length;
    }

    /// <summary>For each leaf the names on the way to it, the inner groups of lists and maps included.</summary>
    private static ImmutableArray<ImmutableArray<string>> StoredPaths(List<SchemaElement> elements)
    {
        var paths = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var next = 1;
        for (var i = 0; i < elements[0].ChildCount; i++) Visit([]);
        return paths.ToImmutable();

        void Visit(ImmutableArray<string> above)
        {
            var element = elements[next++];
            var path = above.Add(element.Name);
            if (element.Type is not null) paths.Add(path);
            for (var i = 0; i < element.ChildCount; i++) Visit(path);
        }
    }

    /// <summary>The same for users: field names only.</summary>
    private IEnumerable<ImmutableArray<string>> LeafPaths() => schema.Fields.SelectMany(f => Paths(f, []));

    private static IEnumerable<ImmutableArray<string>> Paths(Field field, ImmutableArray<string> above)
    {
        var path = above.Add(field.Name);
        return field.Type switch
        {
            StructType type => type.Fields.SelectMany(f => Paths(f, path)),
            ListType type => Paths(type.Element with { Name = "element" }, path),
            MapType type => Paths(type.Key with { Name = "key" }, path).Concat(Paths(type.Value with { Name = "value" }, path)),
            _ => [path],
        };
    }
}
