using System.Runtime.ExceptionServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Flows;

/// <summary>Puts the batches of all workers in their order while they are still being made, and hands them on one at a time.</summary>
/// <remarks>
/// The batches of one worker ascend by ordinal. So the least of those that wait is the next of all as soon as each worker that is still at
/// work has one waiting. A worker that is too far ahead of the others waits: memory stays bounded however many rows there are.
/// </remarks>
internal sealed class OrderedRows : IDisposable
{
    /// <summary>Bytes of one worker that may wait for the others: more than a morsel, so that workers seldom stand still.</summary>
    private const long MostAhead = 64 << 20;

    private readonly object gate = new();
    private readonly Queue<RecordBatch>[] waiting;
    private readonly long[] bytes;
    private readonly bool[] isAtWork;
    private readonly long mostRows;
    private readonly Func<RecordBatch, bool> next;
    private readonly CancellationTokenSource enough = new();
    private readonly CancellationToken stop;
    private readonly CancellationTokenRegistration wake;
    private ExceptionDispatchInfo? failure;
    private long handed;
    private long rows;

    /// <param name="workers">How many write.</param>
    /// <param name="mostRows">Once so many rows were handed on, the others are only counted.</param>
    /// <param name="next">Gets each batch, from the threads of the workers but one at a time, and owns none; false: no more are wanted.</param>
    /// <param name="stop">Ends the waiting.</param>
    public OrderedRows(int workers, long mostRows, Func<RecordBatch, bool> next, CancellationToken stop)
    {
        waiting = new Queue<RecordBatch>[workers];
        for (var worker = 0; worker < workers; worker++) waiting[worker] = new Queue<RecordBatch>();
        bytes = new long[workers];
        isAtWork = new bool[workers];
        this.mostRows = mostRows;
        this.next = next;
        this.stop = stop;
        // Not on the thread that cancels: whoever is handed a batch may hold the gate until it sees the cancellation itself.
        wake = stop.Register(() => ThreadPool.QueueUserWorkItem(_ => Wake()));
    }

    /// <summary>Set once no more rows are wanted: the run is to end.</summary>
    public CancellationToken Enough => enough.Token;

    /// <summary>All rows that were written, the counted ones included.</summary>
    public long Rows => Interlocked.Read(ref rows);

    public IBatchSink Sink(int worker) => new Part(this, worker);

    /// <summary>A drive begins: all workers are at work.</summary>
    public void Begin()
    {
        lock (gate) Array.Fill(isAtWork, true);
    }

    /// <summary>A worker has come to the end of its share of the drive, or failed.</summary>
    public void End(int worker)
    {
        lock (gate)
        {
            isAtWork[worker] = false;
            HandOn();
        }
    }

    /// <summary>Throws what went wrong with whoever takes the rows, if that was when no worker wrote any more.</summary>
    public void ThrowIfFailed()
    {
        lock (gate) failure?.Throw();
    }

    public void Dispose()
    {
        wake.Dispose();
        enough.Dispose();
        foreach (var batch in waiting.SelectMany(w => w)) batch.Dispose();
    }

    private void Wake()
    {
        lock (gate) Monitor.PulseAll(gate);
    }

    private void Write(int worker, RecordBatch batch)
    {
        Interlocked.Add(ref rows, batch.Length);
        if (Interlocked.Read(ref handed) >= mostRows) return;
        lock (gate)
        {
            waiting[worker].Enqueue(batch.WithSchema(batch.Schema));
            bytes[worker] += Size(batch);
            HandOn();
            while (bytes[worker] > MostAhead && waiting[worker].Count > 1 && failure is null && !stop.IsCancellationRequested && !enough.IsCancellationRequested) Monitor.Wait(gate);
            failure?.Throw();
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Hands on what nothing can come before any more.</summary>
    private void HandOn()
    {
        var any = false;
        while (failure is null && Least() is var least and >= 0)
        {
            any = true;
            using var batch = waiting[least].Dequeue();
            bytes[least] -= Size(batch);
            if (handed >= mostRows || enough.IsCancellationRequested) continue;
            try
            {
                if (!next(batch)) enough.Cancel();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            Interlocked.Add(ref handed, batch.Length);
        }

        if (any) Monitor.PulseAll(gate);
    }

    /// <summary>The worker with the next batch; −1 while that cannot be told.</summary>
    private int Least()
    {
        var least = -1;
        for (var worker = 0; worker < waiting.Length; worker++)
        {
            if (waiting[worker].Count == 0)
            {
                if (isAtWork[worker]) return -1;
            }
            else if (least < 0 || waiting[worker].Peek().Ordinal < waiting[least].Peek().Ordinal)
            {
                least = worker;
            }
        }

        return least;
    }

    /// <summary>Dictionaries are shared between batches and not counted.</summary>
    private static long Size(RecordBatch batch) => BatchCodec.BytesOf(batch, [.. batch.Columns.Select(c => (c as DictionaryArray)?.Dictionary)]);

    private sealed class Part(OrderedRows all, int worker) : IBatchSink
    {
        public void Write(RecordBatch rows)
        {
            if (rows.Length > 0) all.Write(worker, rows);
        }
    }
}
