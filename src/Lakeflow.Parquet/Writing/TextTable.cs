using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Writing;

/// <summary>Distinct texts of a column and their codes, in the order of their first appearance.</summary>
internal sealed class TextTable
{
    private readonly ByteSink data = new();
    private int[] ends = new int[257];
    private int[] hashes = new int[256];
    private int[] slots = NewSlots(1024);

    public int Count { get; private set; }

    /// <summary>Bytes of all texts.</summary>
    public int Size => data.Length;

    public ReadOnlySpan<byte> this[int code] => data.Bytes[ends[code]..ends[code + 1]];

    public void Clear()
    {
        Count = 0;
        data.Clear();
        slots.AsSpan().Fill(-1);
    }

    /// <summary>The code of a text, a new one if it has not been seen.</summary>
    public int CodeOf(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var mask = slots.Length - 1;
        var at = hash & mask;
        while (true)
        {
            var code = slots[at];
            if (code < 0) return Insert(text, hash, at);
            if (hashes[code] == hash && this[code].SequenceEqual(text)) return code;
            at = (at + 1) & mask;
        }
    }

    private int Insert(ReadOnlySpan<byte> text, int hash, int at)
    {
        if (Count == hashes.Length)
        {
            Array.Resize(ref hashes, Count * 2);
            Array.Resize(ref ends, (Count * 2) + 1);
        }

        var code = Count++;
        data.Add(text);
        hashes[code] = hash;
        ends[code + 1] = data.Length;
        slots[at] = code;
        if (Count * 2 > slots.Length) Grow();
        return code;
    }

    private void Grow()
    {
        slots = NewSlots(slots.Length * 4);
        var mask = slots.Length - 1;
        for (var code = 0; code < Count; code++)
        {
            var at = hashes[code] & mask;
            while (slots[at] >= 0) at = (at + 1) & mask;
            slots[at] = code;
        }
    }

    private static int[] NewSlots(int length)
    {
        var slots = new int[length];
        slots.AsSpan().Fill(-1);
        return slots;
    }

    private static int Hash(ReadOnlySpan<byte> text)
    {
        const ulong Factor = 0x9E3779B97F4A7C15UL;
        var hash = (ulong)text.Length * Factor;
        while (text.Length >= 8)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(text), Factor);
            text = text[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < text.Length; i++) rest |= (ulong)text[i] << (8 * i);
        return (int)(Mix(hash ^ rest, Factor) >> 33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value, ulong factor)
    {
        var high = Math.BigMul(value, factor, out var low);
        return BitOperations.RotateLeft(high, 32) ^ low;
    }
}
