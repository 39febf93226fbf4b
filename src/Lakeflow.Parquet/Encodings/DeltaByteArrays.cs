using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Encodings;

/// <summary>DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY → PLAIN byte arrays: the length in four bytes, then the bytes; and the latter from those.</summary>
internal static class DeltaByteArrays
{
    /// <summary>Texts up to this length are made by one load and one store, whatever they share.</summary>
    private const int Short = 32;

    /// <summary>By length of a beginning its bytes.</summary>
    private static readonly Vector256<byte>[] Beginnings = [.. Enumerable.Range(0, Short + 1).Select(length => Vector256.LessThan(Vector256<byte>.Indices, Vector256.Create((byte)length)))];

    /// <summary>Writes texts as what each shares with the one before it, and the rest of each (DELTA_BYTE_ARRAY).</summary>
    /// <param name="sink">Takes the stream.</param>
    /// <param name="plain">The texts in PLAIN.</param>
    /// <param name="count">Number of texts.</param>
    public static void Write(ByteSink sink, ReadOnlySpan<byte> plain, int count)
    {
        var rented = ArrayPool<int>.Shared.Rent(2 * count);
        var prefixes = rented.AsSpan(0, count);
        var suffixes = rented.AsSpan(count, count);
        var rest = plain;
        var before = ReadOnlySpan<byte>.Empty;
        var size = 0;
        for (var i = 0; i < count; i++)
        {
            var text = rest.Slice(sizeof(int), MemoryMarshal.Read<int>(rest));
            prefixes[i] = text.CommonPrefixLength(before);
            suffixes[i] = text.Length - prefixes[i];
            size += suffixes[i];
            before = text;
            rest = rest[(sizeof(int) + text.Length)..];
        }

        DeltaBinaryPacked.WriteLengths(sink, prefixes);
        DeltaBinaryPacked.WriteLengths(sink, suffixes);
        var room = sink.Room(size);
        for (var i = 0; i < count; i++)
        {
            plain.Slice(sizeof(int) + prefixes[i], suffixes[i]).CopyTo(room);
            room = room[suffixes[i]..];
            plain = plain[(sizeof(int) + prefixes[i] + suffixes[i])..];
        }

        sink.Advance(size);
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Lengths first, then all bytes in a row.</summary>
    /// <returns>A block that the caller owns.</returns>
    public static ArrowBuffer LengthsToPlain(ReadOnlySpan<byte> bytes)
    {
        var lengths = Ints(bytes, out var taken);
        var data = bytes[taken..];
        long total = 0;
        foreach (var length in lengths)
        {
            if (length < 0) throw new BrokenDataException($"a text of {length} bytes");
            total += length;
        }

        if (total > data.Length) throw new BrokenDataException($"texts of {total} bytes in {data.Length}");
        var plain = ArrowBuffer.Rent(checked((int)total + (lengths.Length * 4)));
        var target = plain.Bytes;
        foreach (var length in lengths)
        {
            MemoryMarshal.Write(target, length);
            data[..length].CopyTo(target[4..]);
            target = target[(4 + length)..];
            data = data[length..];
        }

        return plain;
    }

    /// <summary>How much each value shares with the one before it, then the rest of each.</summary>
    /// <param name="bytes">The stream.</param>
    /// <param name="fixedLength">Bytes of each value, written without its length; 0 if they vary.</param>
    /// <returns>A block that the caller owns.</returns>
    public static ArrowBuffer PrefixesToPlain(ReadOnlySpan<byte> bytes, int fixedLength)
    {
        var count = DeltaBinaryPacked.Count(bytes);
        var rented = ArrayPool<int>.Shared.Rent(checked(2 * count));
        try
        {
            var prefixes = rented.AsSpan(0, count);
            var suffixes = rented.AsSpan(count, count);
            bytes = bytes[DeltaBinaryPacked.Read(bytes, prefixes)..];
            var others = DeltaBinaryPacked.Count(bytes);
            if (others != count) throw new BrokenDataException($"{count} beginnings and {others} ends");
            return PrefixesToPlain(prefixes, suffixes, bytes[DeltaBinaryPacked.Read(bytes, suffixes)..], fixedLength);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private static ArrowBuffer PrefixesToPlain(ReadOnlySpan<int> prefixes, ReadOnlySpan<int> suffixes, ReadOnlySpan<byte> data, int fixedLength)
    {
        long total = 0, rest = 0;
        var before = 0;
        for (var i = 0; i < prefixes.Length; i++)
        {
            var length = (long)prefixes[i] + suffixes[i];
            if (prefixes[i] < 0 || suffixes[i] < 0 || prefixes[i] > before || length > int.MaxValue) throw new BrokenDataException($"value {i} shares {prefixes[i]} of {before} bytes");
            if (fixedLength > 0 && length != fixedLength) throw new BrokenDataException($"a value of {length} bytes where all have {fixedLength}");
            before = (int)length;
            rest += suffixes[i];
            total += length + (fixedLength > 0 ? 0 : 4);
        }

        if (rest > data.Length) throw new BrokenDataException($"ends of {rest} bytes in {data.Length}");
        if (total > int.MaxValue - Short) throw new BrokenDataException("more than 2 GB of values in a page");
        var plain = ArrowBuffer.Rent((int)total + Short);
        var target = plain.Bytes;
        var (previous, at, from) = (0, 0, 0);
        // The value before stays in a register: to load it again right after it was stored takes longer than all the rest.
        var beginning = Vector256<byte>.Zero;
        for (var i = 0; i < prefixes.Length; i++)
        {
            var (prefix, suffix) = (prefixes[i], suffixes[i]);
            if (fixedLength == 0)
            {
                MemoryMarshal.Write(target[at..], prefix + suffix);
                at += sizeof(int);
            }

            // There is room behind what is made, but not always around what is read.
            if (prefix + suffix <= Short && from >= prefix && data.Length - from >= Short - prefix)
            {
                beginning = Vector256.ConditionalSelect(Beginnings[prefix], beginning, Vector256.Create(data.Slice(from - prefix, Short)));
                beginning.CopyTo(target.Slice(at, Short));
            }
            else
            {
                target.Slice(previous, prefix).CopyTo(target[at..]);
                data.Slice(from, suffix).CopyTo(target[(at + prefix)..]);
                beginning = Vector256.Create<byte>(target.Slice(at, Short));
            }

            previous = at;
            at += prefix + suffix;
            from += suffix;
        }

        return plain.Resized((int)total);
    }

    private static int[] Ints(ReadOnlySpan<byte> bytes, out int taken)
    {
        var values = new int[DeltaBinaryPacked.Count(bytes)];
        taken = DeltaBinaryPacked.Read(bytes, values);
        return values;
    }
}
