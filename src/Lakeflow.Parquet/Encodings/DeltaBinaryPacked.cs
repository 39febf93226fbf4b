using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Encodings;

/// <summary>DELTA_BINARY_PACKED: blocks of miniblocks of bit-packed differences (Parquet's Encodings.md).</summary>
internal static class DeltaBinaryPacked
{
    // Writers use 128 or 256; the bound keeps a few bytes from claiming billions of values.
    private const int LargestBlock = 1 << 16;

    /// <summary>The number of values that a stream names, checked against its size.</summary>
    public static int Count(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        ReadHead(bytes, ref at, out _, out _, out var count, out _);
        return count;
    }

    /// <summary>Decodes a stream of 32-bit values; differences wrap around.</summary>
    /// <returns>Bytes taken.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, Span<int> values)
    {
        var wide = new long[values.Length];
        var taken = Read(bytes, wide);
        for (var i = 0; i < wide.Length; i++) values[i] = (int)wide[i];
        return taken;
    }

    /// <summary>Decodes as many values as <paramref name="values"/> has room for, which is what <see cref="Count"/> says.</summary>
    /// <returns>Bytes taken.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, Span<long> values)
    {
        var at = 0;
        ReadHead(bytes, ref at, out var block, out var miniblocks, out var count, out var value);
        if (count != values.Length) throw new BrokenDataException($"{count} values where {values.Length} belong");
        if (count == 0) return at;
        values[0] = value;
        var done = 1;
        var perMiniblock = block / miniblocks;
        while (done < count)
        {
            var least = ZigZag(bytes, ref at);
            if (miniblocks > bytes.Length - at) throw Cut();
            var widths = bytes.Slice(at, miniblocks);
            at += miniblocks;
            for (var m = 0; m < miniblocks && done < count; m++)
            {
                int width = widths[m];
                if (width > 64) throw new BrokenDataException($"differences of {width} bits");
                var size = (int)((long)perMiniblock * width / 8);
                var some = Math.Min(perMiniblock, count - done);
                // The last miniblock may be cut after its last value.
                if ((((long)some * width) + 7) / 8 > bytes.Length - at) throw Cut();
                var packed = bytes.Slice(at, Math.Min(size, bytes.Length - at));
                for (var i = 0; i < some; i++)
                {
                    value = unchecked(value + least + (long)One(packed, (long)i * width, width));
                    values[done++] = value;
                }

                at += packed.Length;
            }
        }

        return at;
    }

    private static ulong One(ReadOnlySpan<byte> packed, long bit, int width)
    {
        if (width == 0) return 0;
        var at = (int)(bit >> 3);
        var shift = (int)(bit & 7);
        ulong low, high = 0;
        if (at + 9 <= packed.Length)
        {
            low = MemoryMarshal.Read<ulong>(packed[at..]);
            high = packed[at + 8];
        }
        else
        {
            Span<byte> rest = stackalloc byte[9];
            rest.Clear();
            packed[at..Math.Min(packed.Length, at + 9)].CopyTo(rest);
            low = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            high = rest[8];
        }

        var value = low >> shift;
        if (shift > 0) value |= high << (64 - shift);
        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    private static void ReadHead(ReadOnlySpan<byte> bytes, ref int at, out int block, out int miniblocks, out int count, out long first)
    {
        var blockSize = VarInt(bytes, ref at);
        var parts = VarInt(bytes, ref at);
        var total = VarInt(bytes, ref at);
        first = ZigZag(bytes, ref at);
        if (blockSize is 0 or > LargestBlock || parts == 0 || blockSize % parts != 0 || blockSize / parts % 8 != 0)
            throw new BrokenDataException($"blocks of {blockSize} values in {parts} parts");
        // A block takes two bytes at least; the first value stands in the head.
        if (total > 1 + ((ulong)(bytes.Length - at) * blockSize / 2) + blockSize || total > int.MaxValue)
            throw new BrokenDataException($"{total} values in {bytes.Length} bytes");
        block = (int)blockSize;
        miniblocks = (int)parts;
        count = (int)total;
    }

    private static long ZigZag(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = VarInt(bytes, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private static ulong VarInt(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length) throw Cut();
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new BrokenDataException("an integer of more than 64 bits");
    }

    private static BrokenDataException Cut() => new("the differences end too early");
}
