namespace Lakeflow.Parquet;

/// <summary>A horizontal slice of a file: the unit of skipping and of parallel work.</summary>
/// <param name="RowCount">Rows.</param>
/// <param name="FirstRow">0-based number of its first row in the file.</param>
/// <param name="ByteSize">Bytes before compression, as the writer counted them.</param>
/// <param name="Columns">Leaf columns in the order of the schema, depth first.</param>
public sealed record RowGroup(long RowCount, long FirstRow, long ByteSize, IReadOnlyList<ColumnChunk> Columns);
