using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lakeflow.Arrow;

/// <summary>Arrow's bitmaps: one bit a row, least significant bit first, 1 = valid (or true).</summary>
public static class Bitmap
{
    /// <summary>Bytes that hold <paramref name="bits"/> bits.</summary>
    public static int ByteCount(int bits) => (bits + 7) >> 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Get(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] & (1 << (index & 7))) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(Span<byte> bits, int index) => bits[index >> 3] |= (byte)(1 << (index & 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear(Span<byte> bits, int index) => bits[index >> 3] &= (byte)~(1 << (index & 7));

    /// <summary>The number of ones among the first <paramref name="length"/> bits.</summary>
    public static int CountOnes(ReadOnlySpan<byte> bits, int length)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bits[..(length >> 6 << 3)]);
        var count = 0;
        foreach (var word in words) count += BitOperations.PopCount(word);
        for (var i = words.Length << 6; i < length; i++)
        {
            if (Get(bits, i)) count++;
        }

        return count;
    }

    /// <summary>Packs one byte a row (0 or 1) into bits. Bits after the last row are zero.</summary>
    public static void Pack(ReadOnlySpan<byte> flags, Span<byte> bits)
    {
        var whole = flags.Length >> 3;
        for (var i = 0; i < whole; i++)
        {
            // Eight 0/1 bytes gathered into one: the multiplication moves each lowest bit to the top byte.
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(flags[(i << 3)..]);
            bits[i] = (byte)((eight * 0x0102040810204080UL) >> 56);
        }

        if ((flags.Length & 7) == 0) return;
        byte last = 0;
        for (var i = whole << 3; i < flags.Length; i++) last |= (byte)(flags[i] << (i & 7));
        bits[whole] = last;
    }

    /// <summary>Spreads <paramref name="flags"/>.Length bits into one byte a row (0 or 1).</summary>
    public static void Unpack(ReadOnlySpan<byte> bits, Span<byte> flags)
    {
        for (var i = 0; i < flags.Length; i++) flags[i] = (byte)((bits[i >> 3] >> (i & 7)) & 1);
    }

    /// <summary>Copies <paramref name="length"/> bits from <paramref name="sourceStart"/> to the beginning of <paramref name="target"/>.</summary>
    public static void Copy(ReadOnlySpan<byte> source, int sourceStart, Span<byte> target, int length)
    {
        if (length == 0) return;
        if ((sourceStart & 7) == 0)
        {
            source.Slice(sourceStart >> 3, ByteCount(length)).CopyTo(target);
        }
        else
        {
            var shift = sourceStart & 7;
            var from = source[(sourceStart >> 3)..];
            var bytes = ByteCount(length);
            for (var i = 0; i < bytes; i++)
            {
                var high = i + 1 < from.Length ? from[i + 1] << (8 - shift) : 0;
                target[i] = (byte)((from[i] >> shift) | high);
            }
        }

        if ((length & 7) != 0) target[ByteCount(length) - 1] &= (byte)((1 << (length & 7)) - 1);
    }

    /// <summary>Sets the first <paramref name="length"/> bits, and clears the rest of the last byte.</summary>
    public static void Fill(Span<byte> bits, int length)
    {
        bits[..ByteCount(length)].Fill(0xFF);
        if ((length & 7) != 0) bits[ByteCount(length) - 1] = (byte)((1 << (length & 7)) - 1);
    }
}
