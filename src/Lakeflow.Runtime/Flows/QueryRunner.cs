using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Flows;

/// <summary>Runs a query whose rows go to the user.</summary>
public static class QueryRunner
{
    /// <summary>Runs the one <see cref="FlowKind.Query"/> flow of a pipeline.</summary>
    /// <param name="mostRows">Rows to keep, the first ones; the others are only counted. A person reads no million of them.</param>
    /// <param name="memory">What breakers may hold; null for half of the machine's.</param>
    /// <exception cref="Diagnostics.RuntimeError">The user's trouble.</exception>
    public static QueryResult Run(
        IPipeline pipeline, Lakehouse lakehouse, IFileSources files, PathMap paths, SessionZone zone, TimeProvider? time = null, long mostRows = long.MaxValue,
        MemoryBudget? memory = null, CancellationToken stop = default)
    {
        var flow = FlowOf(pipeline);
        var options = new UpdateOptions { Zone = zone, Memory = memory ?? MemoryBudget.OfMachine };
        var sinks = Enumerable.Range(0, options.WorkersOrDefault).Select(_ => new Gather(mostRows)).ToArray();
        var read = Run(flow, pipeline, lakehouse, files, paths, options, time ?? TimeProvider.System, worker => sinks[worker], null, stop);
        // By ordinal the batches of all workers are the result in order.
        return new QueryResult(flow.Info.Output, [.. sinks.SelectMany(s => s.Batches).OrderBy(b => b.Ordinal)], read) { Rows = sinks.Sum(s => s.Rows) };
    }

    /// <summary>Runs the one <see cref="FlowKind.Query"/> flow of a pipeline, and hands its rows over as they come.</summary>
    /// <param name="begin">Told the columns, before the first row.</param>
    /// <param name="write">Takes each batch, in order, one at a time; the batch is borrowed.</param>
    /// <param name="memory">What breakers may hold; null for half of the machine's.</param>
    /// <exception cref="Diagnostics.RuntimeError">The user's trouble; rows before it have been handed over.</exception>
    public static void Stream(
        IPipeline pipeline, Lakehouse lakehouse, IFileSources files, PathMap paths, SessionZone zone, Action<Schema> begin, Action<RecordBatch> write,
        TimeProvider? time = null, MemoryBudget? memory = null, CancellationToken stop = default)
    {
        var flow = FlowOf(pipeline);
        var options = new UpdateOptions { Zone = zone, Memory = memory ?? MemoryBudget.OfMachine };
        var output = new OrderedOutput(options.WorkersOrDefault, write);
        begin(flow.Info.Output);
        Run(flow, pipeline, lakehouse, files, paths, options, time ?? TimeProvider.System, output.Worker, output.Reading, stop);
    }

    private static IFlow FlowOf(IPipeline pipeline) => pipeline.CreateFlows().Single(f => f.Info.Kind == FlowKind.Query);

    /// <summary>Gives the rows read.</summary>
    private static long Run(
        IFlow flow, IPipeline pipeline, Lakehouse lakehouse, IFileSources files, PathMap paths, UpdateOptions options, TimeProvider time,
        Func<int, IBatchSink> outputOf, Action<int, bool>? reading, CancellationToken stop)
    {
        var constants = new RunConstants(UpdateContext.Micros(time.GetUtcNow()), options.Zone);
        var context = new UpdateContext(pipeline.Info, lakehouse, files, paths, options, new Selection(pipeline.Info, options), constants, "", time, stop);
        var sources = new SourcePlanner(context, flow.Info, FlowRecord.Start(flow.Info, 1)).Plan();
        options.Memory.Folder.Sweep();
        using var run = new FlowRun(
            flow.Info, constants, options.WorkersOrDefault,
            slot => sources[SourcePlanner.KeyOf(flow.Info.Sources[slot])].Open(flow.Info.Sources[slot]), outputOf, stop, options.Memory)
        {
            Reading = reading,
        };
        flow.Run(run);
        return run.Counts.Read;
    }

    /// <summary>What one worker yields: its first batches by ordinal, as many as hold the rows wanted.</summary>
    private sealed class Gather(long mostRows) : IBatchSink
    {
        private long kept;

        public List<RecordBatch> Batches { get; } = [];

        public long Rows { get; private set; }

        public void Write(RecordBatch rows)
        {
            if (rows.Length == 0) return;
            Rows += rows.Length;
            // A worker's batches come nearly in order: the last is the one to give up, unless this one is later still.
            if (kept >= mostRows && rows.Ordinal >= Batches[^1].Ordinal) return;
            var at = Batches.Count;
            while (at > 0 && Batches[at - 1].Ordinal > rows.Ordinal) at--;
            Batches.Insert(at, rows.WithSchema(rows.Schema));
            kept += rows.Length;
            while (kept - Batches[^1].Length >= mostRows)
            {
                kept -= Batches[^1].Length;
                Batches[^1].Dispose();
                Batches.RemoveAt(Batches.Count - 1);
            }
        }
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
