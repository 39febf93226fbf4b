using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Gathers the batches of all workers: the build side of a join, the input of a sort or window, a subquery's rows.</summary>
public sealed class BatchBuffer : IDisposable
{
    private readonly List<RecordBatch>[] kept;

    public BatchBuffer(Schema schema, int workers)
    {
        Schema = schema;
        kept = [.. Enumerable.Range(0, workers).Select(_ => new List<RecordBatch>())];
    }

    public Schema Schema { get; }

    public long Rows => kept.Sum(k => k.Sum(b => (long)b.Length));

    /// <summary>True once a worker has handed over so many rows: of batches that come in order, the first so many of all workers are then here.</summary>
    public bool Has(int worker, long rows) => kept[worker].Sum(b => (long)b.Length) >= rows;

    /// <summary>The sink of a worker.</summary>
    public IBatchSink Worker(int worker) => new Sink(kept[worker]);

    /// <summary>The batches in order of their ordinals; they stay the buffer's.</summary>
    public IReadOnlyList<RecordBatch> InOrder() => [.. kept.SelectMany(k => k).OrderBy(b => b.Ordinal)];

    /// <summary>All rows as one batch, in order; the caller owns it.</summary>
    public RecordBatch Concat() => Concatenate.Batches(Schema, InOrder());

    /// <summary>The batches in order as a source, which takes them over.</summary>
    public IBatchSource AsSource()
    {
        var batches = InOrder();
        foreach (var list in kept) list.Clear();
        return new BatchSource(Schema, batches);
    }

    public void Dispose()
    {
        foreach (var list in kept)
        {
            foreach (var batch in list) batch.Dispose();
            list.Clear();
        }
    }

    private sealed class Sink(List<RecordBatch> kept) : IBatchSink
    {
        public void Write(RecordBatch rows) => kept.Add(rows.WithSchema(rows.Schema));
    }
}
