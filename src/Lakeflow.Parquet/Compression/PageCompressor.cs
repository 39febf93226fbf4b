using System.IO.Compression;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Compression;

/// <summary>Bytes → compressed page. Has working memory of its own; not thread-safe.</summary>
internal sealed class PageCompressor(Codec codec)
{
    private const int ZstdLevel = 1;

    private readonly SnappyEncoder? snappy = codec == Codec.Snappy ? new SnappyEncoder() : null;

    public Codec Codec => codec;

    /// <summary>Throws where a codec cannot be written here.</summary>
    public static void Check(Codec codec)
    {
        if (codec == Codec.Zstd && !Zstd.IsAvailable) throw ParquetFaults.CannotCompress("zstd", "libzstd is not to be found on this machine");
        if (codec is not (Codec.None or Codec.Snappy or Codec.GZip or Codec.Zstd)) throw ParquetFaults.CannotCompress(PageCodec.NameOf(codec), "it is not supported");
    }

    /// <summary>Adds the compressed form of <paramref name="source"/> to <paramref name="sink"/>.</summary>
    public void Compress(ReadOnlySpan<byte> source, ByteSink sink)
    {
        switch (codec)
        {
            case Codec.Snappy:
                sink.Advance(snappy!.Encode(source, sink.Room(SnappyEncoder.LargestEncoded(source.Length))));
                break;
            case Codec.Zstd:
                sink.Advance(Zstd.Encode(source, sink.Room(Zstd.LargestEncoded(source.Length)), ZstdLevel));
                break;
            case Codec.GZip:
                using (var memory = new MemoryStream())
                {
                    using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(source);
                    sink.Add(memory.GetBuffer().AsSpan(0, (int)memory.Length));
                }

                break;
            default:
                sink.Add(source);
                break;
        }
    }
}
