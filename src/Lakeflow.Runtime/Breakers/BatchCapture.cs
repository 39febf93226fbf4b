using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Keeps the one batch that was written last, for a reader that makes batches with a <see cref="BatchWriter"/>.</summary>
public sealed class BatchCapture : IBatchSink
{
    private RecordBatch? held;

    public void Write(RecordBatch rows)
    {
        held?.Dispose();
        held = rows.WithSchema(rows.Schema);
    }

    /// <summary>The batch, which the caller owns now; null if nothing was written since the last call.</summary>
    public RecordBatch? Take()
    {
        var batch = held;
        held = null;
        return batch;
    }
}
