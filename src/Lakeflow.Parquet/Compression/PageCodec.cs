using System.Buffers;
using System.IO.Compression;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Reading;

namespace Lakeflow.Parquet.Compression;

/// <summary>Compressed page → bytes. Nothing is allocated for a size that the compressed bytes cannot have.</summary>
internal static class PageCodec
{
    // Sizes that a stream may claim without having been seen to fill them.
    private const int Trusted = 16 << 20;

    // Deflate's longest match is 258 bytes, told in 2 bits at least.
    private const int LargestDeflateRatio = 1040;

    public static string NameOf(Codec codec) => codec switch
    {
        Codec.GZip => "GZIP",
        Codec.Lz4Raw => "LZ4_RAW",
        _ => codec.ToString().ToUpperInvariant(),
    };

    /// <summary>Throws if this codec cannot be read here.</summary>
    public static void Check(Codec codec, string file, string column)
    {
        if (codec == Codec.Zstd && !Zstd.IsAvailable)
        {
            throw ParquetFaults.UnsupportedCodec(
                file, column, "ZSTD", "libzstd is not to be found on this machine", "Install libzstd (libzstd1, zstd), or write the file with Snappy.");
        }

        if (codec is not (Codec.None or Codec.Snappy or Codec.GZip or Codec.Brotli or Codec.Zstd or Codec.Lz4 or Codec.Lz4Raw))
        {
            throw ParquetFaults.UnsupportedCodec(
                file, column, NameOf(codec), "this codec is not supported", "Write the file with Snappy, GZIP, ZSTD, LZ4_RAW or BROTLI.");
        }
    }

    /// <summary>The <paramref name="size"/> bytes that <paramref name="source"/> holds, in a block of <paramref name="memory"/> with <paramref name="prefix"/> bytes free before and at least <paramref name="padding"/> behind.</summary>
    public static ArrowBuffer Decode(Codec codec, ReadOnlySpan<byte> source, int size, int prefix, int padding, PageMemory memory)
    {
        var largest = codec switch
        {
            Codec.None => source.Length,
            Codec.Snappy => (long)source.Length * SnappyDecoder.LargestRatio,
            Codec.GZip => (long)source.Length * LargestDeflateRatio,
            Codec.Lz4 or Codec.Lz4Raw => (long)source.Length * Lz4Decoder.LargestRatio,
            _ => Zstd.LargestSize(source.Length),
        };
        if (codec == Codec.Brotli) return Unbrotli(source, size, prefix, padding, memory);
        if (size > largest) throw new BrokenDataException($"{size} bytes cannot come out of {source.Length}");
        var buffer = memory.Of(checked(prefix + size + padding));
        DecodeInto(codec, source, buffer.Bytes.Slice(prefix, size));
        return buffer;
    }

    private static void DecodeInto(Codec codec, ReadOnlySpan<byte> source, Span<byte> target)
    {
        switch (codec)
        {
            case Codec.None:
                if (source.Length != target.Length) throw new BrokenDataException($"{source.Length} bytes where the page has {target.Length}");
                source.CopyTo(target);
                break;
            case Codec.Snappy:
                SnappyDecoder.Decode(source, target);
                break;
            case Codec.Zstd:
                Zstd.Decode(source, target);
                break;
            case Codec.Lz4Raw:
                Lz4Decoder.Decode(source, target);
                break;
            case Codec.Lz4:
                Lz4Decoder.DecodeHadoop(source, target);
                break;
            default:
                Inflate(source, target);
                break;
        }
    }

    // GZipStream goes on over members that follow one another, as the format allows.
    private static unsafe void Inflate(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* bytes = source)
        {
            using var stream = new UnmanagedMemoryStream(bytes, source.Length);
            using var gzip = new GZipStream(stream, CompressionMode.Decompress);
            gzip.ReadExactlyOr(target);
            if (gzip.ReadByte() >= 0) throw new BrokenDataException($"it holds more than {target.Length} bytes");
        }
    }

    // Brotli knows no bound of its growth: the block grows with what has come out.
    private static ArrowBuffer Unbrotli(ReadOnlySpan<byte> source, int size, int prefix, int padding, PageMemory memory)
    {
        var buffer = memory.Of(checked(prefix + Math.Min(size, Trusted) + padding));
        var whole = prefix + size + padding;
        using var decoder = default(BrotliDecoder);
        var written = 0;
        while (true)
        {
            // The block may be longer than the page: what is more than named must still be found.
            var room = buffer.Bytes[(prefix + written)..(Math.Min(buffer.Length, whole) - padding)];
            var status = decoder.Decompress(source, room, out var consumed, out var more);
            source = source[consumed..];
            written += more;
            if (status == OperationStatus.Done && written == size) return buffer;
            if (status != OperationStatus.DestinationTooSmall || buffer.Length >= whole)
                throw new BrokenDataException($"it holds {written} bytes or more where the page has {size}");

            buffer = memory.Grown((int)Math.Min(whole, buffer.Length * 8L), prefix + written);
        }
    }

    private static void ReadExactlyOr(this GZipStream stream, Span<byte> target)
    {
        var read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        if (read < target.Length) throw new BrokenDataException($"it ends after {read} of {target.Length} bytes");
    }
}
