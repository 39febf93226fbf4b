using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>The code between two cuts of a plan: one to a few loops over a batch. One instance per worker.</summary>
public interface ISegment
{
    /// <summary>Works through a batch, which is borrowed until this returns.</summary>
    void Process(RecordBatch rows);

    /// <summary>Hands on what is still held back, once, after the last batch.</summary>
    void Finish();
}

/// <summary>Takes batches. One instance per worker; a batch is borrowed until <see cref="Write"/> returns.</summary>
public interface IBatchSink
{
    void Write(RecordBatch rows);
}
