using System.Collections.Immutable;

namespace Lakeflow.Runtime.Flows;

/// <summary>The tables that an update brings up to date, and those it empties before.</summary>
internal sealed class Selection
{
    public const string ResetAllowed = "pipelines.reset.allowed";

    private readonly HashSet<QualifiedName>? refreshed;
    private readonly HashSet<QualifiedName> reset;

    /// <summary>LF5058 for a name that is no table, LF5057 for one that must not be reset, LF5059 for options that contradict.</summary>
    public Selection(PipelineInfo pipeline, UpdateOptions options)
    {
        if (options.FullRefreshAll && (options.Refresh.Length > 0 || options.FullRefresh.Length > 0))
        {
            throw RunErrors.ConflictingSelection("A full refresh of everything leaves nothing to select.");
        }

        var refresh = options.Refresh.Select(name => Find(pipeline, name)).ToList();
        var full = options.FullRefresh.Select(name => Find(pipeline, name)).ToList();
        if (refresh.Intersect(full).FirstOrDefault() is { } both)
        {
            throw RunErrors.ConflictingSelection($"{both.Name} is to be refreshed and to be fully refreshed.");
        }

        if (full.Find(d => !d.MayReset) is { } fixedTable) throw RunErrors.ResetNotAllowed(fixedTable.Name.ToString());
        // A table that must not be reset is refreshed plainly when everything is reset. Language specification §4.6.
        reset = options.FullRefreshAll
            ? [.. pipeline.Datasets.Where(d => d.IsTable && d.MayReset).Select(d => d.Name)]
            : [.. full.Select(d => d.Name)];
        refreshed = refresh.Count + full.Count == 0 ? null : [.. refresh.Concat(full).Select(d => d.Name)];
        ResetFlows = [.. options.ResetFlows.Select(name => FindFlow(pipeline, name))];
        foreach (var flow in ResetFlows)
        {
            if (options.FullRefreshAll || reset.Contains(flow.Target)) throw RunErrors.ConflictingSelection($"The flow {flow.Name} is to begin anew, and so is its table {flow.Target}.");
            if (!Includes(flow.Target)) throw RunErrors.ConflictingSelection($"The flow {flow.Name} is to begin anew, but its table {flow.Target} is not among those to refresh.");
            if (flow.Kind == FlowKind.Complete) throw RunErrors.ConflictingSelection($"{flow.Target} is a materialized view: it has no position that could begin anew.");
        }

        Adopted = [.. options.Adopt.Select(name => Find(pipeline, name).Name)];
        Accepted = [.. options.Accept.Select(name => Find(pipeline, name).Name)];
    }

    /// <summary>Flows that begin anew without their tables being emptied.</summary>
    public ImmutableArray<FlowInfo> ResetFlows { get; }

    /// <summary>Tables whose foreign changes are taken as they are.</summary>
    public ImmutableHashSet<QualifiedName> Accepted { get; }

    /// <summary>Tables to take over.</summary>
    public ImmutableHashSet<QualifiedName> Adopted { get; }

    public bool Includes(QualifiedName table) => refreshed?.Contains(table) ?? true;

    public bool Resets(QualifiedName table) => reset.Contains(table);

    /// <summary>The one table that ends in <paramref name="name"/>: <c>t</c>, <c>schema.t</c> or <c>catalog.schema.t</c>.</summary>
    private static DatasetInfo Find(PipelineInfo pipeline, string name)
    {
        var tables = pipeline.Datasets.Where(d => d.IsTable).ToList();
        var found = tables.Where(d => Ends(d.Name.ToString(), name)).ToList();
        return found.Count == 1 ? found[0] : throw RunErrors.UnknownSelection(name, tables.Select(t => t.Name.ToString()));
    }

    private static FlowInfo FindFlow(PipelineInfo pipeline, string name) =>
        pipeline.Flows.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw RunErrors.UnknownFlow(name, pipeline.Flows.Select(f => f.Name));

    private static bool Ends(string full, string name) =>
        full.Equals(name, StringComparison.OrdinalIgnoreCase) || full.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
}
