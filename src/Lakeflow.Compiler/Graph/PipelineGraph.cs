using System.Collections.Immutable;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Graph;

/// <summary>The bound pipeline: what is declared, and what fills it. Meaning is complete; nobody looks back at syntax.</summary>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Datasets">All datasets, in order of declaration (files sorted by path).</param>
/// <param name="Flows">All flows into tables, upstream before downstream, else in order of declaration. Views are part of their readers' plans.</param>
public sealed record PipelineGraph(string Name, ImmutableArray<Dataset> Datasets, ImmutableArray<Flow> Flows);

/// <summary>A declared dataset.</summary>
/// <param name="Info">What the run time is told of it.</param>
/// <param name="Reads">The datasets of this pipeline that its flows (or, for a view, its query) read directly.</param>
/// <param name="ViewPlan">The plan of a view's query, for EXPLAIN and validation; null for tables.</param>
public sealed record Dataset(DatasetInfo Info, ImmutableArray<QualifiedName> Reads, LogicalPlan? ViewPlan)
{
    public QualifiedName Name => Info.Name;
}

/// <summary>A flow into a dataset.</summary>
/// <param name="Name">Unique in the pipeline.</param>
/// <param name="Target">The dataset written.</param>
/// <param name="Kind">How the rows reach it.</param>
/// <param name="Plan">The query; its columns are the target's stored columns, in order, with the target's <see cref="Expect"/> on top.</param>
/// <param name="Reads">Datasets of this pipeline in the plan, views included.</param>
/// <param name="Settings">Configuration in force where the flow was declared (<c>SET</c>).</param>
/// <param name="Sql">The query as written.</param>
/// <param name="Origin">The declaring statement.</param>
public sealed record Flow(
    string Name, QualifiedName Target, FlowKind Kind, LogicalPlan Plan, ImmutableArray<QualifiedName> Reads,
    ImmutableSortedDictionary<string, string> Settings, string Sql, SourceSpan Origin)
{
    /// <summary>For AUTO CDC, how the rows change the target; the plan's columns are then laid out as <see cref="ChangeLayout"/> says. Else null.</summary>
    public ChangesInfo? Changes { get; init; }

    /// <summary>For REPLACE flows, which rows of the target the rows take the place of; else null.</summary>
    public ReplaceInfo? Replaces { get; init; }

    /// <summary>What makes the flow another one, beside its plan.</summary>
    public ImmutableSortedDictionary<string, string> Definition =>
        Changes is not null ? Settings.SetItem("auto cdc", Changes.Describe()) : Replaces is not null ? Settings.SetItem("replace", Replaces.Describe()) : Settings;
}
