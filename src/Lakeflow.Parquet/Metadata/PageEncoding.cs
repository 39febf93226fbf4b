namespace Lakeflow.Parquet.Metadata;

/// <summary>How the values of a page are encoded. Numbers as in parquet.thrift.</summary>
public enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}
