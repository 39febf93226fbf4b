using Lakeflow.Arrow;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Physical;

/// <summary>A pipeline as it will run: each flow cut into pipes between breakers.</summary>
/// <param name="Graph">What it was planned from.</param>
/// <param name="Flows">The flows in the graph's order.</param>
public sealed record PhysicalPipeline(PipelineGraph Graph, ImmutableArray<PhysicalFlow> Flows);

/// <summary>One flow as it will run: the stages in order, then the pipe into the output.</summary>
/// <param name="Flow">What it was planned from.</param>
/// <param name="Info">What the run time is told.</param>
/// <param name="Stages">What must have been gathered before, each after the ones it reads.</param>
/// <param name="Output">The pipe whose rows are the flow's.</param>
public sealed record PhysicalFlow(Flow Flow, FlowInfo Info, ImmutableArray<Stage> Stages, Pipe Output)
{
    /// <summary>The stages of subqueries in expressions, found by the subquery's plan.</summary>
    public required IReadOnlyDictionary<LogicalPlan, SubqueryStage> Subqueries { get; init; }
}

/// <summary>Rows on their way through one segment: from an input through steps that run in one loop.</summary>
/// <param name="Name">For the generated class, from the SQL: a table, an alias.</param>
/// <param name="Input">Where the rows come from.</param>
/// <param name="Steps">What happens to each, in order.</param>
public sealed record Pipe(string Name, PipeInput Input, ImmutableArray<Step> Steps)
{
    public ImmutableArray<PlanColumn> Columns => Steps.IsEmpty ? Input.Columns : Steps[^1].Columns;

    public Pipe With(Step step) => this with { Steps = Steps.Add(step) };
}

/// <summary>Where a pipe's rows come from.</summary>
/// <param name="Columns">The columns of its batches, in order.</param>
public abstract record PipeInput(ImmutableArray<PlanColumn> Columns);

/// <summary>A slot of the flow.</summary>
public sealed record SlotInput(int Slot, Scan Scan) : PipeInput(Scan.Output);

/// <summary>What a stage has gathered.</summary>
public sealed record StageInput(Stage Stage, ImmutableArray<PlanColumn> Columns) : PipeInput(Columns);

/// <summary>Batches that other pipes hand over as they make them: UNION ALL, both halves of a full join, or a cut.</summary>
public sealed record FeedInput(ImmutableArray<Pipe> Members, ImmutableArray<PlanColumn> Columns) : PipeInput(Columns);

/// <summary>The build rows of a full join that no probe row has met; read after the probe.</summary>
public sealed record UnmatchedInput(JoinStage Join, ImmutableArray<PlanColumn> Columns) : PipeInput(Columns);

public sealed record RangeInput(Plans.Range Range) : PipeInput(Range.Columns);

/// <summary>Constant rows; one row without columns for a SELECT without FROM.</summary>
public sealed record ValuesInput(ImmutableArray<ImmutableArray<Literal>> Rows, ImmutableArray<PlanColumn> Columns) : PipeInput(Columns);

/// <summary>One step of a pipe.</summary>
/// <param name="Columns">The columns after it.</param>
public abstract record Step(ImmutableArray<PlanColumn> Columns);

/// <summary>A logical node that works row by row: <see cref="Filter"/>, <see cref="Project"/>, <see cref="Expect"/>. Its input is what stands before it in the pipe.</summary>
public sealed record RowStep(LogicalPlan Node) : Step(Node.Columns);

/// <summary>Notes the greatest time of the rows.</summary>
/// <param name="Number">Its place in <see cref="FlowInfo.Watermarks"/>.</param>
public sealed record MarkStep(Watermark Node, int Number) : Step(Node.Columns);

/// <summary>Leaves late rows out.</summary>
public sealed record InTimeStep(InTime Node) : Step(Node.Columns);

/// <summary>Looks each row up in the build side of a join.</summary>
/// <param name="Join">The build side.</param>
/// <param name="Node">The join as bound.</param>
/// <param name="Kind">Seen from the probe side: Left keeps probe rows without a match.</param>
/// <param name="Keys">The probe side's key expressions, one per key of the build side.</param>
/// <param name="Residual">What else must hold for a pair, or null.</param>
public sealed record ProbeStep(
    JoinStage Join, Join Node, JoinKind Kind, ImmutableArray<Expr> Keys, Expr? Residual, ImmutableArray<PlanColumn> Columns) : Step(Columns);

/// <summary>One row for each element of a collection that is a column of the pipe's input.</summary>
/// <param name="Node">The generator; its collection is a reference to a column of the input.</param>
public sealed record GenerateStep(Generate Node, ColumnRef Collection) : Step(Node.Columns);

/// <summary>Something gathered before the pipes that read it run.</summary>
/// <param name="Name">For variables and classes: from the SQL.</param>
public abstract record Stage(string Name);

/// <summary>All rows of a pipe, kept as batches.</summary>
/// <param name="Enough">How many rows are asked for; what makes them may stop then. Null: all.</param>
public sealed record GatherStage(string Name, Pipe Pipe, long? Enough = null) : Stage(Name);

/// <summary>The build side of a join: gathered rows and a hash table over key columns.</summary>
/// <param name="Rows">The build side's rows.</param>
/// <param name="Keys">For each key its column among those rows.</param>
/// <param name="NullSafe">For each key whether NULL equals NULL (<c>&lt;=&gt;</c>).</param>
public sealed record JoinStage(string Name, GatherStage Rows, ImmutableArray<PlanColumn> Keys, ImmutableArray<bool> NullSafe) : Stage(Name);

/// <summary>Groups and their states, fed by a pipe in the same loop.</summary>
public sealed record AggregateStage(string Name, Pipe Pipe, Aggregate Node) : Stage(Name);

/// <summary>Gathered rows in order, then cut.</summary>
/// <param name="Rows">The rows; the key columns are among them.</param>
/// <param name="Keys">Empty: the order of the input.</param>
public sealed record SortStage(string Name, GatherStage Rows, ImmutableArray<SortColumn> Keys, long Offset, long? Count) : Stage(Name);

/// <summary>Rows remembered from step to step.</summary>
/// <param name="Rows">The step's own rows.</param>
/// <param name="Number">Its place in <see cref="FlowInfo.Holds"/>.</param>
public sealed record HoldStage(string Name, GatherStage Rows, Hold Node, int Number) : Stage(Name);

/// <summary>Pairs of two streams' rows by key, those of earlier steps among them.</summary>
/// <param name="Number">Its place in <see cref="FlowInfo.Joins"/>.</param>
public sealed record PairStage(string Name, GatherStage Left, GatherStage Right, StreamPairs Node, int Number) : Stage(Name);

/// <summary>What a join of two streams gives of the pairs that hold.</summary>
/// <param name="Pairs">The pairs, with the numbers of their rows.</param>
/// <param name="Number">Of the join, its place in <see cref="FlowInfo.Joins"/>.</param>
public sealed record MatchStage(string Name, GatherStage Pairs, StreamMatches Node, int Number) : Stage(Name);

/// <summary>A key of an order, as a column.</summary>
public sealed record SortColumn(PlanColumn Column, bool Descending, bool NullsFirst);

/// <summary>Gathered rows by partition and order, with window functions computed as columns.</summary>
/// <param name="Partition">Partition keys as columns of the rows.</param>
/// <param name="Order">Order keys as columns of the rows.</param>
/// <param name="Arguments">For each call its arguments, each a column of the rows or a constant.</param>
/// <param name="Bounds">For each call with a RANGE frame by distance its bounds, as columns of the rows; else null.</param>
public sealed record WindowStage(
    string Name, GatherStage Rows, Window Node, ImmutableArray<PlanColumn> Partition, ImmutableArray<SortColumn> Order,
    ImmutableArray<ImmutableArray<Expr>> Arguments, ImmutableArray<RangeColumns?> Bounds) : Stage(Name);

/// <summary>The columns of a <see cref="RangeBounds"/>.</summary>
public sealed record RangeColumns(PlanColumn Key, PlanColumn? From, PlanColumn? To);

public enum SubqueryUse
{
    /// <summary>The one value of the one row, or NULL.</summary>
    Value,

    /// <summary>Whether there is a row.</summary>
    Exists,

    /// <summary>Whether a value is among the rows.</summary>
    In,
}

/// <summary>The rows of an uncorrelated subquery in an expression.</summary>
public sealed record SubqueryStage(string Name, GatherStage Rows, SubqueryUse Use) : Stage(Name);
