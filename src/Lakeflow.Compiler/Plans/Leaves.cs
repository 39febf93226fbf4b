using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Plans;

/// <summary>Reads columns of a source.</summary>
/// <param name="Source">What to read.</param>
/// <param name="Output">The columns to read, by their names in the source. The optimizer narrows this.</param>
/// <param name="Pruning">Conditions that rule out files and row groups; hints beside the filter above, never instead of it.</param>
/// <param name="Limit">Rows after which reading may stop, or null.</param>
/// <param name="Origin">Where the query names the source.</param>
public sealed record Scan(
    PlanSource Source, ImmutableArray<PlanColumn> Output, ImmutableArray<ColumnPredicate> Pruning, long? Limit, SourceSpan Origin)
    : LogicalPlan(Origin)
{
    /// <summary>Looks up how many bytes the source has, roughly; null for "not known". Asked only where a choice hangs on it.</summary>
    public Func<long?>? Size { get; init; }

    public override ImmutableArray<PlanColumn> Columns => Output;

    public override ImmutableArray<LogicalPlan> Inputs => [];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this;

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe()
    {
        var text = $"Scan {(Source.Streaming ? "STREAM " : "")}{Source.Describe()} [{string.Join(", ", Output)}]";
        if (Pruning.Length > 0) text += $" pruned by {string.Join(" AND ", Pruning.Select(p => ExprText.Of(p, Output.First(c => c.Name == p.Column).Type)))}";
        return Limit is null ? text : $"{text} limit {Limit}";
    }
}

/// <summary>Rows written in the query: <c>VALUES</c>, or the one row without columns of a SELECT without FROM.</summary>
public sealed record Values(ImmutableArray<ImmutableArray<Expr>> Rows, ImmutableArray<PlanColumn> Output, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Output;

    public override ImmutableArray<LogicalPlan> Inputs => [];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this;

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var rows = Rows.MapAll(map);
        return rows == Rows ? this : this with { Rows = rows };
    }

    public override string Describe() => Output.IsEmpty ? "OneRow" : $"Values {Rows.Length} rows [{string.Join(", ", Output)}]";
}

/// <summary>The BIGINTs from <paramref name="Start"/> towards <paramref name="End"/>, exclusive.</summary>
public sealed record Range(long Start, long End, long Step, PlanColumn Id, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => [Id];

    public override ImmutableArray<LogicalPlan> Inputs => [];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this;

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => $"Range {Start} to {End} by {Step}";
}
