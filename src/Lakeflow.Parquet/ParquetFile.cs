using System.Buffers.Binary;
using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Bloom;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Reading;

namespace Lakeflow.Parquet;

/// <summary>A Parquet file whose footer has been read and checked. Thread-safe; the readers it opens are not.</summary>
/// <remarks>
/// Whatever is wrong with the bytes ends in a <see cref="DataFault"/> LF60xx that names file, column and offset.
/// The format is that of the Apache Parquet specification; types become those that Spark gives them.
/// </remarks>
public sealed class ParquetFile : IDisposable
{
    /// <summary>Key of a field's id in <see cref="Field.Metadata"/>, as Spark's schemas have it.</summary>
    public const string FieldIdKey = "parquet.field.id";

    // A first guess that holds the footers of most files: one read instead of two. Small files have small footers.
    private const int Tail = 64 << 10;
    private const int SmallTail = 8 << 10;
    private const int TailPart = 16;

    private readonly IRandomRead input;
    private readonly Footer footer;
    private readonly ImmutableArray<ColumnNode> columns;

    private ParquetFile(IRandomRead input, string name, Footer footer)
    {
        this.input = input;
        this.footer = footer;
        Name = name;
        (columns, var leaves) = SchemaTree.Build(name, footer.Schema);
        Schema = new Schema(columns.Select(c => c.Field).ToImmutableArray());
        RowGroups = Groups(name, footer, leaves);
    }

    /// <summary>As messages name the file.</summary>
    public string Name { get; }

    public Schema Schema { get; }

    /// <summary>Rows of all row groups. (The footer's own count is not used: some writers leave it 0.)</summary>
    public long RowCount => RowGroups.Sum(g => g.RowCount);

    public IReadOnlyList<RowGroup> RowGroups { get; }

    public IReadOnlyDictionary<string, string> KeyValueMetadata => footer.KeyValueMetadata;

    /// <summary>The writer's name and version, as it gave them.</summary>
    public string? CreatedBy => footer.CreatedBy;

    /// <summary>Reads and checks the footer. The file takes <paramref name="input"/> and disposes it.</summary>
    /// <exception cref="DataFault">LF6001 to LF6005: not Parquet, encrypted, damaged, or of a type that cannot be read.</exception>
    public static ParquetFile Open(IRandomRead input, string name)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            return new ParquetFile(input, name, ReadFooter(input, name));
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Opens a local file.</summary>
    public static ParquetFile Open(string path) => Open(new FileRead(path), path);

    /// <summary>True if the statistics show that no row of the row group meets all predicates.</summary>
    /// <remarks>A predicate on a column that the file lacks, or that is nested, says nothing.</remarks>
    public bool CanSkip(int rowGroup, IReadOnlyList<ColumnPredicate> predicates)
    {
        ArgumentNullException.ThrowIfNull(predicates);
        var group = RowGroups[rowGroup];
        foreach (var predicate in predicates)
        {
            var index = Schema.IndexOf(predicate.Column);
            if (index < 0 || columns[index].Leaf is not { } leaf) continue;
            if (Pruning.RulesOut(group.Columns[leaf.Index].Statistics, leaf.Type, group.RowCount, predicate)) return true;
        }

        return false;
    }

    /// <summary>Statistics of a top-level column in a row group; unknown for nested columns.</summary>
    public ColumnStatistics StatisticsOf(int rowGroup, int column) =>
        columns[column].Leaf is { } leaf ? RowGroups[rowGroup].Columns[leaf.Index].Statistics : ColumnStatistics.Unknown;

    /// <summary>The bloom filter of a top-level column in a row group, read from the file now; null if there is none, or none of a kind that is known.</summary>
    public BloomFilter? BloomFilterOf(int rowGroup, int column)
    {
        if (columns[column].Leaf is not { } leaf || footer.RowGroups[rowGroup].Chunks[leaf.Index].BloomOffset is not (> 0 and var offset) || offset >= input.Length) return null;
        try
        {
            return BloomFilter.Read(input, offset, leaf.Physical);
        }
        catch (Exception e) when (BrokenDataException.Is(e) || e is EndOfStreamException)
        {
            // A filter only saves reading; a broken one saves none.
            return null;
        }
    }

    /// <summary>Opens a row group for reading. Each column's bytes are read at once, now.</summary>
    /// <param name="index">Which row group.</param>
    /// <param name="columns">Indexes of top-level fields, in the order wanted.</param>
    /// <param name="keepDictionaries">True if top-level text columns may come as <see cref="DictionaryArray"/>.</param>
    /// <param name="predicates">Conditions that the caller will apply, all of them: rows that do not meet them may be left out.</param>
    public RowGroupReader OpenRowGroup(int index, IReadOnlyList<int> columns, bool keepDictionaries = true, IReadOnlyList<ColumnPredicate>? predicates = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ImmutableArray<ColumnNode> chosen = [.. columns.Select(c => this.columns[c])];
        return new RowGroupReader(Name, input, footer.RowGroups[index], RowGroups[index].FirstRow, chosen, predicates ?? [], keepDictionaries);
    }

    public void Dispose() => input.Dispose();

    private static Footer ReadFooter(IRandomRead input, string name)
    {
        // Magic, an empty footer's length, magic.
        if (input.Length < 12) throw ParquetFaults.NotParquet(name, $"it has {input.Length} bytes");
        var tail = new byte[(int)Math.Min(input.Length, Math.Clamp(input.Length / TailPart, SmallTail, Tail))];
        Fill(input, name, input.Length - tail.Length, tail);
        if (tail.AsSpan(tail.Length - 4).SequenceEqual("PARE"u8)) throw ParquetFaults.Encrypted(name, "its footer is");
        if (!tail.AsSpan(tail.Length - 4).SequenceEqual("PAR1"u8)) throw ParquetFaults.NotParquet(name, "it does not end with PAR1");
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(tail.Length - 8));
        var start = input.Length - 8 - length;
        if (start < 4 || length > int.MaxValue) throw ParquetFaults.BrokenFooter(name, input.Length - 8, $"it takes {length} bytes of a file of {input.Length}");
        var bytes = tail.AsSpan();
        if (length + 8 <= tail.Length)
        {
            bytes = bytes.Slice(tail.Length - 8 - (int)length, (int)length);
        }
        else
        {
            bytes = new byte[(int)length];
            Fill(input, name, start, bytes);
        }

        try
        {
            var footer = FooterReader.Read(bytes);
            if (footer.Encrypted) throw ParquetFaults.Encrypted(name, "its footer names an encryption algorithm");
            return footer;
        }
        catch (Exception e) when (BrokenDataException.Is(e))
        {
            throw ParquetFaults.BrokenFooter(name, start, e.Message);
        }
    }

    private static void Fill(IRandomRead input, string name, long offset, Span<byte> into)
    {
        try
        {
            input.Read(offset, into);
        }
        catch (EndOfStreamException e)
        {
            throw ParquetFaults.NotParquet(name, e.Message);
        }
    }

    private static ImmutableArray<RowGroup> Groups(string name, Footer footer, ImmutableArray<LeafColumn> leaves)
    {
        var groups = ImmutableArray.CreateBuilder<RowGroup>(footer.RowGroups.Count);
        long first = 0;
        foreach (var group in footer.RowGroups)
        {
            if (group.Chunks.Count != leaves.Length)
                throw ParquetFaults.BrokenFooter(name, 0, $"a row group has {group.Chunks.Count} columns, the schema {leaves.Length}");
            if (group.RowCount < 0 || group.RowCount > long.MaxValue - first)
                throw ParquetFaults.BrokenFooter(name, 0, $"a row group has {group.RowCount} rows");
            var chunks = leaves.Select((leaf, i) => Chunk(leaf, group.Chunks[i])).ToImmutableArray();
            groups.Add(new RowGroup(group.RowCount, first, group.ByteSize, chunks));
            first += group.RowCount;
        }

        return groups.MoveToImmutable();
    }

    private static ColumnChunk Chunk(LeafColumn leaf, FooterChunk chunk) =>
        new(leaf.Path, leaf.Type, chunk.Codec, chunk.ValueCount, chunk.CompressedSize, chunk.UncompressedSize, StatisticsReader.Read(leaf, chunk.Statistics, chunk.ValueCount));
}
