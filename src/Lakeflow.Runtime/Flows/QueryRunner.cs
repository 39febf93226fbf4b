using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Flows;

/// <summary>Runs a query whose rows go to the user.</summary>
public static class QueryRunner
{
    /// <summary>Runs the one <see cref="FlowKind.Query"/> flow of a pipeline, and hands its rows on in their order while it runs.</summary>
    /// <param name="next">Gets each batch, one at a time, and owns none; false: no more are wanted, and the query ends.</param>
    /// <param name="begin">Told the columns, before the first row; null for nobody.</param>
    /// <param name="mostRows">Rows to hand on, the first ones (and what else their last batch holds); the others are only counted.</param>
    /// <param name="counts">Gets what is counted while the query runs; null for nobody.</param>
    /// <param name="memory">What breakers may hold; null for half of the machine's.</param>
    /// <returns>The columns and the number of rows, no batch.</returns>
    /// <remarks>No more than a few batches of each worker are held, however many rows there are.</remarks>
    /// <exception cref="Diagnostics.RuntimeError">The user's trouble; rows may have been handed on before it.</exception>
    public static QueryResult Run(
        IPipeline pipeline, Lakehouse lakehouse, IFileSources files, PathMap paths, SessionZone zone, Func<RecordBatch, bool> next, Action<Schema>? begin = null,
        TimeProvider? time = null, long mostRows = long.MaxValue, Action<FlowCounts>? counts = null, MemoryBudget? memory = null, CancellationToken stop = default)
    {
        time ??= TimeProvider.System;
        var flow = pipeline.CreateFlows().Single(f => f.Info.Kind == FlowKind.Query);
        var options = new UpdateOptions { Zone = zone, Memory = memory ?? MemoryBudget.OfMachine };
        var constants = new RunConstants(UpdateContext.Micros(time.GetUtcNow()), zone);
        var workers = options.WorkersOrDefault;
        using var ordered = new OrderedRows(workers, mostRows, next, stop);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, ordered.Enough);
        var context = new UpdateContext(pipeline.Info, lakehouse, files, paths, options, new Selection(pipeline.Info, options), constants, "", time, either.Token);
        var sources = new SourcePlanner(context, flow.Info, FlowRecord.Start(flow.Info, 1)).Plan();
        options.Memory.Folder.Sweep();
        using var run = new FlowRun(
            flow.Info, constants, workers, slot => sources[SourcePlanner.KeyOf(flow.Info.Sources[slot])].Open(flow.Info.Sources[slot]), ordered.Sink, either.Token, options.Memory)
        {
            Ordered = ordered,
        };
        counts?.Invoke(run.Counts);
        begin?.Invoke(flow.Info.Output);
        try
        {
            flow.Run(run);
            ordered.ThrowIfFailed();
        }
        catch (OperationCanceledException) when (ordered.Enough.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // Nobody wants the rest: that is an end like any other.
        }

        return new QueryResult(flow.Info.Output, [], run.Counts.Read) { Rows = ordered.Rows };
    }
}

/// <summary>The rows of a query.</summary>
/// <param name="Columns">Names and types.</param>
/// <param name="Batches">In order.</param>
/// <param name="RowsRead">Rows that came from the sources.</param>
public sealed record QueryResult(Schema Columns, ImmutableArray<RecordBatch> Batches, long RowsRead) : IDisposable
{
    /// <summary>How many rows there are; the batches may hold only the first of them.</summary>
    public long Rows { get; init; } = Batches.Sum(b => (long)b.Length);

    public void Dispose()
    {
        foreach (var batch in Batches) batch.Dispose();
    }
}
