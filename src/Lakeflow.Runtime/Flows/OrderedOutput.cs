using System.Runtime.ExceptionServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Flows;

/// <summary>Hands the batches of all workers to one consumer, in order, as they come, with few of them in memory.</summary>
/// <remarks>
/// The batches of a worker ascend. One is handed over when no worker that still reads can come before it; a worker that is far ahead of
/// the others waits for them. Rows that were set aside come late, and stand where they come.
/// </remarks>
/// <param name="workers">How many there are.</param>
/// <param name="write">Takes a borrowed batch; never two at a time, from any worker's thread. If it throws, all workers do.</param>
internal sealed class OrderedOutput(int workers, Action<RecordBatch> write)
{
    /// <summary>Batches that may wait for each worker.</summary>
    private const int MostWaiting = 16;

    private readonly object gate = new();
    private readonly Queue<RecordBatch>[] waiting = [.. Enumerable.Range(0, workers).Select(_ => new Queue<RecordBatch>())];
    private readonly long[] reached = new long[workers];
    private readonly bool[] isReading = new bool[workers];
    private ExceptionDispatchInfo? failure;

    /// <summary>The sink of a worker.</summary>
    public IBatchSink Worker(int worker) => new Sink(this, worker);

    /// <summary>For <see cref="FlowRun.Reading"/>.</summary>
    public void Reading(int worker, bool reads)
    {
        lock (gate)
        {
            isReading[worker] = reads;
            if (reads) reached[worker] = long.MinValue;
            else Flush();
        }
    }

    private void Write(int worker, RecordBatch rows)
    {
        if (rows.Length == 0) return;
        lock (gate)
        {
            waiting[worker].Enqueue(rows.WithSchema(rows.Schema));
            reached[worker] = rows.Ordinal;
            Flush();
            while (waiting[worker].Count > MostWaiting && failure is null) Monitor.Wait(gate);
            failure?.Throw();
        }
    }

    /// <summary>Hands over what nothing can come before.</summary>
    private void Flush()
    {
        while (failure is null && Next() is { } queue)
        {
            using var batch = queue.Dequeue();
            try
            {
                write(batch);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
                Monitor.PulseAll(gate);
                throw;
            }

            Monitor.PulseAll(gate);
        }
    }

    private Queue<RecordBatch>? Next()
    {
        Queue<RecordBatch>? first = null;
        foreach (var queue in waiting)
        {
            if (queue.Count > 0 && (first is null || queue.Peek().Ordinal < first.Peek().Ordinal)) first = queue;
        }

        if (first is null) return null;
        for (var worker = 0; worker < workers; worker++)
        {
            if (isReading[worker] && waiting[worker].Count == 0 && reached[worker] < first.Peek().Ordinal) return null;
        }

        return first;
    }

    private sealed class Sink(OrderedOutput output, int worker) : IBatchSink
    {
        public void Write(RecordBatch rows) => output.Write(worker, rows);
    }
}
