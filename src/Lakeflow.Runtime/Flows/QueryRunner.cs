using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Flows;

/// <summary>Runs a query whose rows go to the user.</summary>
public static class QueryRunner
{
    /// <summary>Runs the one <see cref="FlowKind.Query"/> flow of a pipeline.</summary>
    /// <exception cref="Diagnostics.RuntimeError">The user's trouble.</exception>
    public static QueryResult Run(
        IPipeline pipeline, Lakehouse lakehouse, IFileSources files, PathMap paths, SessionZone zone, TimeProvider? time = null, CancellationToken stop = default)
    {
        time ??= TimeProvider.System;
        var flow = pipeline.CreateFlows().Single(f => f.Info.Kind == FlowKind.Query);
        var options = new UpdateOptions { Zone = zone };
        var constants = new RunConstants(UpdateContext.Micros(time.GetUtcNow()), zone);
        var context = new UpdateContext(pipeline.Info, lakehouse, files, paths, options, new Selection(pipeline.Info, options), constants, "", time, stop);
        var sources = new SourcePlanner(context, flow.Info, FlowRecord.Start(flow.Info, 1)).Plan();
        var workers = options.WorkersOrDefault;
        var sinks = Enumerable.Range(0, workers).Select(_ => new Gather()).ToArray();
        var run = new FlowRun(
            flow.Info, constants, workers, slot => sources[SourcePlanner.KeyOf(flow.Info.Sources[slot])].Open(flow.Info.Sources[slot]), worker => sinks[worker], stop);
        flow.Run(run);
        // By ordinal the batches of all workers are the result in order.
        return new QueryResult(flow.Info.Output, [.. sinks.SelectMany(s => s.Batches).OrderBy(b => b.Ordinal)], run.Counts.Read);
    }

    private sealed class Gather : IBatchSink
    {
        public List<RecordBatch> Batches { get; } = [];

        public void Write(RecordBatch rows)
        {
            if (rows.Length > 0) Batches.Add(rows.WithSchema(rows.Schema));
        }
    }
}

/// <summary>The rows of a query.</summary>
/// <param name="Columns">Names and types.</param>
/// <param name="Batches">In order.</param>
/// <param name="RowsRead">Rows that came from the sources.</param>
public sealed record QueryResult(Schema Columns, ImmutableArray<RecordBatch> Batches, long RowsRead) : IDisposable
{
    public long Rows => Batches.Sum(b => (long)b.Length);

    public void Dispose()
    {
        foreach (var batch in Batches) batch.Dispose();
    }
}
