using System.Collections.Immutable;

namespace Lakeflow.Runtime.Flows;

/// <summary>Which flows wait for which: a flow runs after all flows into the tables that it reads.</summary>
internal sealed class FlowOrder
{
    private readonly PipelineInfo pipeline;
    private readonly ImmutableArray<ImmutableArray<int>> upstream;
    private readonly ImmutableArray<ImmutableArray<int>> before;

    public FlowOrder(PipelineInfo pipeline)
    {
        this.pipeline = pipeline;
        var into = pipeline.Flows.Select((flow, i) => (flow.Target, i)).ToLookup(f => f.Target, f => f.i);
        upstream = [.. pipeline.Flows.Select(flow => flow.Sources
            .OfType<TableSourceInfo>()
            // A flow may read its own target (to leave out what is there): that is no reason to wait for itself.
            .Where(source => source.Table != flow.Target)
            .SelectMany(source => into[source.Table])
            .Distinct().Order().ToImmutableArray())];
        before = [.. pipeline.Flows.Select((flow, i) => !flow.ChangesRows ? [] : into[flow.Target].Where(other => Turn(other).CompareTo(Turn(i)) < 0).ToImmutableArray())];
    }

    /// <summary>
    /// Tables in the order in which to empty them: a table before those that it reads. Killed in between, no stream is left behind
    /// on a source whose rows were taken away; it only begins anew.
    /// </summary>
    public IEnumerable<DatasetInfo> DownstreamFirst(IEnumerable<DatasetInfo> tables)
    {
        var depths = new Dictionary<QualifiedName, int>();
        return tables.OrderByDescending(t => Depth(t.Name, depths));
    }

    private int Depth(QualifiedName table, Dictionary<QualifiedName, int> known)
    {
        if (known.TryGetValue(table, out var depth)) return depth;
        known[table] = 0;
        depth = 1 + pipeline.Flows.Where(f => f.Target == table)
            .SelectMany(f => f.Sources.OfType<TableSourceInfo>()).Where(s => s.Table != table)
            .Select(s => Depth(s.Table, known)).DefaultIfEmpty(0).Max();
        return known[table] = depth;
    }

    /// <summary>The flows that flow <paramref name="flow"/> waits for, by their place in the pipeline.</summary>
    public ImmutableArray<int> Upstream(int flow) => upstream[flow];

    /// <summary>Of a flow that changes rows, those that have their turn at the target of flow <paramref name="flow"/> first: those that run once, then as they are declared.</summary>
    /// <remarks>Each builds on what the one before it has remembered of the target's keys. If one fails, the next runs all the same.</remarks>
    public ImmutableArray<int> Before(int flow) => before[flow];

    private (bool IsLive, int Index) Turn(int flow) => (pipeline.Flows[flow].Kind != FlowKind.Once, flow);
}
