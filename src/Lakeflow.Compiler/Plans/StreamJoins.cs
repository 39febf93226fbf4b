using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Plans;

/// <summary>One side of a join of two streams: what is kept of its rows.</summary>
/// <param name="Rows">All its columns are kept.</param>
/// <param name="Keys">Equal to the other side's, one by one, in rows that match.</param>
/// <param name="Due">TIMESTAMP: once the watermark has reached it, no row of the other side can match any more. Null: one always may.</param>
/// <param name="Late">TIMESTAMP: once the watermark has reached it, the row may have matched one that is gone. Null: none is ever gone.</param>
public sealed record JoinSide(LogicalPlan Rows, ImmutableArray<PlanColumn> Keys, PlanColumn? Due, PlanColumn? Late)
{
    public override string ToString() => $"({string.Join(", ", Keys)}){(Due is null ? "" : $" until {Due}")}";
}

/// <summary>
/// Pairs of rows of two streams whose keys are equal, each once, in the step that brings the later of the two; rows of earlier steps are
/// remembered. What else must hold for a pair is a <see cref="Filter"/> above.
/// </summary>
/// <param name="Output">Columns of the two sides, the left ones first.</param>
public sealed record StreamPairs(StreamJoinKind Kind, JoinSide Left, JoinSide Right, ImmutableArray<PlanColumn> Output, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => LeftRow is null ? Output : [.. Output, LeftRow, RightRow!];

    /// <summary>INT: numbers of a pair's rows in the step, for <see cref="StreamMatches"/>; null for an inner join.</summary>
    public PlanColumn? LeftRow { get; init; }

    public PlanColumn? RightRow { get; init; }

    /// <summary>The watermark that the join works with.</summary>
    public StreamClock Clock { get; init; }

    /// <summary>What the rows remembered mean, as bound.</summary>
    public KeptMeaning Meaning { get; init; } = KeptMeaning.None;

    public override ImmutableArray<LogicalPlan> Inputs => [Left.Rows, Right.Rows];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Left = Left with { Rows = inputs[0] }, Right = Right with { Rows = inputs[1] } };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => $"StreamPairs {Kind} {Left} = {Right}";
}

/// <summary>
/// Of the pairs that hold, those that the join gives: all, and the rows of an outer side that can no longer match; or the left rows that
/// match for the first time.
/// </summary>
/// <param name="Input">Filters over <see cref="StreamPairs"/>, whose rows' numbers are its last two columns.</param>
/// <param name="Output">The columns of <paramref name="Input"/> without the numbers; of a semi join only the left ones.</param>
public sealed record StreamMatches(LogicalPlan Input, ImmutableArray<PlanColumn> Output, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Output;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    /// <summary>Where the pairs come from.</summary>
    public StreamPairs Pairs => Input.All().OfType<StreamPairs>().First();

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => $"StreamMatches {Pairs.Kind}";
}
