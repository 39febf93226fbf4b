using System.Collections.Immutable;

namespace Lakeflow.Runtime.Flows;

/// <summary>Which flows wait for which: a flow runs after all flows into the tables that it reads.</summary>
internal sealed class FlowOrder
{
    private readonly ImmutableArray<ImmutableArray<int>> upstream;

    public FlowOrder(PipelineInfo pipeline)
    {
        var into = pipeline.Flows.Select((flow, i) => (flow.Target, i)).ToLookup(f => f.Target, f => f.i);
        upstream = [.. pipeline.Flows.Select(flow => flow.Sources
            .OfType<TableSourceInfo>()
            // A flow may read its own target (to leave out what is there): that is no reason to wait for itself.
            .Where(source => source.Table != flow.Target)
            .SelectMany(source => into[source.Table])
            .Distinct().Order().ToImmutableArray())];
    }

    /// <summary>The flows that flow <paramref name="flow"/> waits for, by their place in the pipeline.</summary>
    public ImmutableArray<int> Upstream(int flow) => upstream[flow];
}
