using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
        var before = plain[..0];
        var size = 0;
        for (var i = 0; i < count; i++)
        {
            var text = rest.Slice(sizeof(int), MemoryMarshal.Read<int>(rest));
            prefixes[i] = Shared(text, before, rest.Length - sizeof(int));
            suffixes[i] = text.Length - prefixes[i];
            size += suffixes[i];
            before = text;
            rest = rest[(sizeof(int) + text.Length)..];
        }

        DeltaBinaryPacked.WriteLengths(sink, prefixes);
        DeltaBinaryPacked.WriteLengths(sink, suffixes);
        var room = sink.Room(size + Vector256<byte>.Count);
        for (var i = 0; i < count; i++)
        {
            var suffix = plain[(sizeof(int) + prefixes[i])..];
            if (suffixes[i] <= Vector256<byte>.Count && suffix.Length >= Vector256<byte>.Count) Vector256.Create(suffix[..Vector256<byte>.Count]).CopyTo(room);
            else suffix[..suffixes[i]].CopyTo(room);
            room = room[suffixes[i]..];
            plain = plain[(sizeof(int) + prefixes[i] + suffixes[i])..];
        }

        sink.Advance(size);
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>How many bytes two texts of one page begin with alike: of short ones, by one look.</summary>
    /// <param name="text">A text.</param>
    /// <param name="before">One that lies before it.</param>
    /// <param name="room">Bytes from the text on.</param>
    private static int Shared(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, int room)
    {
        var most = Math.Min(text.Length, before.Length);
        if (most > Vector256<byte>.Count || room < Vector256<byte>.Count) return text.CommonPrefixLength(before);
        var alike = Vector256.Equals(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(text)), Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(before)));
        return Math.Min(most, BitOperations.TrailingZeroCount(~alike.ExtractMostSignificantBits()));
    }
}
