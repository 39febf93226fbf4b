using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet;

/// <summary>One leaf column of one row group.</summary>
/// <param name="Path">Names from the top-level column down, as the file has them (a list's inner groups included).</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Codec">How its pages are compressed.</param>
/// <param name="ValueCount">Entries: values, NULLs and the marks of empty lists.</param>
/// <param name="CompressedSize">Bytes in the file.</param>
/// <param name="UncompressedSize">Bytes before compression.</param>
/// <param name="Statistics">Bounds of its values.</param>
public sealed record ColumnChunk(
    string Path,
    DataType Type,
    Codec Codec,
    long ValueCount,
    long CompressedSize,
    long UncompressedSize,
    ColumnStatistics Statistics);
