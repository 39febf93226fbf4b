using System.Numerics;
using System.Runtime.InteropServices;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Encodings;

/// <summary>Writes Parquet's RLE / bit-packing hybrid: runs of eight and more equal values as runs, the rest packed.</summary>
internal static class HybridWriter
{
    private const int Group = 8;

    /// <param name="sink">Gets the runs.</param>
    /// <param name="values">Values of at most <paramref name="width"/> bits.</param>
    /// <param name="width">0 to 32; nothing is written for 0.</param>
    public static void Write<T>(ByteSink sink, ReadOnlySpan<T> values, int width)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (width == 0) return;
        var packed = 0;
        var i = 0;
        while (i < values.Length)
        {
            var value = values[i];
            var end = i + 1;
            while (end < values.Length && values[end] == value) end++;
            // Packed values come in eights: the run first fills the group that is open.
            var open = (Group - ((i - packed) % Group)) % Group;
            if (end - i - open >= Group)
            {
                i += open;
                Pack(sink, values[packed..i], width);
                WriteRun(sink, end - i, uint.CreateTruncating(value), width);
                packed = end;
            }

            i = end;
        }

        Pack(sink, values[packed..], width);
    }

    public static void WriteRun(ByteSink sink, int count, uint value, int width)
    {
        if (width == 0) return;
        sink.AddVarInt((ulong)count << 1);
        for (var bits = 0; bits < width; bits += 8) sink.Add((byte)(value >> bits));
    }

    private static void Pack<T>(ByteSink sink, ReadOnlySpan<T> values, int width)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (values.Length == 0) return;
        var groups = (values.Length + Group - 1) / Group;
        sink.AddVarInt(((ulong)groups << 1) | 1);
        // Eight bytes more: words are stored whole, whatever they hold.
        var room = sink.Room((groups * width) + 8);
        var at = 0;
        var mask = (1UL << width) - 1;
        ulong word = 0;
        var filled = 0;
        foreach (var value in values)
        {
            word |= (ulong.CreateTruncating(value) & mask) << filled;
            filled += width;
            if (filled < 32) continue;
            MemoryMarshal.Write(room[at..], (uint)word);
            at += 4;
            word >>= 32;
            filled -= 32;
        }

        MemoryMarshal.Write(room[at..], word);
        var size = groups * width;
        // What the last group lacks is zero.
        if (at + 8 < size) room[(at + 8)..size].Clear();
        sink.Advance(size);
    }
}
