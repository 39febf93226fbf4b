using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Encodings;

/// <summary>DELTA_BINARY_PACKED: blocks of miniblocks of bit-packed differences (Parquet's Encodings.md).</summary>
internal static class DeltaBinaryPacked
{
    // Writers use 128 or 256; the bound keeps a few bytes from claiming billions of values.
    private const int LargestBlock = 1 << 16;

    // Longer miniblocks are unpacked value by value.
    private const int Narrow = 256;

    // What is written: as most writers do.
    private const int Block = 128;
    private const int Miniblock = 32;

    /// <summary>Writes values, if that takes at most three quarters of what they are.</summary>
    public static bool TryWrite(ByteSink sink, ReadOnlySpan<long> values) => TryWrite(sink, values, sizeof(long), Room(values.Length, sizeof(long)));

    /// <summary>The same for 32-bit values.</summary>
    public static bool TryWrite(ByteSink sink, ReadOnlySpan<int> values)
    {
        var wide = Widened(values);
        var isWritten = TryWrite(sink, wide.AsSpan(0, values.Length), sizeof(int), Room(values.Length, sizeof(int)));
        ArrayPool<long>.Shared.Return(wide);
        return isWritten;
    }

    /// <summary>Writes lengths, none of which is negative, whatever they take.</summary>
    public static void WriteLengths(ByteSink sink, ReadOnlySpan<int> lengths)
    {
        var wide = Widened(lengths);
        TryWrite(sink, wide.AsSpan(0, lengths.Length), sizeof(int), long.MaxValue);
        ArrayPool<long>.Shared.Return(wide);
    }

    private static long Room(int values, int size) => (long)values * size * 3 / 4;

    private static long[] Widened(ReadOnlySpan<int> values)
    {
        var wide = ArrayPool<long>.Shared.Rent(values.Length);
        for (var i = 0; i < values.Length; i++) wide[i] = values[i];
        return wide;
    }

    private static bool TryWrite(ByteSink sink, ReadOnlySpan<long> values, int size, long room)
    {
        if (values.IsEmpty) return false;
        var start = sink.Length;
        sink.AddVarInt(Block);
        sink.AddVarInt(Block / Miniblock);
        sink.AddVarInt((ulong)values.Length);
        AddZigZag(sink, values[0]);
        Span<long> differences = stackalloc long[Block];
        Span<byte> widths = stackalloc byte[Block / Miniblock];
        for (var at = 1; at < values.Length; at += Block)
        {
            var some = differences[..Math.Min(Block, values.Length - at)];
            var least = long.MaxValue;
            for (var i = 0; i < some.Length; i++)
            {
                some[i] = unchecked(values[at + i] - values[at + i - 1]);
                least = Math.Min(least, some[i]);
            }

            // What the last block lacks is written as if it were the least.
            differences[some.Length..].Fill(least);
            var bits = 0;
            for (var m = 0; m < widths.Length; m++)
            {
                ulong all = 0;
                foreach (ref var difference in differences.Slice(m * Miniblock, Miniblock))
                {
                    difference = unchecked(difference - least);
                    all |= (ulong)difference;
                }

                widths[m] = (byte)(64 - BitOperations.LeadingZeroCount(all));
                bits += m * Miniblock < some.Length ? widths[m] : 0;
                // 32-bit readers take no wider differences.
                if (widths[m] > size * 8) return GiveUp(sink, start);
            }

            AddZigZag(sink, least);
            sink.Add(widths);
            if (sink.Length - start + (bits * Miniblock / 8) > room) return GiveUp(sink, start);
            for (var m = 0; m < widths.Length && m * Miniblock < some.Length; m++) Pack(sink, differences.Slice(m * Miniblock, Miniblock), widths[m]);
        }

        return true;
    }

    private static bool GiveUp(ByteSink sink, int start)
    {
        sink.Advance(start - sink.Length);
        return false;
    }

    private static void AddZigZag(ByteSink sink, long value) => sink.AddVarInt((ulong)((value << 1) ^ (value >> 63)));

    private static void Pack(ByteSink sink, ReadOnlySpan<long> values, int width)
    {
        if (width == 0) return;
        // Eight bytes more: words are stored whole, whatever they hold.
        var room = sink.Room((values.Length * width / 8) + 8);
        ulong word = 0;
        var (filled, at) = (0, 0);
        foreach (var value in values)
        {
            word |= (ulong)value << filled;
            filled += width;
            if (filled < 64) continue;
            MemoryMarshal.Write(room[at..], word);
            at += sizeof(ulong);
            filled -= 64;
            word = filled == 0 ? 0 : (ulong)value >> (width - filled);
        }

        if (filled > 0) MemoryMarshal.Write(room[at..], word);
        sink.Advance(values.Length * width / 8);
    }

    /// <summary>The number of values that a stream names, checked against its size.</summary>
    public static int Count(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        ReadHead(bytes, ref at, out _, out _, out var count, out _);
        return count;
    }

    /// <summary>Decodes a stream of values of 32 or 64 bits; differences wrap around.</summary>
    /// <param name="padded">The stream and, for speed, whatever lies behind it.</param>
    /// <param name="length">Bytes that the stream has at most.</param>
    /// <param name="values">Takes the values; has room for as many as <see cref="Count"/> says.</param>
    /// <returns>Bytes taken.</returns>
    [SkipLocalsInit]
    public static int Read<T>(ReadOnlySpan<byte> padded, int length, Span<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        var bytes = padded[..length];
        var at = 0;
        ReadHead(bytes, ref at, out var block, out var miniblocks, out var count, out var value);
        if (count != values.Length) throw new BrokenDataException($"{count} values where {values.Length} belong");
        if (count == 0) return at;
        values[0] = T.CreateTruncating(value);
        var done = 1;
        var perMiniblock = block / miniblocks;
        Span<int> narrow = stackalloc int[Narrow];
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
                var target = values.Slice(done, some);
                if (width == 0 && least == 0)
                {
                    target.Fill(T.CreateTruncating(value));
                }
                else if (width == 0)
                {
                    for (var i = 0; i < target.Length; i++) target[i] = T.CreateTruncating(value = unchecked(value + least));
                }
                else if (width <= 32 && perMiniblock <= Narrow)
                {
                    // All of the last one is unpacked if it is there, by whole vectors.
                    var unpacked = narrow[..(packed.Length == size ? perMiniblock : some)];
                    BitPacking.Unpack(padded[at..], 0, width, unpacked);
                    var summed = typeof(T) == typeof(int) && Avx512F.IsSupported ? Sum(unpacked, (int)least, ref value, MemoryMarshal.Cast<T, int>(target)) : 0;
                    for (var i = summed; i < target.Length; i++)
                    {
                        // Only the last of these additions waits for the value before.
                        var difference = unchecked(least + (uint)unpacked[i]);
                        target[i] = T.CreateTruncating(value = unchecked(value + difference));
                    }
                }
                else
                {
                    for (var i = 0; i < target.Length; i++) target[i] = T.CreateTruncating(value = unchecked(value + least + (long)One(packed, (long)i * width, width)));
                }

                done += some;

                at += packed.Length;
            }
        }

        return at;
    }

    /// <summary>Adds up differences by sixteen: each to its neighbour, then to the one two places on, and so on; last what came before to all.</summary>
    /// <param name="differences">Less <paramref name="least"/>.</param>
    /// <param name="least">Added to each.</param>
    /// <param name="value">The value before; then the last one.</param>
    /// <param name="values">Takes the sums.</param>
    /// <returns>How many there are: a multiple of sixteen.</returns>
    private static int Sum(ReadOnlySpan<int> differences, int least, ref long value, Span<int> values)
    {
        var i = 0;
        var before = Vector512.Create((int)value);
        for (; i + Vector512<int>.Count <= values.Length; i += Vector512<int>.Count)
        {
            var sum = Vector512.Create(differences.Slice(i, Vector512<int>.Count)) + Vector512.Create(least);
            sum += Avx512F.AlignRight32(sum, Vector512<int>.Zero, 15);
            sum += Avx512F.AlignRight32(sum, Vector512<int>.Zero, 14);
            sum += Avx512F.AlignRight32(sum, Vector512<int>.Zero, 12);
            sum += Avx512F.AlignRight32(sum, Vector512<int>.Zero, 8);
            sum += before;
            sum.CopyTo(values[i..]);
            before = Vector512.Shuffle(sum, Vector512.Create(15));
        }

        if (i > 0) value = values[i - 1];
        return i;
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
