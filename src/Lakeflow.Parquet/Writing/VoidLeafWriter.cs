using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Writing;

/// <summary>A column of type VOID: levels only.</summary>
internal sealed class VoidLeafWriter(LeafColumn leaf, ParquetWriteOptions options, PageCompressor compressor)
    : LeafWriter(leaf, options, compressor)
{
    public override ColumnStatistics FileStatistics => new(null, null, FileNulls);

    protected override bool IsOnProbation => false;

    protected override long PageSize => 0;

    protected override void AddRange(ArrowArray array, int from, int to) => throw new InvalidOperationException("A VOID column has no values.");

    protected override void AddRows(ArrowArray array, ReadOnlySpan<int> rows) => throw new InvalidOperationException("A VOID column has no values.");

    protected override PageEncoding WritePageValues(ByteSink target) => PageEncoding.Plain;

    protected override int WriteDictionary(ByteSink target) => 0;

    protected override (byte[]? Min, byte[]? Max, bool MinExact, bool MaxExact) ChunkBounds() => default;

    protected override void StartChunk()
    {
    }
}
