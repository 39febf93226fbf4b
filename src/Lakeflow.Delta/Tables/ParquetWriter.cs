using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Holds the place of Lakeflow.Parquet's writer until it lands; goes away with it.</summary>
internal sealed class ParquetWriter(Stream stream, Schema schema) : IDisposable
{
    public void Write(RecordBatch batch) => throw new InvalidOperationException($"no Parquet writer yet: {schema}, {batch.Length} rows");

    public void Close() => stream.Flush();

    public void Dispose()
    {
    }
}
