using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Encodings;

/// <summary>Reads Parquet's RLE / bit-packing hybrid, a piece at a time.</summary>
/// <remarks>The bytes are given to each call, so that the reader can rest in a class while they rest in a buffer.</remarks>
internal struct HybridReader
{
    private const int Block = 1024;

    private readonly int end;
    private readonly int width;
    private int at;
    private int left;
    private bool packed;
    private int repeated;
    private int packedStart;
    private int packedDone;

    /// <param name="start">Where the first run begins in the bytes that are given to each call.</param>
    /// <param name="end">Where the runs end.</param>
    /// <param name="width">Bits per value, 0 to 32.</param>
    public HybridReader(int start, int end, int width)
    {
        if (width is < 0 or > 32) throw new BrokenDataException($"values of {width} bits");
        at = start;
        this.end = end;
        this.width = width;
    }

    /// <summary>True if the next run repeats one value at least <paramref name="count"/> times, so that one look is enough.</summary>
    public bool StartsWithRunOf(ReadOnlySpan<byte> bytes, int count, int value)
    {
        if (width == 0) return value == 0;
        var peek = this;
        if (peek.left == 0) peek.NextRun(bytes);
        return !peek.packed && peek.repeated == value && peek.left >= count;
    }

    public void Read(ReadOnlySpan<byte> bytes, Span<int> values)
    {
        if (width == 0)
        {
            values.Clear();
            return;
        }

        while (values.Length > 0)
        {
            if (left == 0) NextRun(bytes);
            var count = Math.Min(left, values.Length);
            if (packed) BitPacking.Unpack(PackedBytes(bytes, count), packedDone, width, values[..count]);
            else values[..count].Fill(repeated);
            Advance(count);
            values = values[count..];
        }
    }

    /// <summary>The same for values of at most 8 bits.</summary>
    public void ReadBytes(ReadOnlySpan<byte> bytes, Span<byte> values)
    {
        if (width == 0)
        {
            values.Clear();
            return;
        }

        while (values.Length > 0)
        {
            if (left == 0) NextRun(bytes);
            var count = Math.Min(left, values.Length);
            if (packed) BitPacking.UnpackBytes(PackedBytes(bytes, count), packedDone, width, values[..count]);
            else values[..count].Fill((byte)repeated);
            Advance(count);
            values = values[count..];
        }
    }

    /// <summary>Reads codes and writes what they stand for.</summary>
    public void ReadThrough<T>(ReadOnlySpan<byte> bytes, ReadOnlySpan<T> dictionary, Span<T> values)
        where T : unmanaged
    {
        if (dictionary.Length == 0 && values.Length > 0) throw new BrokenDataException("codes without a dictionary");
        Span<int> codes = stackalloc int[Block];
        while (values.Length > 0)
        {
            if (width == 0)
            {
                values.Fill(dictionary[0]);
                return;
            }

            if (left == 0) NextRun(bytes);
            var count = Math.Min(left, values.Length);
            if (!packed)
            {
                if ((uint)repeated >= (uint)dictionary.Length) throw CodeOutside(repeated, dictionary.Length);
                values[..count].Fill(dictionary[repeated]);
                Advance(count);
                values = values[count..];
                continue;
            }

            count = Math.Min(count, Block);
            var block = codes[..count];
            BitPacking.Unpack(PackedBytes(bytes, count), packedDone, width, block);
            CheckCodes(block, dictionary.Length);
            Gather(block, dictionary, values);
            Advance(count);
            values = values[count..];
        }
    }

    public void Skip(ReadOnlySpan<byte> bytes, int count)
    {
        if (width == 0) return;
        while (count > 0)
        {
            if (left == 0) NextRun(bytes);
            var some = Math.Min(left, count);
            Advance(some);
            count -= some;
        }
    }

    /// <summary>Throws if a code is not within the dictionary.</summary>
    public static void CheckCodes(ReadOnlySpan<int> codes, int dictionaryLength)
    {
        // As unsigned numbers negative codes are the largest: one maximum tells both.
        uint largest = 0;
        var i = 0;
        if (Vector.IsHardwareAccelerated && codes.Length >= Vector<uint>.Count)
        {
            var most = Vector<uint>.Zero;
            for (; i + Vector<uint>.Count <= codes.Length; i += Vector<uint>.Count)
                most = Vector.Max(most, Vector.AsVectorUInt32(new Vector<int>(codes[i..])));
            for (var lane = 0; lane < Vector<uint>.Count; lane++) largest = Math.Max(largest, most[lane]);
        }

        for (; i < codes.Length; i++) largest = Math.Max(largest, (uint)codes[i]);
        if (codes.Length > 0 && largest >= (uint)dictionaryLength) throw CodeOutside((int)largest, dictionaryLength);
    }

    private static BrokenDataException CodeOutside(int code, int length) =>
        new($"code {(uint)code} in a dictionary of {length} values");

    private static void Gather<T>(ReadOnlySpan<int> codes, ReadOnlySpan<T> dictionary, Span<T> values)
        where T : unmanaged
    {
        // The codes have been checked, and values is at least as long.
        ref var from = ref MemoryMarshal.GetReference(dictionary);
        ref var to = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i + 4 <= codes.Length; i += 4)
        {
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, codes[i]);
            Unsafe.Add(ref to, i + 1) = Unsafe.Add(ref from, codes[i + 1]);
            Unsafe.Add(ref to, i + 2) = Unsafe.Add(ref from, codes[i + 2]);
            Unsafe.Add(ref to, i + 3) = Unsafe.Add(ref from, codes[i + 3]);
        }

        for (; i < codes.Length; i++) Unsafe.Add(ref to, i) = Unsafe.Add(ref from, codes[i]);
    }

    /// <summary>The bytes from the packed run's beginning on, checked to hold <paramref name="count"/> more values; longer than the run where the buffer is.</summary>
    private readonly ReadOnlySpan<byte> PackedBytes(ReadOnlySpan<byte> bytes, int count)
    {
        var needed = ((((long)packedDone + count) * width) + 7) >> 3;
        if (packedStart + needed > end) throw new BrokenDataException("a packed run ends too early");
        return bytes[packedStart..];
    }

    private void Advance(int count)
    {
        left -= count;
        if (packed) packedDone += count;
    }

    private void NextRun(ReadOnlySpan<byte> bytes)
    {
        while (left == 0)
        {
            var head = VarInt(bytes);
            packed = (head & 1) != 0;
            if (packed)
            {
                var groups = head >> 1;
                if (groups > int.MaxValue / 8) throw new BrokenDataException($"a run of {groups} packed groups");
                left = (int)groups * 8;
                packedStart = at;
                packedDone = 0;
                // Some writers cut the last run's padding off: what is read of it is checked when it is read.
                at = (int)Math.Min(end, at + ((long)groups * width));
                continue;
            }

            left = (int)Math.Min(head >> 1, int.MaxValue);
            var size = (width + 7) >> 3;
            if (at + size > end) throw new BrokenDataException("a run has no value");
            uint value = 0;
            for (var i = 0; i < size; i++) value |= (uint)bytes[at + i] << (8 * i);
            if (width < 32 && value >> width != 0) throw new BrokenDataException($"a run of {value} in {width} bits");
            repeated = (int)value;
            at += size;
        }
    }

    private uint VarInt(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (at >= end) throw new BrokenDataException("the runs end too early");
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value <= uint.MaxValue ? (uint)value : throw new BrokenDataException("a run of impossible length");
        }

        throw new BrokenDataException("a run of impossible length");
    }
}
