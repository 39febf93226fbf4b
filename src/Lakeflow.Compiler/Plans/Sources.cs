using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Plans;

/// <summary>What a <see cref="Scan"/> reads.</summary>
/// <param name="Streaming">True: only what is new since the flow's last step.</param>
public abstract record PlanSource(bool Streaming)
{
    /// <summary>For the plan tree: <c>main.shop.orders</c>, <c>csv ./data/raw</c>.</summary>
    public abstract string Describe();

    private protected static string OptionText(ImmutableSortedDictionary<string, string> options) =>
        options.IsEmpty ? "" : $" WITH ({string.Join(", ", options.Select(o => $"{o.Key} = {o.Value}"))})";
}

/// <summary>A table in the lakehouse: a dataset of this pipeline or another Delta table.</summary>
public sealed record TableSource(QualifiedName Table, bool Streaming, bool InPipeline) : PlanSource(Streaming)
{
    public long? Version { get; init; }

    public long? AsOf { get; init; }

    /// <summary>Not null: the changes of these versions are read instead of rows.</summary>
    public ChangeRange? Changes { get; init; }

    /// <summary>Of a stream, checked, names in lower case.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public override string Describe() => Changes is null ? Table + OptionText(Options) : $"changes of {Table} {RangeText(Changes)}";

    private static string RangeText(ChangeRange range) => FormattableString.Invariant(
        $"from {range.FromVersion ?? range.FromTime}{((range.ToVersion ?? range.ToTime) is { } end ? $" to {end}" : "")}");
}

/// <summary>A Delta table named by its folder.</summary>
public sealed record PathTableSource(string Path, bool Streaming) : PlanSource(Streaming)
{
    /// <summary>Of a stream, checked, names in lower case.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public override string Describe() => $"delta.`{Path}`" + OptionText(Options);
}

/// <summary>Files of one format under one path.</summary>
/// <param name="FileColumns">All columns that the files have.</param>
public sealed record FilesSource(
    string Path, string Format, ImmutableSortedDictionary<string, string> Options, Schema FileColumns, bool Streaming) : PlanSource(Streaming)
{
    public override string Describe() => $"{Format}.`{Path}`";
}

/// <summary>Rows made by the clock.</summary>
public sealed record RateSource(ImmutableSortedDictionary<string, string> Options) : PlanSource(Streaming: true)
{
    public override string Describe() => "rate" + OptionText(Options);
}

/// <summary>The rows that the flow's own target has, each with its place: <see cref="Lakeflow.Runtime.Changes.ChangeLayout.File"/> and <see cref="Lakeflow.Runtime.Changes.ChangeLayout.Row"/>.</summary>
public sealed record TargetSource(QualifiedName Table) : PlanSource(Streaming: false)
{
    public override string Describe() => $"rows of {Table}";
}

/// <summary>The event log of the pipeline being compiled.</summary>
public sealed record EventLogSource() : PlanSource(Streaming: false)
{
    public override string Describe() => "event_log";
}
