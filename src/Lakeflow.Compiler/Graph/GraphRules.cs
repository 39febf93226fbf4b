using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Graph;

/// <summary>Checks what can only be said of whole plans: stream against batch, and what may stand over a stream.</summary>
/// <remarks>Names, cycles, duplicates and missing flows are the binder's: it needs them to go on.</remarks>
public static class GraphRules
{
    public static void Check(PipelineGraph graph, DiagnosticBag bag)
    {
        var datasets = graph.Datasets.ToDictionary(d => d.Name);
        foreach (var dataset in graph.Datasets)
        {
            if (dataset is { Info.Kind: DatasetKind.PersistedView, ViewPlan: { } plan } && Stream(plan) is { } stream)
                bag.Add(GraphErrors.StreamInPersistedView(stream.Origin, dataset.Name.Name));
        }

        foreach (var flow in graph.Flows)
        {
            if (flow.Kind == FlowKind.Query) continue;
            CheckKind(flow, datasets.GetValueOrDefault(flow.Target)?.Info.Kind, bag);
            if (flow.Kind != FlowKind.Replace) CheckOperators(flow.Plan, flow.Target.Name, bag);
            CheckOptions(flow, bag);
        }

        CheckResets(graph, datasets, bag);
        if (!bag.HasErrors && graph.Flows.IsEmpty && !graph.Datasets.Any(d => d.Info.IsTable)) bag.Add(GraphErrors.EmptyPipeline(SourceSpan.None));
    }

    /// <summary>The first stream that a plan reads, or null.</summary>
    private static LogicalPlan? Stream(LogicalPlan plan) => plan.All().FirstOrDefault(n => n is Scan { Source.Streaming: true } or ErrorPlan { Streaming: true });

    /// <summary>A table that may not be reset streams none that may: the stream would stop at the first full refresh, for good.</summary>
    private static void CheckResets(PipelineGraph graph, Dictionary<QualifiedName, Dataset> datasets, DiagnosticBag bag)
    {
        foreach (var flow in graph.Flows)
        {
            if (!datasets.TryGetValue(flow.Target, out var target) || target.Info.MayReset) continue;
            foreach (var scan in flow.Plan.All().OfType<Scan>())
            {
                if (scan.Source is TableSource { Streaming: true } source && datasets.GetValueOrDefault(source.Table) is { Info: { IsTable: true, MayReset: true } } upstream)
                    bag.Add(GraphErrors.ResettableUpstream(scan.Origin, target.Name.Name, upstream.Name.Name));
            }
        }
    }

    /// <summary>A flow has one position in each table that it streams, so it reads it in one way.</summary>
    private static void CheckOptions(Flow flow, DiagnosticBag bag)
    {
        var streams = flow.Plan.All().OfType<Scan>().Where(s => s.Source.Streaming);
        var tables = streams.GroupBy(s => s.Source switch
        {
            TableSource t => t.Table.ToString().ToLowerInvariant(),
            PathTableSource p => p.Path,
            RateSource => "rate",
            _ => null,
        });
        foreach (var reads in tables.Where(t => t.Key is not null && t.Select(s => s.Source.Describe()).Distinct().Count() > 1))
            bag.Add(GraphErrors.StreamOptionsDiffer(reads.Last().Origin, reads.Key!, reads.First().Origin));
    }

    private static void CheckKind(Flow flow, DatasetKind? target, DiagnosticBag bag)
    {
        var stream = Stream(flow.Plan);
        switch (flow.Kind)
        {
            case FlowKind.Complete when stream is not null:
                bag.Add(GraphErrors.StreamInMaterializedView(At(flow, stream), flow.Target.Name));
                break;
            case FlowKind.Replace when stream is not null:
                bag.Add(GraphErrors.StreamInReplaceWhere(At(flow, stream), flow.Name));
                break;
            case FlowKind.Once when stream is not null:
                bag.Add(GraphErrors.StreamInOnceFlow(At(flow, stream), flow.Name));
                break;
            case FlowKind.Append when stream is null && target == DatasetKind.StreamingTable && flow.Changes is not { FromSnapshots: true } && !flow.Plan.All().Any(n => n is ErrorPlan):
                var source = flow.Plan.All().FirstOrDefault(n => n is Scan);
                bag.Add(flow.Changes is null
                    ? GraphErrors.BatchIntoStreamingTable((source ?? flow.Plan).Origin, flow.Name, flow.Target.Name)
                    : GraphErrors.ChangesWithoutStream(flow.Origin, flow.Name, flow.Target.Name));
                break;
        }
    }

    /// <summary>Where a flow reads a stream; the flow, if a view does it.</summary>
    private static SourceSpan At(Flow flow, LogicalPlan stream) => flow.Origin.Has(stream.Origin) || flow.Plan.Origin.Has(stream.Origin) ? stream.Origin : flow.Origin;

    /// <summary>Reports operators that would need state over a stream; returns whether the plan streams.</summary>
    private static bool CheckOperators(LogicalPlan plan, string target, DiagnosticBag bag)
    {
        if (plan is Scan scan) return scan.Source.Streaming;
        if (plan is Join { SetOperation: { } operation } && plan.Inputs.All(i => Stream(i) is not null))
        {
            bag.Add(GraphErrors.NotOverStream(plan.Origin, $"{operation} of two streams", "Declare a MATERIALIZED VIEW without STREAM; or, for rows that both streams bring, SELECT DISTINCT over a LEFT SEMI JOIN with a bound on time."));
            return true;
        }

        var streams = plan.Inputs.Select(i => CheckOperators(i, target, bag)).ToArray();
        CheckSubqueries(plan, bag);
        switch (plan)
        {
            case Union when streams.Contains(true) && streams.Contains(false):
                var batch = plan.Inputs[Array.IndexOf(streams, false)];
                if (!batch.All().Any(n => n is ErrorPlan))
                    bag.Add(GraphErrors.NotOverStream(batch.Origin, "UNION ALL with a query that reads no stream", "Load it with a flow of its own: CREATE FLOW … AS INSERT INTO ONCE …."));
                return true;
            case StreamPairs:
                return true;
            case Join join when streams is [true, true]:
                bag.Add(BindingErrors.NotSupported(join.Origin, "A join of two streams", "Read one side without STREAM, or declare a MATERIALIZED VIEW."));
                return true;
            case Lateral lateral when streams[1]:
                bag.Add(GraphErrors.NotOverStream(lateral.Origin, "LATERAL", "Leave out STREAM inside it: it sees the table as it is now."));
                return true;
            case Join join:
                CheckStaticJoin(join, streams[0], streams[1], bag);
                return streams[0] || streams[1];
        }

        if (streams is not [true, ..]) return false;
        switch (plan)
        {
            case Aggregate aggregate when BelowSessions(aggregate.Input) is Hold or InTime:
            case Window { OfSessions: true }:
                break;
            case Aggregate or Distinct when plan.All().Any(Hold.Delays):
                bag.Add(GraphErrors.ChainedState(plan is Aggregate second ? At(second) : plan.Origin, target));
                break;
            case Aggregate aggregate:
                bag.Add(GraphErrors.StreamingAggregate(At(aggregate), aggregate.Aggregates.IsEmpty ? "GROUP BY" : "An aggregation", target));
                break;
            case Distinct:
                bag.Add(GraphErrors.StreamingAggregate(plan.Origin, "DISTINCT", target));
                break;
            case Sort:
                bag.Add(GraphErrors.NotOverStream(plan.Origin, "ORDER BY", "Write it where the table is read, or CLUSTER BY columns that readers filter by."));
                break;
            case Limit:
                bag.Add(GraphErrors.NotOverStream(plan.Origin, plan is Limit { Count: null } ? "OFFSET" : "LIMIT", "A stream has no first rows. Limit when the table is read, or write SELECT … LIMIT into a MATERIALIZED VIEW."));
                break;
            case Window:
                bag.Add(GraphErrors.NotOverStream(plan.Origin, "[NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING] A window function", "To keep the latest row of each key, use AUTO CDC; to drop rows that come twice, SELECT DISTINCT with a WATERMARK; else declare a MATERIALIZED VIEW without STREAM."));
                break;
        }

        return true;
    }

    private static SourceSpan At(Aggregate aggregate) => aggregate.Aggregates.IsEmpty ? aggregate.Origin : aggregate.Aggregates[0].Call.Origin;

    /// <summary>What stands below the windows that number sessions; the plan itself if there are none.</summary>
    private static LogicalPlan BelowSessions(LogicalPlan plan) => plan is Window { OfSessions: true } ? plan.Inputs[0].Inputs[0].Inputs[0] : plan;

    /// <summary>Of a stream joined with a table only the stream's rows may be kept without a match: the table is read anew each time.</summary>
    private static void CheckStaticJoin(Join join, bool left, bool right, DiagnosticBag bag)
    {
        if (!left && !right) return;
        var fine = join.Kind switch
        {
            JoinKind.Inner or JoinKind.Cross => true,
            JoinKind.Right => right,
            JoinKind.Full => false,
            _ => left,
        };
        if (!fine)
            bag.Add(GraphErrors.NotOverStream(
                join.Origin, $"A {join.Kind switch { JoinKind.LeftSemi => "LEFT SEMI", JoinKind.LeftAnti or JoinKind.NullAwareAnti => "LEFT ANTI", JoinKind.LeftMark => "MARK", _ => join.Kind.ToString().ToUpperInvariant() }} join that gives rows of the table by what the stream brings",
                "Give the rows of the stream: put it on the left of LEFT JOIN, LEFT SEMI JOIN or LEFT ANTI JOIN; or declare a MATERIALIZED VIEW without STREAM."));
    }

    private static void CheckSubqueries(LogicalPlan plan, DiagnosticBag bag)
    {
        plan.MapExpressions(e =>
        {
            foreach (var part in e.All())
            {
                var inner = part switch { ScalarSubquery s => s.Plan, SubqueryTest t => t.Plan, _ => null };
                if (inner is not null && Stream(inner) is { } stream)
                    bag.Add(GraphErrors.NotOverStream(part.Origin.Has(stream.Origin) ? stream.Origin : part.Origin, "A subquery", "Leave out STREAM: the subquery sees the table as it is now."));
            }

            return e;
        });
    }
}
