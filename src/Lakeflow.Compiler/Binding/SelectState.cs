using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>One SELECT while it is bound: its plan grows, its items are known, its aggregates and windows are gathered.</summary>
internal sealed class SelectState(PlanScope ids, Relation from, ImmutableArray<NamedWindowSyntax> windows)
{
    public LogicalPlan Plan { get; set; } = from.Plan;

    /// <summary>The columns of FROM, and the time windows of GROUP BY under the names of their functions.</summary>
    public Scope Scope { get; set; } = from.Scope;

    public AggregateCollector Aggregates { get; } = new(ids);

    public WindowCollector Windows { get; } = new(ids, windows);

    public TimeWindowCollector TimeWindows { get; } = new(ids);

    public List<SelectItem> Items { get; } = [];

    /// <summary>True if a star stood for columns that are not known.</summary>
    public bool IsUnknown { get; set; }

    /// <summary>True if an item of GROUP BY is in error: what is not grouped is not reported then.</summary>
    public bool HasBrokenKeys { get; set; }

    /// <summary>The one generator of the list.</summary>
    public Generate? Generator { get; set; }

    /// <summary>The item of that alias among those bound so far; null if there is none, or several.</summary>
    public Expr? ByAlias(string name)
    {
        SelectItem? found = null;
        foreach (var item in Items)
        {
            if (!item.IsAlias || !string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null) return null;
            found = item;
        }

        return found?.Value;
    }
}

/// <summary>An item of a SELECT list, bound.</summary>
/// <param name="Value">Over the rows of FROM, with aggregates and windows as columns.</param>
/// <param name="Name">Its alias, or the name it gets by itself.</param>
/// <param name="IsAlias">The name was written with AS.</param>
internal sealed record SelectItem(Expr Value, string Name, bool IsAlias, SourceSpan Span)
{
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>For a plain column of FROM: its table, so that pipes and ORDER BY may still name it.</summary>
    public ImmutableArray<string> Qualifier { get; init; } = [];
}
