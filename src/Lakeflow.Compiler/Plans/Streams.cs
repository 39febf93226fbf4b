using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Plans;

/// <summary>Says which column of a stream tells when a row happened, and how much later than others it may come. Passes all rows, and looks at them.</summary>
/// <param name="Time">TIMESTAMP, one of the input's columns.</param>
/// <param name="Delay">Microseconds, at least 0.</param>
public sealed record Watermark(LogicalPlan Input, PlanColumn Time, long Delay, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => $"Watermark {Time} delay {Delay} µs";
}

/// <summary>Leaves out rows whose time is up, and counts them; rows without a time too, uncounted.</summary>
/// <param name="Due">TIMESTAMP, one of the input's columns: a row is late once the watermark has reached it.</param>
/// <param name="Clock">The watermark looked at.</param>
public sealed record InTime(LogicalPlan Input, PlanColumn Due, StreamClock Clock, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => $"InTime until {Due}";
}

/// <summary>Remembers rows of a stream from step to step, and gives those whose time has come (<see cref="HoldKind"/>). Its columns are those of its input, all needed.</summary>
/// <param name="Due">TIMESTAMP: the row's part in the answer is settled once the watermark has reached this. Null: never.</param>
public sealed record Hold(LogicalPlan Input, HoldKind Kind, PlanColumn? Due, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    /// <summary>True of a node whose rows come out later than they came in.</summary>
    public static bool Delays(LogicalPlan node) => node is StreamPairs or Hold { Kind: not HoldKind.FirstOnly };

    public override string Describe() => $"Hold {Kind}{(Due is null ? "" : $" until {Due}")}";

    /// <summary>The watermark that the node works with.</summary>
    public StreamClock Clock { get; init; }

    /// <summary>Of <see cref="HoldKind.Sessions"/>: when the row happened.</summary>
    public PlanColumn? Start { get; init; }

    /// <summary>Of <see cref="HoldKind.Sessions"/>: only rows that are equal in these share a session.</summary>
    public ImmutableArray<PlanColumn> Keys { get; init; } = [];

    /// <summary>How rows of one group become one, by column; empty where rows are held as they are.</summary>
    public ImmutableArray<PartInfo> Parts { get; init; } = [];

    /// <summary>What the rows remembered mean, as bound.</summary>
    public KeptMeaning Meaning { get; init; } = KeptMeaning.None;
}
