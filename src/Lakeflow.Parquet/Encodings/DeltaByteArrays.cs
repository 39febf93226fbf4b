using System.Buffers;
using System.Runtime.InteropServices;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Encodings;

/// <summary>DELTA_BYTE_ARRAY from PLAIN byte arrays: the length in four bytes, then the bytes (Parquet's Encodings.md).</summary>
internal static class DeltaByteArrays
{
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
}
