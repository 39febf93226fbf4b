using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gathers the time windows of a SELECT: each becomes a column of the rows below, and a row that is in several windows becomes several.</summary>
internal sealed class TimeWindowCollector(PlanScope ids)
{
    private readonly List<(string Key, TimeWindow Window)> found = [];

    /// <summary>The window's column.</summary>
    public ColumnRef Add(TimeWindow window)
    {
        var key = ExprKey.Of(window.Value);
        var known = found.Find(f => f.Key == key).Window;
        if (known is null)
        {
            found.Add((key, window));
            ids.WindowTimes[window.Column.Id] = window.Time;
            if (window.IsSession) ids.Sessions.Add(window.Column.Id);
            known = window;
        }

        return new ColumnRef(known.Column, window.Value.Origin);
    }

    /// <summary>The plan with the windows as columns. A row without a time is in no window. Language specification §4.4.</summary>
    public LogicalPlan Over(LogicalPlan plan)
    {
        foreach (var (_, window) in found)
        {
            var origin = window.Value.Origin;
            plan = new Filter(plan, new Not(new IsNull(window.Time, origin), origin), origin);
            // A gap that is no longer than nothing, or NULL, makes no session.
            if (window.Gap is { } gap) plan = new Filter(plan, gap, origin);
            plan = window.IsSliding ? Sliding(plan, window) : new Project(plan, With(plan, window.Value, window.Column, origin), origin);
        }

        return plan;
    }

    private Generate Sliding(LogicalPlan plan, TimeWindow window)
    {
        var origin = window.Value.Origin;
        var list = ids.NewColumn("windows", window.Value.Type, nullable: false);
        plan = new Project(plan, With(plan, window.Value, list, origin), origin);
        return new Generate(plan, GeneratorKind.Explode, new ColumnRef(list, origin), Outer: false, [window.Column], origin);
    }

    private static ImmutableArray<NamedExpr> With(LogicalPlan plan, Expr value, PlanColumn column, SourceSpan origin) =>
        [.. plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), new NamedExpr(value, column)];
}

/// <summary>A call of <c>window</c> or <c>session_window</c>.</summary>
/// <param name="Time">The row's time.</param>
/// <param name="Value">The window as STRUCT&lt;start, end&gt;; of sliding windows the ARRAY of those that the row is in.</param>
/// <param name="Column">What it becomes.</param>
internal sealed record TimeWindow(Expr Time, Expr Value, PlanColumn Column)
{
    public bool IsSession { get; init; }

    /// <summary>Of a session whose gap is computed: the test that there is one.</summary>
    public Expr? Gap { get; init; }

    public bool IsSliding => Value.Type is ListType;
}
