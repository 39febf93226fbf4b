using System.Buffers.Binary;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>The definition or repetition levels of one page, a piece at a time.</summary>
internal struct LevelReader
{
    private readonly int max;
    private readonly byte[]? unpacked;
    private HybridReader hybrid;
    private int at;

    private LevelReader(int max, HybridReader hybrid)
    {
        this.max = max;
        this.hybrid = hybrid;
    }

    private LevelReader(int max, byte[] unpacked)
    {
        this.max = max;
        this.unpacked = unpacked;
    }

    /// <summary>Levels of a page of version 1, which begin at <paramref name="start"/>; moves it behind them.</summary>
    public static LevelReader OfVersion1(PageSource pages, PageEncoding encoding, int max, ref int start)
    {
        var width = BitPacking.WidthOf(max);
        var body = pages.Body[..pages.BodyLength];
        if (encoding == PageEncoding.BitPacked)
        {
            var size = (int)((((long)pages.Header.ValueCount * width) + 7) >> 3);
            if (size > body.Length - start) throw new BrokenDataException("the levels end too early");
            var unpacked = UnpackHighFirst(body.Slice(start, size), pages.Header.ValueCount, width);
            start += size;
            return new LevelReader(max, unpacked);
        }

        if (encoding != PageEncoding.Rle) throw new BrokenDataException($"levels in the encoding {encoding}");
        if (body.Length - start < 4) throw new BrokenDataException("the levels end too early");
        var length = BinaryPrimitives.ReadInt32LittleEndian(body[start..]);
        start += 4;
        if (length < 0 || length > body.Length - start) throw new BrokenDataException($"levels of {length} bytes in a page of {body.Length}");
        var reader = new LevelReader(max, new HybridReader(start, start + length, width));
        start += length;
        return reader;
    }

    /// <summary>Levels of a page of version 2, whose size its header names; moves <paramref name="start"/> behind them.</summary>
    public static LevelReader OfVersion2(int max, int length, ref int start)
    {
        var reader = new LevelReader(max, new HybridReader(start, start + length, BitPacking.WidthOf(max)));
        start += length;
        return reader;
    }

    /// <summary>True if the next <paramref name="count"/> levels are the highest, as one run says.</summary>
    public readonly bool AllHighest(ReadOnlySpan<byte> body, int count) =>
        unpacked is null && hybrid.StartsWithRunOf(body, count, max);

    public void Read(ReadOnlySpan<byte> body, Span<byte> levels)
    {
        if (unpacked is not null)
        {
            unpacked.AsSpan(at, levels.Length).CopyTo(levels);
            at += levels.Length;
        }
        else
        {
            hybrid.ReadBytes(body, levels);
        }

        if (max < byte.MaxValue && levels.ContainsAnyInRange((byte)(max + 1), byte.MaxValue))
            throw new BrokenDataException($"a level above {max}");
    }

    // The deprecated BIT_PACKED puts the most significant bit first.
    private static byte[] UnpackHighFirst(ReadOnlySpan<byte> packed, int count, int width)
    {
        var levels = new byte[count];
        long bit = 0;
        for (var i = 0; i < count; i++)
        {
            var level = 0;
            for (var k = 0; k < width; k++, bit++) level = (level << 1) | ((packed[(int)(bit >> 3)] >> (int)(7 - (bit & 7))) & 1);
            levels[i] = (byte)level;
        }

        return levels;
    }
}
