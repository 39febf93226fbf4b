using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Thrift;

namespace Lakeflow.Parquet.Writing;

/// <summary>Gathers one leaf of a row group into finished pages: levels and pages here, values in the derived classes.</summary>
internal abstract class LeafWriter
{
    // Entries that are added between two looks at the page's size.
    private const int Piece = 4096;

    private readonly ParquetWriteOptions options;
    private readonly PageCompressor compressor;
    private readonly LevelBuffer levels;
    private readonly ByteSink body = new();
    private readonly ByteSink packed = new();
    private readonly ByteSink pages = new();
    private readonly CompactWriter headers;
    private readonly HashSet<PageEncoding> encodings = [];
    private int pageDefined;
    private int pageRows;
    private long entries;
    private long nulls;
    private long uncompressed;

    protected LeafWriter(LeafColumn leaf, ParquetWriteOptions options, PageCompressor compressor)
    {
        Leaf = leaf;
        this.options = options;
        this.compressor = compressor;
        levels = new LevelBuffer(leaf.MaxDefinition, leaf.MaxRepetition > 0);
        headers = new CompactWriter(pages);
        UsesDictionary = options.Dictionary;
    }

    public LeafColumn Leaf { get; }

    /// <summary>Bounds and NULLs of everything written so far, exact.</summary>
    public abstract ColumnStatistics FileStatistics { get; }

    /// <summary>Bytes that the row group has taken so far.</summary>
    public long Size => pages.Length + PageSize;

    protected long FileNulls { get; private set; }

    /// <summary>False after the dictionary has been given up, until the next row group.</summary>
    protected bool UsesDictionary { get; set; }

    /// <summary>True once a page of codes has been finished: then the chunk has a dictionary.</summary>
    protected bool HasCodedPages { get; private set; }

    /// <summary>Bytes of the page's values, before encoding.</summary>
    protected abstract long PageSize { get; }

    public void Add(in LeafEntries part)
    {
        var at = 0;
        var row = 0;
        while (at < part.Count)
        {
            var end = Math.Min(part.Count, at + Piece);
            if (part.Repetitions is { } repetitions)
            {
                // A page begins with a row.
                while (end < part.Count && repetitions[end] != 0) end++;
                pageRows += repetitions.AsSpan(at, end - at).Count((byte)0);
            }
            else
            {
                pageRows += end - at;
            }

            row += AddPiece(part, at, end, row);
            at = end;
            if (PageSize >= options.PageBytes || levels.Count >= options.PageBytes) FinishPage();
        }
    }

    /// <summary>Ends the row group's chunk and writes it out.</summary>
    /// <param name="target">The file.</param>
    /// <param name="offset">Where in the file the chunk begins.</param>
    /// <param name="path">Names from the top-level column down, as in the schema.</param>
    public FooterChunk FinishChunk(Stream target, long offset, IReadOnlyList<string> path)
    {
        if (levels.Count > 0 || entries == 0) FinishPage();
        long dictionaryBytes = 0;
        if (HasCodedPages)
        {
            // The dictionary comes first, but is known last.
            var dictionary = new ByteSink();
            body.Clear();
            var count = WriteDictionary(body);
            packed.Clear();
            compressor.Compress(body.Bytes, packed);
            var header = new CompactWriter(dictionary);
            header.Begin();
            header.Int(1, (int)PageKind.Dictionary);
            header.Int(2, body.Length);
            header.Int(3, packed.Length);
            if (options.Checksums) header.Int(4, (int)Crc32.Of(packed.Bytes));
            header.Begin(7);
            header.Int(1, count);
            header.Int(2, (int)PageEncoding.Plain);
            header.End();
            header.End();
            uncompressed += dictionary.Length + body.Length;
            dictionary.Add(packed.Bytes);
            target.Write(dictionary.Bytes);
            dictionaryBytes = dictionary.Length;
            encodings.Add(PageEncoding.Plain);
        }

        target.Write(pages.Bytes);
        if (Leaf.MaxDefinition > 0 || Leaf.MaxRepetition > 0) encodings.Add(PageEncoding.Rle);
        var (min, max, minExact, maxExact) = ChunkBounds();
        var chunk = new FooterChunk
        {
            Type = Leaf.Physical,
            Path = path,
            Codec = options.Codec,
            Encodings = [.. encodings.Order()],
            ValueCount = entries,
            UncompressedSize = uncompressed,
            CompressedSize = dictionaryBytes + pages.Length,
            DictionaryPageOffset = HasCodedPages ? offset : null,
            DataPageOffset = offset + dictionaryBytes,
            Statistics = new FooterStatistics
            {
                NullCount = nulls,
                Min = min,
                Max = max,
                MinExact = min is null ? null : minExact,
                MaxExact = max is null ? null : maxExact,
            },
        };
        pages.Clear();
        encodings.Clear();
        (entries, nulls, uncompressed) = (0, 0, 0);
        HasCodedPages = false;
        UsesDictionary = options.Dictionary;
        StartChunk();
        return chunk;
    }

    /// <summary>Adds values of rows <paramref name="from"/> to <paramref name="to"/>, which are all defined.</summary>
    protected abstract void AddRange(ArrowArray array, int from, int to);

    /// <summary>Adds the values of some rows, which are all defined.</summary>
    protected abstract void AddRows(ArrowArray array, ReadOnlySpan<int> rows);

    /// <summary>Adds the page's values, encoded, to <paramref name="target"/>, and forgets them.</summary>
    /// <returns><see cref="PageEncoding.RleDictionary"/> if they are codes.</returns>
    protected abstract PageEncoding WritePageValues(ByteSink target);

    /// <summary>Adds the dictionary in PLAIN.</summary>
    /// <returns>The number of its values.</returns>
    protected abstract int WriteDictionary(ByteSink target);

    /// <summary>Bounds of the row group as stored; null where there is no value, or none that has an order.</summary>
    protected abstract (byte[]? Min, byte[]? Max, bool MinExact, bool MaxExact) ChunkBounds();

    /// <summary>Forgets the row group's dictionary and bounds, having merged the bounds into the file's.</summary>
    protected abstract void StartChunk();

    /// <returns>The defined entries among the piece.</returns>
    private int AddPiece(in LeafEntries part, int at, int end, int row)
    {
        var count = end - at;
        if (part.Rows is null)
        {
            levels.AddDefined(count);
            pageDefined += count;
            AddRange(part.Array, at, end);
            return count;
        }

        var definitions = part.Definitions.AsSpan(at, count);
        if (part.Repetitions is null) definitions.CopyTo(levels.AddDefinitions(count));
        else levels.Add(definitions, part.Repetitions.AsSpan(at, count));
        var defined = LevelBuffer.CountEqual(definitions, Leaf.MaxDefinition);
        pageDefined += defined;
        if (defined > 0) AddRows(part.Array, part.Rows.AsSpan(row, defined));
        return defined;
    }

    private void FinishPage()
    {
        body.Clear();
        var count = levels.Count;
        var repetitionBytes = WriteLevels(levels.Repetitions, Leaf.MaxRepetition);
        var definitionBytes = WriteLevels(levels.AllDefined ? default : levels.Definitions, Leaf.MaxDefinition);
        var levelBytes = options.PageVersion == 2 ? repetitionBytes + definitionBytes : 0;
        var encoding = WritePageValues(body);
        if (encoding == PageEncoding.RleDictionary) HasCodedPages = true;
        packed.Clear();
        packed.Add(body.Bytes[..levelBytes]);
        // Of nothing but NULL there is nothing to compress.
        if (body.Length > levelBytes) compressor.Compress(body.Bytes[levelBytes..], packed);
        else if (options.PageVersion == 1) compressor.Compress([], packed);
        var before = pages.Length;
        headers.Begin();
        headers.Int(1, (int)(options.PageVersion == 2 ? PageKind.DataV2 : PageKind.Data));
        headers.Int(2, body.Length);
        headers.Int(3, packed.Length);
        if (options.Checksums) headers.Int(4, (int)Crc32.Of(packed.Bytes));
        if (options.PageVersion == 2)
        {
            headers.Begin(8);
            headers.Int(1, count);
            headers.Int(2, count - pageDefined);
            headers.Int(3, pageRows);
            headers.Int(4, (int)encoding);
            headers.Int(5, definitionBytes);
            headers.Int(6, repetitionBytes);
            headers.Bool(7, options.Codec != Codec.None);
        }
        else
        {
            headers.Begin(5);
            headers.Int(1, count);
            headers.Int(2, (int)encoding);
            headers.Int(3, (int)PageEncoding.Rle);
            headers.Int(4, (int)PageEncoding.Rle);
        }

        headers.End();
        headers.End();
        uncompressed += pages.Length - before + body.Length;
        pages.Add(packed.Bytes);
        encodings.Add(encoding);
        entries += count;
        nulls += count - pageDefined;
        FileNulls += count - pageDefined;
        pageDefined = 0;
        pageRows = 0;
        levels.Clear();
    }

    /// <returns>Bytes of the levels, without the length that version 1 puts before them.</returns>
    private int WriteLevels(ReadOnlySpan<byte> values, int max)
    {
        if (max == 0) return 0;
        var start = body.Length;
        var prefix = options.PageVersion == 1 ? sizeof(int) : 0;
        if (prefix > 0) body.AddInt(0);
        var width = BitPacking.WidthOf(max);
        if (values.IsEmpty && levels.Count > 0) HybridWriter.WriteRun(body, levels.Count, (uint)max, width);
        else HybridWriter.Write(body, values, width);
        var length = body.Length - start - prefix;
        if (prefix > 0) body.SetInt(start, length);
        return length;
    }
}
