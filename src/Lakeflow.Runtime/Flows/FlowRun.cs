using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Streams;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Flows;

/// <summary>One pass of a flow: what its code reads from, writes to and counts with. The runner makes it; the generated code uses it.</summary>
public sealed class FlowRun : IDisposable
{
    private readonly Func<int, IBatchSource> openSource;
    private readonly Func<int, IBatchSink> outputOf;
    private readonly long[] latest;
    private bool hasRows;

    /// <param name="flow">The flow to run.</param>
    /// <param name="constants">Fixed once per update.</param>
    /// <param name="workers">Threads that this run may use, at least 1.</param>
    /// <param name="openSource">Opens a slot; the run disposes what it opened.</param>
    /// <param name="outputOf">The sink of a worker; called once per worker, from that worker's thread.</param>
    /// <param name="stop">Ends the run between two batches.</param>
    /// <param name="memory">What its breakers may hold, shared with all runs of the process; null for half of the machine's.</param>
    public FlowRun(
        FlowInfo flow, RunConstants constants, int workers,
        Func<int, IBatchSource> openSource, Func<int, IBatchSink> outputOf, CancellationToken stop, MemoryBudget? memory = null)
    {
        Flow = flow;
        Constants = constants;
        Workers = workers;
        this.openSource = openSource;
        this.outputOf = outputOf;
        Stop = stop;
        Counts = new FlowCounts(flow.Expectations.Length);
        Memory = new RunMemory(memory ?? MemoryBudget.OfMachine, Counts, stop);
        latest = new long[flow.Watermarks.Length];
        Array.Fill(latest, long.MinValue);
    }

    public FlowInfo Flow { get; }

    public RunConstants Constants { get; }

    public int Workers { get; }

    public CancellationToken Stop { get; }

    public FlowCounts Counts { get; }

    /// <summary>What the run's breakers hold, in memory and on disk.</summary>
    public RunMemory Memory { get; }

    /// <summary>What <c>rand()</c> without a seed begins with: another number for each run.</summary>
    public long Seed { get; } = Random.Shared.NextInt64();

    /// <summary>The worker whose segment is being made: Spark adds the number of the partition to the seed of <c>rand</c>.</summary>
    public int Partition { get; private set; }

    /// <summary>The rows of a slot of <see cref="FlowInfo.Sources"/>, with exactly its columns.</summary>
    public IBatchSource Source(int slot) => openSource(slot);

    /// <summary>What the flow remembers of its streams; set by the runner of a flow that remembers something.</summary>
    internal StreamStep? Streams { get; init; }

    /// <summary>Told once, when the first rows of a source have been read and nothing has been done with them yet; or null.</summary>
    internal Action? FirstRows { get; init; }

    /// <summary>Puts the result's batches in order, and wants to know who is at work; null where the order of batches says nothing.</summary>
    internal OrderedRows? Ordered { get; init; }

    private StreamStep Remembered => Streams ?? throw new InvalidOperationException("a run without state has a flow that remembers rows");

    /// <summary>The watermark that an operator works with, microseconds UTC: rows that belong to a time up to it are late.</summary>
    public long Watermark(int steps, long lag) => Remembered.WatermarkOf(new StreamClock(steps, lag));

    /// <summary>Whether late rows are kept, not only counted.</summary>
    public bool KeepsLate => Remembered.KeepsLate;

    /// <summary>Keeps a late row, as JSON; any worker may do so.</summary>
    public void KeepLate(string row) => Remembered.KeepLate(row);

    /// <summary>Takes the step's rows for one of <see cref="FlowInfo.Holds"/>, and gives those that go on now.</summary>
    public IBatchSource Hold(int number, BatchBuffer rows) => Remembered.Hold(number, rows, this);

    /// <summary>Takes the step's rows of both sides of one of <see cref="FlowInfo.Joins"/>, and gives the pairs with equal keys of which one row is new.</summary>
    public IBatchSource Pair(int number, BatchBuffer left, BatchBuffer right) => Remembered.Pair(number, left, right, this);

    /// <summary>Takes those of the pairs that hold, and gives the rows of an outer or semi join.</summary>
    public IBatchSource Match(int number, BatchBuffer pairs) => Remembered.Match(number, pairs);

    /// <summary>Notes the greatest time of a batch for a watermark; any worker may do so at any time. <see cref="long.MinValue"/> is none.</summary>
    public void Saw(int watermark, long time)
    {
        var known = Interlocked.Read(ref latest[watermark]);
        while (time > known)
        {
            var before = Interlocked.CompareExchange(ref latest[watermark], time, known);
            if (before == known) return;
            known = before;
        }
    }

    /// <summary>The greatest time that a watermark's rows had in this run, microseconds UTC, or null.</summary>
    public long? Latest(int watermark) => latest[watermark] == long.MinValue ? null : latest[watermark];

    /// <summary>Where a worker's result rows go.</summary>
    public IBatchSink Output(int worker) => outputOf(worker);

    /// <summary>Runs a source to its end through one segment per worker, and disposes the source.</summary>
    /// <param name="source">What to read. Its rows are counted as read if <paramref name="isInput"/>.</param>
    /// <param name="segmentOf">Makes the segment of a worker; called on the caller's thread, worker 0 first.</param>
    /// <param name="isInput">True for a slot of the flow, false for what a breaker gathered.</param>
    /// <param name="isEnough">True once a worker need not read on.</param>
    /// <param name="joins">The tables that the segments look into, in the order in which a row does.</param>
    /// <returns>The segments, by worker, all finished: merge them in this order.</returns>
    public ImmutableArray<TSegment> Drive<TSegment>(
        IBatchSource source, Func<int, TSegment> segmentOf, bool isInput = true, Func<int, bool>? isEnough = null, ReadOnlySpan<IJoinTable> joins = default)
        where TSegment : ISegment
    {
        using (source)
        {
            var made = new TSegment[Workers];
            for (var worker = 0; worker < made.Length; worker++)
            {
                Partition = worker;
                made[worker] = segmentOf(worker);
            }

            Partition = 0;
            var segments = ImmutableCollectionsMarshal.AsImmutableArray(made);
            var divided = RowsAside.Divided(joins);
            Ordered?.Begin();
            if (source is RangeSource range) Counts.AddToMake(range.Rows);
            if (Workers == 1) Pump(source, segments[0], 0, isInput, isEnough, divided.Length == 0);
            else WorkerPool.Run(Workers, worker => Pump(source, segments[worker], worker, isInput, isEnough, divided.Length == 0));
            if (divided.Length > 0) Finish(segments, divided, isEnough);
            return segments;
        }
    }

    /// <summary>After the last source of segments that several sources feed: what they set aside comes again, then they finish.</summary>
    /// <param name="segments">By worker.</param>
    /// <param name="joins">The tables that the segments look into, in the order in which a row does.</param>
    public void Finish<TSegment>(ImmutableArray<TSegment> segments, ReadOnlySpan<IJoinTable> joins = default)
        where TSegment : ISegment => Finish(segments, RowsAside.Divided(joins), null);

    private void Finish<TSegment>(ImmutableArray<TSegment> segments, IJoinTable[] divided, Func<int, bool>? isEnough)
        where TSegment : ISegment
    {
        RowsAside.Again(divided, (worker, rows) =>
        {
            if (isEnough?.Invoke(worker) == true) return;
            Stop.ThrowIfCancellationRequested();
            segments[worker].Process(rows);
        });
        foreach (var segment in segments) segment.Finish();
    }

    /// <summary>Gives back what breakers held.</summary>
    public void Dispose() => Memory.Dispose();

    private void Pump(IBatchSource source, ISegment segment, int worker, bool isInput, Func<int, bool>? isEnough, bool isLast)
    {
        try
        {
            using var reader = source.Open(worker, Workers);
            while (isEnough?.Invoke(worker) != true && reader.Read() is { } batch)
            {
                using (batch)
                {
                    Stop.ThrowIfCancellationRequested();
                    if (isInput && Interlocked.Exchange(ref hasRows, true) == false) FirstRows?.Invoke();
                    segment.Process(batch);
                    if (isInput) Counts.AddRead(batch.Length);
                    else if (source is RangeSource) Counts.AddMade(batch.Length);
                }
            }

            if (isLast) segment.Finish();
        }
        finally
        {
            Ordered?.End(worker);
        }
    }
}
