namespace Lakeflow.Parquet.Metadata;

/// <summary>How pages are compressed. Numbers as in parquet.thrift.</summary>
public enum Codec
{
    None = 0,
    Snappy = 1,
    GZip = 2,
    Lzo = 3,
    Brotli = 4,

    /// <summary>Deprecated: LZ4 in Hadoop's frames, or without any.</summary>
    Lz4 = 5,
    Zstd = 6,
    Lz4Raw = 7,
}
