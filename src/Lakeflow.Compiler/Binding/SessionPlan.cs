using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>What sessions are made of.</summary>
/// <param name="Column">STRUCT&lt;start, end&gt;: the session of each row alone.</param>
/// <param name="Partition">Only rows that are equal in these share a session.</param>
/// <param name="Start">The row's time.</param>
/// <param name="End">The end of the gap after it.</param>
internal sealed record SessionKey(PlanColumn Column, ImmutableArray<PlanColumn> Partition, PlanColumn Start, PlanColumn End);

/// <summary>Sessions in terms of window functions.</summary>
/// <remarks>
/// <code>
/// Window  sum(begins) AS session             the number of the session in its partition
///   Project  begins = 0 if start &lt;= open_until, else 1
///     Window  max(end) of the rows before AS open_until
/// </code>
/// both by partition, in order of start. A row that starts where another ends belongs to it, as in Spark.
/// </remarks>
internal static class SessionPlan
{
    public static (LogicalPlan Plan, PlanColumn Number) Number(PlanScope ids, LogicalPlan rows, SessionKey key, SourceSpan origin)
    {
        var (plan, openUntil) = Over(ids, rows, key, "max", key.End, new WindowFrame(FrameUnit.Rows, null, -1), "open_until", origin);
        var begins = ids.NewColumn("begins", DataType.Int64, nullable: false);
        var goesOn = new CaseBranch(Applied("<=", origin, new ColumnRef(key.Start, origin), new ColumnRef(openUntil, origin)), new Literal(0L, DataType.Int64, origin));
        plan = new Project(
            plan,
            [.. rows.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), new NamedExpr(new Case([goesOn], new Literal(1L, DataType.Int64, origin), origin), begins)],
            origin);
        return Over(ids, plan, key, "sum", begins, new WindowFrame(FrameUnit.Rows, null, 0), "session", origin);
    }

    /// <summary>An aggregate function of one column.</summary>
    public static NamedAggregate Aggregate(PlanScope ids, string function, PlanColumn column, SourceSpan origin)
    {
        var (found, call) = Resolved(function, new ColumnRef(column, origin));
        return new NamedAggregate(
            new AggregateCall(found, call.Overload, [new ColumnRef(column, origin)], false, null, call.Result, call.Nullable, origin), ids.NewColumn(column.Name, call.Result, call.Nullable));
    }

    private static (LogicalPlan Plan, PlanColumn Column) Over(
        PlanScope ids, LogicalPlan rows, SessionKey key, string function, PlanColumn argument, WindowFrame frame, string name, SourceSpan origin)
    {
        var (found, call) = Resolved(function, new ColumnRef(argument, origin));
        var column = ids.NewColumn(name, call.Result, nullable: true);
        var window = new WindowCall(found, call.Overload, [new ColumnRef(argument, origin)], frame, false, call.Result, true, origin);
        var plan = new Window(
            rows, [.. key.Partition.Select(p => new ColumnRef(p, origin))], [new SortKey(new ColumnRef(key.Start, origin), false, true)], [new NamedWindowCall(window, column)], origin)
        {
            OfSessions = true,
        };
        return (plan, column);
    }

    /// <summary>A function of arguments that are of its types already.</summary>
    public static Call Applied(string name, SourceSpan origin, params ImmutableArray<Expr> arguments)
    {
        var (found, call) = Resolved(name, arguments);
        return new Call(found, call.Overload, arguments, call.Result, call.Nullable, origin);
    }

    private static (SqlFunction Function, ResolvedCall Call) Resolved(string name, params ImmutableArray<Expr> arguments)
    {
        var function = FunctionTable.Find(name)!;
        return (function, FunctionResolution.Resolve(function, [.. arguments.Select(a => new Argument(a.Type, a.Nullable, IsConstant: false, null))]).Call!);
    }
}
