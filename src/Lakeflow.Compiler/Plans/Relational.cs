using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Plans;

/// <summary>Keeps the rows for which <paramref name="Predicate"/> is TRUE (FALSE and NULL are dropped).</summary>
public sealed record Filter(LogicalPlan Input, Expr Predicate, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var predicate = map(Predicate);
        return ReferenceEquals(predicate, Predicate) ? this : this with { Predicate = predicate };
    }

    public override string Describe() => $"Filter {Predicate}";
}

/// <summary>An expression and the column that it becomes.</summary>
public sealed record NamedExpr(Expr Value, PlanColumn Column)
{
    public override string ToString() => Value is ColumnRef c && c.Column.Name == Column.Name ? Column.Name : $"{Value} AS {Column}";
}

/// <summary>Computes columns, one row out for each row in.</summary>
public sealed record Project(LogicalPlan Input, ImmutableArray<NamedExpr> Items, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => [.. Items.Select(i => i.Column)];

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var items = Items.MapAll(map);
        return items == Items ? this : this with { Items = items };
    }

    public override string Describe() => $"Project {string.Join(", ", Items)}";
}

/// <summary>Groups by keys (none: one group of all rows, also of no rows) and aggregates. Columns: keys, then aggregates.</summary>
public sealed record Aggregate(
    LogicalPlan Input, ImmutableArray<NamedExpr> Keys, ImmutableArray<NamedAggregate> Aggregates, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => [.. Keys.Select(k => k.Column), .. Aggregates.Select(a => a.Column)];

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var keys = Keys.MapAll(map);
        var aggregates = Aggregates.MapAll(map);
        return keys == Keys && aggregates == Aggregates
            ? this
            : this with { Keys = keys, Aggregates = aggregates };
    }

    public override string Describe() =>
        $"Aggregate {string.Join(", ", Aggregates)}{(Keys.IsEmpty ? "" : $" by {string.Join(", ", Keys)}")}";
}

public enum JoinKind
{
    Inner,
    Left,
    Right,
    Full,
    Cross,

    /// <summary>Left rows that have a match; left columns only.</summary>
    LeftSemi,

    /// <summary>Left rows that have no match; left columns only.</summary>
    LeftAnti,

    /// <summary><c>NOT IN (subquery)</c>: no row if the right side has a NULL key, none with a NULL key on the left unless the right side is empty.</summary>
    NullAwareAnti,

    /// <summary>All left rows, with a column that tells whether the row has a match; see <see cref="Join.Mark"/>.</summary>
    LeftMark,
}

/// <summary>Pairs rows of two inputs. Columns: left, then right (semi and anti: left only); the side without a match is NULL.</summary>
/// <param name="Condition">BOOLEAN over both sides, or null for every pair.</param>
public sealed record Join(JoinKind Kind, LogicalPlan Left, LogicalPlan Right, Expr? Condition, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Kind switch
    {
        JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.NullAwareAnti => Left.Columns,
        JoinKind.LeftMark => Left.Columns.Add(Mark!),
        JoinKind.Left => [.. Left.Columns, .. Right.Columns.Select(AsNullable)],
        JoinKind.Right => [.. Left.Columns.Select(AsNullable), .. Right.Columns],
        JoinKind.Full => [.. Left.Columns.Select(AsNullable), .. Right.Columns.Select(AsNullable)],
        _ => [.. Left.Columns, .. Right.Columns],
    };

    /// <summary>BOOLEAN, never NULL: the last column of a <see cref="JoinKind.LeftMark"/>.</summary>
    public PlanColumn? Mark { get; init; }

    /// <summary>INTERSECT or EXCEPT, where the query wrote that; else null.</summary>
    public string? SetOperation { get; init; }

    /// <summary>EXPLAIN's word on which side is gathered into the hash table; the physical planner decides.</summary>
    public bool BuildLeft { get; init; }

    public override ImmutableArray<LogicalPlan> Inputs => [Left, Right];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Left = inputs[0], Right = inputs[1] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var condition = Condition is null ? null : map(Condition);
        return ReferenceEquals(condition, Condition) ? this : this with { Condition = condition };
    }

    public override string Describe() => $"Join {Kind}{(Mark is null ? "" : $" AS {Mark}")}{(Condition is null ? "" : $" on {Condition}")}";

    internal static PlanColumn AsNullable(PlanColumn column) => column.Nullable ? column : column with { Nullable = true };
}

/// <summary><c>JOIN LATERAL (query)</c>: for each row of the left side the rows of a query that reads it. Only in a plan as bound.</summary>
/// <param name="Kind">Inner, Cross or Left.</param>
/// <param name="Outer">What the right side reads of the left row.</param>
/// <param name="Condition">BOOLEAN over both sides, or null for every pair.</param>
public sealed record Lateral(
    JoinKind Kind, LogicalPlan Left, LogicalPlan Right, ImmutableArray<Correlation> Outer, Expr? Condition, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns =>
        [.. Left.Columns, .. Kind == JoinKind.Left ? Right.Columns.Select(Join.AsNullable) : Right.Columns];

    public override ImmutableArray<LogicalPlan> Inputs => [Left, Right];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Left = inputs[0], Right = inputs[1] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var values = Outer.Select(c => c.Value).ToImmutableArray();
        var mapped = values.MapAll(map);
        var condition = Condition is null ? null : map(Condition);
        return mapped == values && ReferenceEquals(condition, Condition)
            ? this
            : this with { Outer = [.. Outer.Select((c, i) => c with { Value = mapped[i] })], Condition = condition };
    }

    public override string Describe() => $"Lateral {Kind} ({string.Join(", ", Outer.Select(c => c.Value))}){(Condition is null ? "" : $" on {Condition}")}";
}

/// <summary>The rows of all inputs, one input after another. Input columns match by position; the output has columns of its own.</summary>
public sealed record Union(ImmutableArray<LogicalPlan> Members, ImmutableArray<PlanColumn> Output, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Output;

    public override ImmutableArray<LogicalPlan> Inputs => Members;

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Members = inputs };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => "UnionAll";
}

/// <summary>One row of each set of equal rows; NULLs are equal.</summary>
public sealed record Distinct(LogicalPlan Input, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => "Distinct";
}

/// <summary>One key of an order.</summary>
public sealed record SortKey(Expr Value, bool Descending, bool NullsFirst)
{
    public override string ToString() => $"{Value}{(Descending ? " DESC" : "")}{(NullsFirst == Descending ? (NullsFirst ? " NULLS FIRST" : " NULLS LAST") : "")}";
}

/// <summary>Orders rows; equal rows keep their order.</summary>
public sealed record Sort(LogicalPlan Input, ImmutableArray<SortKey> Keys, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var keys = Keys.MapAll(map);
        return keys == Keys ? this : this with { Keys = keys };
    }

    public override string Describe() => $"Sort {string.Join(", ", Keys)}";
}

/// <summary>Skips <paramref name="Offset"/> rows, then passes at most <paramref name="Count"/> (null: all).</summary>
public sealed record Limit(LogicalPlan Input, long? Count, long Offset, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => $"Limit {(Count is null ? "ALL" : Count)}{(Offset == 0 ? "" : $" offset {Offset}")}";
}

/// <summary>Adds one column per window function, all over one partitioning and order. Row order is not kept.</summary>
public sealed record Window(
    LogicalPlan Input, ImmutableArray<Expr> PartitionBy, ImmutableArray<SortKey> OrderBy, ImmutableArray<NamedWindowCall> Calls, SourceSpan Origin)
    : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => [.. Input.Columns, .. Calls.Select(c => c.Column)];

    /// <summary>True for those that number the sessions of <c>session_window</c>: over a stream they get whole sessions.</summary>
    public bool OfSessions { get; init; }

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var partition = PartitionBy.MapAll(map);
        var order = OrderBy.MapAll(map);
        var calls = Calls.MapAll(map);
        return partition == PartitionBy && order == OrderBy && calls == Calls
            ? this
            : this with { PartitionBy = partition, OrderBy = order, Calls = calls };
    }

    public override string Describe() =>
        $"Window {string.Join(", ", Calls)} over (partition by {string.Join(", ", PartitionBy)} order by {string.Join(", ", OrderBy)})";
}

public enum GeneratorKind
{
    /// <summary>One row per element of an ARRAY (one column) or entry of a MAP (key and value).</summary>
    Explode,

    /// <summary>Like <see cref="Explode"/>, with the 0-based position first.</summary>
    PosExplode,

    /// <summary>One row per element of an ARRAY of STRUCTs, one column per field.</summary>
    Inline,
}

/// <summary>For each row, the rows that a collection holds. Columns: those of the input, then the generated ones.</summary>
/// <param name="Outer">True: a NULL or empty collection gives one row of NULLs instead of none.</param>
public sealed record Generate(
    LogicalPlan Input, GeneratorKind Kind, Expr Collection, bool Outer, ImmutableArray<PlanColumn> Generated, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => [.. Input.Columns, .. Generated];

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var collection = map(Collection);
        return ReferenceEquals(collection, Collection) ? this : this with { Collection = collection };
    }

    public override string Describe() => $"Generate {Kind}{(Outer ? " outer" : "")} {Collection} AS {string.Join(", ", Generated)}";
}

/// <summary>A rule on rows, bound.</summary>
/// <param name="Info">Name, dataset, action, text.</param>
/// <param name="Condition">BOOLEAN over the columns of the node below.</param>
public sealed record BoundExpectation(ExpectationInfo Info, Expr Condition)
{
    public override string ToString() =>
        $"{Info.Name}: {Condition}{Info.Action switch { ViolationAction.DropRow => " (drop row)", ViolationAction.FailUpdate => " (fail update)", _ => "" }}";
}

/// <summary>Tests all rules of a dataset on each row, counts every verdict, then decides once. A barrier: no rule moves rows or filters across it.</summary>
public sealed record Expect(LogicalPlan Input, ImmutableArray<BoundExpectation> Rules, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => Input.Columns;

    public override ImmutableArray<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this with { Input = inputs[0] };

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map)
    {
        var changed = false;
        var rules = Rules.Select(r =>
        {
            var condition = map(r.Condition);
            changed |= !ReferenceEquals(condition, r.Condition);
            return r with { Condition = condition };
        }).ToImmutableArray();
        return changed ? this with { Rules = rules } : this;
    }

    public override string Describe() => $"Expect {string.Join("; ", Rules)}";
}
