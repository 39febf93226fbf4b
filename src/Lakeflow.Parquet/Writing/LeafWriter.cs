using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Thrift;

namespace Lakeflow.Parquet.Writing;

/// <summary>Gathers one leaf of a row group into finished pages: levels and pages here, values in the derived classes.</summary>
internal abstract class LeafWriter
{
    // Entries that are added between two looks at the page's size, at most.
    private const int Piece = 4096;

    // Row groups that go without a dictionary where it did not pay in the one before them.
    private const int GroupsWithout = 7;

    // A page of few rows is worth its header only if it takes this part of what a page may take.
    private const int SmallestPart = 6;

    // However little they take.
    private const int MostRows = 1 << 14;

    private readonly ParquetWriteOptions options;
    private readonly PageCompressor compressor;
    private readonly LevelBuffer levels;
    // What the pages of the row group hold, one behind the other, and where each ends.
    private readonly ByteSink bodies = new();
    private readonly List<Page> pages = [];
    private readonly ByteSink packed = new();
    private readonly ByteSink chunkBytes = new();
    private int pageDefined;
    private int pageRows;
    private long entries;
    private long nulls;
    private int without;

    // Bytes of the last page's values, by byte of what they were before encoding.
    private double density = 1;

    protected LeafWriter(LeafColumn leaf, ParquetWriteOptions options, PageCompressor compressor)
    {
        Leaf = leaf;
        this.options = options;
        this.compressor = compressor;
        levels = new LevelBuffer(leaf.MaxDefinition, leaf.MaxRepetition > 0);
        UsesDictionary = options.Dictionary;
    }

    public LeafColumn Leaf { get; }

    /// <summary>Bounds and NULLs of everything written so far, exact.</summary>
    public abstract ColumnStatistics FileStatistics { get; }

    /// <summary>Bytes that the row group has taken so far.</summary>
    public long Size => bodies.Length + PageSize;

    protected long FileNulls { get; private set; }

    /// <summary>False after the dictionary has been given up, until the next row group.</summary>
    protected bool UsesDictionary { get; set; }

    /// <summary>True once a page of codes has been finished: then the chunk has a dictionary.</summary>
    protected bool HasCodedPages { get; private set; }

    /// <summary>True while the first page is to tell whether a dictionary pays.</summary>
    protected abstract bool IsOnProbation { get; }

    /// <summary>Bytes of the page's values, before encoding.</summary>
    protected abstract long PageSize { get; }

    public void Add(in LeafEntries part)
    {
        var at = 0;
        var row = 0;
        var piece = Math.Clamp(options.PageRows > 0 ? options.PageRows / 16 : options.PageBytes / 16, 1, Piece);
        while (at < part.Count)
        {
            var end = Math.Min(part.Count, at + piece);
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
            if (IsFull()) FinishPage();
        }
    }

    /// <summary>Ends the row group's chunk and writes it out.</summary>
    /// <param name="target">The file.</param>
    /// <param name="offset">Where in the file the chunk begins.</param>
    /// <param name="path">Names from the top-level column down, as in the schema.</param>
    public FooterChunk FinishChunk(Stream target, long offset, IReadOnlyList<string> path)
    {
        if (levels.Count > 0 || entries == 0) FinishPage();
        var encodings = new HashSet<PageEncoding>();
        var dictionary = bodies.Length;
        if (HasCodedPages)
        {
            // The dictionary comes first, but is known last.
            var count = WriteDictionary(bodies);
            pages.Insert(0, new Page(dictionary, bodies.Length - dictionary, PageEncoding.Plain) { Count = count, IsDictionary = true });
        }

        var sizes = Compress();
        var codec = options.Codec != Codec.None && packed.Length > bodies.Length - (bodies.Length / options.LeastSaving) ? Codec.None : options.Codec;
        var headers = new CompactWriter(chunkBytes);
        chunkBytes.Clear();
        var at = 0;
        long uncompressed = 0;
        long dictionaryBytes = 0;
        long row = 0;
        var index = new PageIndex(pages.Sum(p => (long)p.Rows));
        for (var p = 0; p < pages.Count; p++)
        {
            var page = pages[p];
            var stored = codec == Codec.None ? bodies.Bytes.Slice(page.Start, page.Length) : packed.Bytes.Slice(at, sizes[p]);
            at += sizes[p];
            var before = chunkBytes.Length;
            WriteHeader(headers, page, stored, codec);
            uncompressed += chunkBytes.Length - before + page.Length;
            chunkBytes.Add(stored);
            encodings.Add(page.Encoding);
            if (page.IsDictionary) dictionaryBytes = chunkBytes.Length;
            else index.Add(new PagePlace(offset + before, chunkBytes.Length - before, row));
            row += page.Rows;
        }

        target.Write(chunkBytes.Bytes);
        if (Leaf.MaxDefinition > 0 || Leaf.MaxRepetition > 0) encodings.Add(PageEncoding.Rle);
        var (min, max, minExact, maxExact) = ChunkBounds();
        var chunk = new FooterChunk
        {
            Type = Leaf.Physical,
            Path = path,
            Codec = codec,
            Encodings = [.. encodings.Order()],
            ValueCount = entries,
            UncompressedSize = uncompressed,
            CompressedSize = chunkBytes.Length,
            DictionaryPageOffset = HasCodedPages ? offset : null,
            DataPageOffset = offset + dictionaryBytes,
            Pages = index.Count > 1 ? index : null,
            Statistics = new FooterStatistics
            {
                NullCount = nulls,
                Min = min,
                Max = max,
                MinExact = min is null ? null : minExact,
                MaxExact = max is null ? null : maxExact,
            },
        };
        without = HasCodedPages || UsesDictionary || nulls == entries ? 0 : without == 0 ? GroupsWithout : without - 1;
        pages.Clear();
        bodies.Clear();
        (entries, nulls) = (0, 0);
        HasCodedPages = false;
        UsesDictionary = options.Dictionary && without == 0;
        StartChunk();
        return chunk;
    }

    /// <summary>Gives the memory back that served all row groups.</summary>
    public void Release()
    {
        foreach (var sink in new[] { bodies, packed, chunkBytes }) sink.Release();
    }

    /// <summary>What bytes would take when they are compressed.</summary>
    protected int CompressedSize(ReadOnlySpan<byte> bytes)
    {
        packed.Clear();
        compressor.Compress(bytes, packed);
        return packed.Length;
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

    /// <summary>Whether the page that is being gathered is to end.</summary>
    private bool IsFull()
    {
        var most = IsOnProbation ? Math.Max(options.PageBytes, options.TrialBytes) : options.PageBytes;
        if (options.PageRows == 0 || most > options.PageBytes) return PageSize >= most || levels.Count >= most;
        // What the page comes to is not known before it is encoded; the one before tells.
        var encoded = PageSize * density;
        return encoded >= most || levels.Count >= MostRows || (levels.Count >= options.PageRows && encoded >= most / SmallestPart);
    }

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
        var start = bodies.Length;
        var count = levels.Count;
        var repetitionBytes = WriteLevels(levels.Repetitions, Leaf.MaxRepetition);
        var definitionBytes = WriteLevels(levels.AllDefined ? default : levels.Definitions, Leaf.MaxDefinition);
        var (held, valuesAt) = (PageSize, bodies.Length);
        var encoding = WritePageValues(bodies);
        density = held == 0 ? 1 : (double)(bodies.Length - valuesAt) / held;
        if (encoding == PageEncoding.RleDictionary) HasCodedPages = true;
        pages.Add(new Page(start, bodies.Length - start, encoding)
        {
            Count = count,
            Nulls = count - pageDefined,
            Rows = pageRows,
            DefinitionBytes = definitionBytes,
            RepetitionBytes = repetitionBytes,
        });
        entries += count;
        nulls += count - pageDefined;
        FileNulls += count - pageDefined;
        pageDefined = 0;
        pageRows = 0;
        levels.Clear();
    }

    /// <summary>Fills <see cref="packed"/> with all pages, compressed.</summary>
    /// <returns>By page the bytes it then takes.</returns>
    private int[] Compress()
    {
        packed.Clear();
        var sizes = new int[pages.Count];
        for (var p = 0; p < sizes.Length; p++)
        {
            var before = packed.Length;
            var page = bodies.Bytes.Slice(pages[p].Start, pages[p].Length);
            // Levels of version 2 are never compressed.
            var levelBytes = options.PageVersion == 2 && !pages[p].IsDictionary ? pages[p].DefinitionBytes + pages[p].RepetitionBytes : 0;
            packed.Add(page[..levelBytes]);
            // Of nothing but NULL there is nothing to compress.
            if (page.Length > levelBytes) compressor.Compress(page[levelBytes..], packed);
            else if (options.PageVersion == 1) compressor.Compress([], packed);
            sizes[p] = packed.Length - before;
        }

        return sizes;
    }

    private void WriteHeader(CompactWriter headers, Page page, ReadOnlySpan<byte> stored, Codec codec)
    {
        headers.Begin();
        headers.Int(1, (int)(page.IsDictionary ? PageKind.Dictionary : options.PageVersion == 2 ? PageKind.DataV2 : PageKind.Data));
        headers.Int(2, page.Length);
        headers.Int(3, stored.Length);
        if (options.Checksums) headers.Int(4, (int)Crc32.Of(stored));
        if (page.IsDictionary)
        {
            headers.Begin(7);
            headers.Int(1, page.Count);
            headers.Int(2, (int)page.Encoding);
        }
        else if (options.PageVersion == 2)
        {
            headers.Begin(8);
            headers.Int(1, page.Count);
            headers.Int(2, page.Nulls);
            headers.Int(3, page.Rows);
            headers.Int(4, (int)page.Encoding);
            headers.Int(5, page.DefinitionBytes);
            headers.Int(6, page.RepetitionBytes);
            headers.Bool(7, codec != Codec.None);
        }
        else
        {
            headers.Begin(5);
            headers.Int(1, page.Count);
            headers.Int(2, (int)page.Encoding);
            headers.Int(3, (int)PageEncoding.Rle);
            headers.Int(4, (int)PageEncoding.Rle);
        }

        headers.End();
        headers.End();
    }

    /// <returns>Bytes of the levels, without the length that version 1 puts before them.</returns>
    private int WriteLevels(ReadOnlySpan<byte> values, int max)
    {
        if (max == 0) return 0;
        var start = bodies.Length;
        var prefix = options.PageVersion == 1 ? sizeof(int) : 0;
        if (prefix > 0) bodies.AddInt(0);
        var width = BitPacking.WidthOf(max);
        if (values.IsEmpty && levels.Count > 0) HybridWriter.WriteRun(bodies, levels.Count, (uint)max, width);
        else HybridWriter.Write(bodies, values, width);
        var length = bodies.Length - start - prefix;
        if (prefix > 0) bodies.SetInt(start, length);
        return length;
    }

    /// <summary>A finished page.</summary>
    /// <param name="Start">Where in <see cref="bodies"/> it begins.</param>
    /// <param name="Length">Bytes of its levels and values.</param>
    /// <param name="Encoding">Of its values.</param>
    private readonly record struct Page(int Start, int Length, PageEncoding Encoding)
    {
        public bool IsDictionary { get; init; }

        public int Count { get; init; }

        public int Nulls { get; init; }

        public int Rows { get; init; }

        public int DefinitionBytes { get; init; }

        public int RepetitionBytes { get; init; }
    }
}
