using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Compression;

/// <summary>LZ4's block format, and the frames that Hadoop put around it.</summary>
internal static class Lz4Decoder
{
    /// <summary>A byte of length stands for at most 255 bytes.</summary>
    public const int LargestRatio = 256;

    /// <summary>The deprecated codec LZ4: Hadoop's frames where they fit, one plain block otherwise.</summary>
    public static void DecodeHadoop(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (!TryFrames(source, target)) Decode(source, target);
    }

    /// <summary>Fills <paramref name="target"/> exactly from one block, or throws.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var at = 0;
        var written = 0;
        while (at < source.Length)
        {
            int token = source[at++];
            var literals = Length(source, ref at, token >> 4);
            if (literals > source.Length - at || literals > target.Length - written) throw new BrokenDataException("a literal is too long");
            source.Slice(at, literals).CopyTo(target[written..]);
            at += literals;
            written += literals;
            if (at == source.Length) break;
            if (source.Length - at < 2) throw new BrokenDataException("it ends too early");
            int back = BinaryPrimitives.ReadUInt16LittleEndian(source[at..]);
            at += 2;
            var count = Length(source, ref at, token & 15);
            if (count > int.MaxValue - 4 || count + 4 > target.Length - written) throw new BrokenDataException("a copy is too long");
            count += 4;
            if (back == 0 || back > written) throw new BrokenDataException($"a copy from {back} bytes back, after {written} bytes");
            ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(target), written);
            SnappyDecoder.CopyBack(ref to, back, count, target.Length - written);
            written += count;
        }

        if (written != target.Length) throw new BrokenDataException($"it holds {written} bytes where the page has {target.Length}");
    }

    private static bool TryFrames(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // First walk the frames without decoding: a plain block looks like one only by chance.
        var at = 0;
        long total = 0;
        while (at < source.Length)
        {
            if (source.Length - at < 8) return false;
            var plain = BinaryPrimitives.ReadUInt32BigEndian(source[at..]);
            var packed = BinaryPrimitives.ReadUInt32BigEndian(source[(at + 4)..]);
            if (packed > (uint)(source.Length - at - 8)) return false;
            at += 8 + (int)packed;
            total += plain;
        }

        if (total != target.Length) return false;
        at = 0;
        var written = 0;
        while (at < source.Length)
        {
            var plain = (int)BinaryPrimitives.ReadUInt32BigEndian(source[at..]);
            var packed = (int)BinaryPrimitives.ReadUInt32BigEndian(source[(at + 4)..]);
            Decode(source.Slice(at + 8, packed), target.Slice(written, plain));
            at += 8 + packed;
            written += plain;
        }

        return true;
    }

    private static int Length(ReadOnlySpan<byte> source, ref int at, int nibble)
    {
        if (nibble < 15) return nibble;
        var length = nibble;
        while (true)
        {
            if (at >= source.Length) throw new BrokenDataException("it ends too early");
            int more = source[at++];
            length = checked(length + more);
            if (more < 255) return length;
        }
    }
}
