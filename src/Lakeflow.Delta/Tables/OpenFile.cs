using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>A data file in the making.</summary>
internal sealed class OpenFile : IDisposable
{
    private readonly IObjectStore store;
    private readonly string path;
    private readonly ImmutableSortedDictionary<string, string?> partition;
    private readonly DeferredStream stream;
    private readonly ParquetWriter writer;
    private readonly FileStatistics statistics;
    private bool closed;

    public OpenFile(IObjectStore store, string path, ImmutableSortedDictionary<string, string?> partition, Schema schema, int indexedColumns, ParquetWriteOptions options)
    {
        this.store = store;
        this.path = path;
        this.partition = partition;
        stream = new DeferredStream(() => store.OpenWrite(path));
        writer = new ParquetWriter(stream, schema, options);
        statistics = new FileStatistics(schema, indexedColumns);
    }

    /// <summary>Bytes so far, with what the writer still holds.</summary>
    public long Bytes => writer.EstimatedBytes;

    public long Rows => statistics.Rows;

    public void Write(RecordBatch batch)
    {
        statistics.Add(batch);
        writer.Write(batch);
    }

    public void EndGroup() => writer.EndGroup();

    public AddFile Close(long timestamp)
    {
        var written = writer.Close();
        writer.Dispose();
        stream.Finish();
        closed = true;
        return new AddFile(FilePath.ToLog(path), partition, stream.Count, timestamp, DataChange: true, statistics.ToJson(written));
    }

    /// <summary>Gives the file up; what is there of it is deleted.</summary>
    public void Dispose()
    {
        if (closed) return;
        closed = true;
        try
        {
            writer.Dispose();
            stream.Dispose();
            store.Delete(path);
        }
        catch (DataFault)
        {
            // A file that no commit names is harmless, and the trouble that led here is the one to tell.
            return;
        }
    }
}
