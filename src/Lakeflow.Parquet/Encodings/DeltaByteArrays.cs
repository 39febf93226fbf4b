using System.Runtime.InteropServices;
using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Encodings;

/// <summary>DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY → PLAIN byte arrays: the length in four bytes, then the bytes.</summary>
internal static class DeltaByteArrays
{
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
        var prefixes = Ints(bytes, out var taken);
        bytes = bytes[taken..];
        var suffixes = Ints(bytes, out taken);
        var data = bytes[taken..];
        if (prefixes.Length != suffixes.Length) throw new BrokenDataException($"{prefixes.Length} beginnings and {suffixes.Length} ends");
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
        if (total > int.MaxValue) throw new BrokenDataException("more than 2 GB of values in a page");
        var plain = ArrowBuffer.Rent((int)total);
        var target = plain.Bytes;
        var previous = Span<byte>.Empty;
        for (var i = 0; i < prefixes.Length; i++)
        {
            var (prefix, suffix) = (prefixes[i], suffixes[i]);
            if (fixedLength == 0)
            {
                MemoryMarshal.Write(target, prefix + suffix);
                target = target[4..];
            }

            previous[..prefix].CopyTo(target);
            data[..suffix].CopyTo(target[prefix..]);
            previous = target[..(prefix + suffix)];
            target = target[(prefix + suffix)..];
            data = data[suffix..];
        }

        return plain;
    }

    private static int[] Ints(ReadOnlySpan<byte> bytes, out int taken)
    {
        var values = new int[DeltaBinaryPacked.Count(bytes)];
        taken = DeltaBinaryPacked.Read(bytes, values);
        return values;
    }
}
