using System.Runtime.CompilerServices;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>The pages of one column chunk, one after another; each is decompressed when its body is asked for.</summary>
/// <remarks>The chunk is read at once; with an index each page is, when its body is asked for.</remarks>
internal sealed class PageSource : IDisposable
{
    /// <summary>Bytes behind a page's body that decoders may read (not use): one vector.</summary>
    public const int Padding = 64;

    // A header takes some dozens of bytes, more with statistics of long texts.
    private const int LargestHeader = 16 << 20;

    // Some old writers leave the dictionary page's header out of the chunk's size: its last page then ends behind it.
    private const int Overhang = 128;

    private readonly string file;
    private readonly LeafColumn leaf;
    private readonly FooterChunk chunk;
    private readonly long chunkStart;
    private readonly int chunkLength;
    private readonly IRandomRead input;
    private readonly PageIndex? index;
    private readonly PageMemory fetched = new();
    private readonly PageMemory decompressed = new();
    private readonly PageMemory room = new();

    // What is walked through header by header: the chunk, or with an index what stands before the first data page.
    private readonly int walked;
    private ArrowBuffer bytes = ArrowBuffer.Empty;
    private int readLength;
    private int indexed = -1;
    private int at;
    private int bodyAt;

    public PageSource(string file, IRandomRead input, LeafColumn leaf, FooterChunk chunk, PageIndex? index)
    {
        this.file = file;
        this.input = input;
        this.index = index;
        this.leaf = leaf;
        this.chunk = chunk;
        PageCodec.Check(chunk.Codec, file, leaf.Path);
        chunkStart = StartOf(chunk);
        if (chunkStart < 4 || chunk.CompressedSize < 0 || chunk.CompressedSize > input.Length - chunkStart)
            throw ParquetFaults.BrokenFooter(file, chunkStart, $"column '{leaf.Path}' takes {chunk.CompressedSize} bytes from there, of {input.Length}");
        if (chunk.CompressedSize > int.MaxValue - Overhang - Padding - ArrowBuffer.Alignment) throw ParquetFaults.TooLarge(file, leaf.Path, "a column chunk of more than 2 GB");
        chunkLength = (int)chunk.CompressedSize;
        walked = index is null ? chunkLength : (int)(index[0].Offset - chunkStart);
        Fetch(chunkStart, index is null ? chunkLength + (int)Math.Min(Overhang, input.Length - chunkStart - chunkLength) : walked);
    }

    /// <summary>Where a chunk begins: with its dictionary, if it has one.</summary>
    public static long StartOf(FooterChunk chunk) =>
        chunk.DictionaryPageOffset is > 0 and var dictionary && dictionary < chunk.DataPageOffset ? dictionary : chunk.DataPageOffset;

    public PageHeader Header;

    /// <summary>Where the page's header stands in the file.</summary>
    public long PageOffset { get; private set; }

    /// <summary>The page's levels and values, decompressed, then <see cref="Padding"/> bytes.</summary>
    public ReadOnlySpan<byte> Body
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BodyBuffer.Bytes[BodyStart..];
    }

    /// <summary>Bytes of levels and values in <see cref="Body"/>.</summary>
    public int BodyLength { get; private set; }

    /// <summary>The block that holds the body, and where in it the body begins.</summary>
    public ArrowBuffer BodyBuffer { get; private set; } = ArrowBuffer.Empty;

    public int BodyStart { get; private set; }

    /// <summary>Goes to the next page's header.</summary>
    /// <returns>False at the end of the chunk.</returns>
    public bool Next()
    {
        if (indexed < 0)
        {
            at = bodyAt + (bodyAt == 0 ? 0 : Header.CompressedSize);
            PageOffset = chunkStart + at;
            if (at < walked)
            {
                ReadHeader();
                return true;
            }
        }

        if (index is null || indexed + 1 >= index.Count) return false;
        // Its rows are all that is known of it, and all that whoever passes it over wants to know.
        indexed++;
        PageOffset = index[indexed].Offset;
        Header = new PageHeader { Kind = PageKind.Data, ValueCount = (int)index.RowsOf(indexed) };
        return true;
    }

    /// <summary>A block of at least <paramref name="length"/> bytes for what is made of the page; valid until the next call.</summary>
    public ArrowBuffer Room(int length) => room.Of(length);

    /// <summary>Decompresses the page; <see cref="Body"/> is valid until the next call.</summary>
    public void Load()
    {
        if (indexed >= 0) FetchPage();
        var stored = bytes.Bytes.Slice(bodyAt, Header.CompressedSize);
        if (Header.Crc is { } expected)
        {
            var actual = Crc32.Of(stored);
            if (actual != expected) throw ParquetFaults.WrongChecksum(file, leaf.Path, PageOffset, expected, actual);
        }

        try
        {
            LoadBody(stored);
        }
        catch (Exception e) when (BrokenDataException.Is(e))
        {
            throw ParquetFaults.BrokenCompression(file, leaf.Path, PageOffset, PageCodec.NameOf(chunk.Codec), e.Message);
        }
    }

    public void Dispose()
    {
        fetched.Release();
        decompressed.Release();
        room.Release();
    }

    private void Fetch(long offset, int length)
    {
        bytes = fetched.Of(length + Padding);
        readLength = length;
        try
        {
            input.Read(offset, bytes.Bytes[..length]);
        }
        catch (EndOfStreamException e)
        {
            throw ParquetFaults.BrokenFooter(file, offset, e.Message);
        }
    }

    /// <summary>Fetches the page that the index names.</summary>
    private void FetchPage()
    {
        var rows = Header.ValueCount;
        Fetch(PageOffset, index![indexed].Size);
        at = 0;
        ReadHeader();
        if (Header.Kind is not (PageKind.Data or PageKind.DataV2) || Header.ValueCount != rows)
            throw ParquetFaults.BrokenPage(file, leaf.Path, PageOffset, $"it is of kind {Header.Kind} with {Header.ValueCount} values, where the index has a data page of {rows}");
    }

    private void ReadHeader()
    {
        try
        {
            var head = bytes.Bytes[at..(int)Math.Min(readLength, at + (long)LargestHeader)];
            bodyAt = at + PageHeader.Read(head, out Header);
            if (Header.CompressedSize > readLength - bodyAt)
                throw new BrokenDataException($"it takes {Header.CompressedSize} bytes, {Math.Min(chunkLength, readLength) - bodyAt} are left");
        }
        catch (BrokenDataException e)
        {
            throw ParquetFaults.BrokenPage(file, leaf.Path, PageOffset, e.Message);
        }
    }

    private void LoadBody(ReadOnlySpan<byte> stored)
    {
        var levels = Header.Kind == PageKind.DataV2 ? checked(Header.DefinitionBytes + Header.RepetitionBytes) : 0;
        if (levels > stored.Length || levels > Header.UncompressedSize) throw new BrokenDataException($"levels of {levels} bytes in a page of {stored.Length}");
        BodyLength = Header.UncompressedSize;
        var plain = chunk.Codec == Codec.None || !Header.Compressed;
        if (plain && stored.Length != BodyLength) throw new BrokenDataException($"{stored.Length} bytes stored, {BodyLength} named");
        if (plain)
        {
            BodyBuffer = bytes;
            BodyStart = bodyAt;
            return;
        }

        BodyStart = 0;
        // Levels of version 2 are never compressed; a page of nothing but NULL may have no compressed bytes at all.
        if (stored.Length == levels)
        {
            BodyLength = levels;
            BodyBuffer = decompressed.Of(levels + Padding);
        }
        else
        {
            BodyBuffer = PageCodec.Decode(chunk.Codec, stored[levels..], BodyLength - levels, levels, Padding, decompressed);
        }

        stored[..levels].CopyTo(BodyBuffer.Bytes);
    }
}
