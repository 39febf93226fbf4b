using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gathers the time windows of a SELECT: each becomes a column of the rows below, and a row that is in several windows becomes several.</summary>
internal sealed class TimeWindowCollector(PlanScope ids)
{
    private readonly List<TimeWindow> found = [];

    /// <summary>The window's column.</summary>
    public ColumnRef Add(TimeWindow window)
    {
        var known = found.Find(f => f.Key == window.Key);
        if (known is null)
        {
            found.Add(window);
            ids.WindowTimes[window.Column.Id] = window.Time;
            if (window.IsSession) ids.Sessions.Add(window.Column.Id);
            known = window;
        }

        return new ColumnRef(known.Column, window.Value.Origin);
    }

    /// <summary>The plan with the windows as columns. A row without a time is in no window. Language specification §4.4.</summary>
    public LogicalPlan Over(LogicalPlan plan)
    {
        foreach (var window in found)
        {
            var origin = window.Value.Origin;
            plan = new Filter(plan, new Not(new IsNull(window.Time, origin), origin), origin);
            // A gap that is no longer than nothing, or NULL, makes no session.
            if (window.Gap is { } gap) plan = new Filter(plan, gap, origin);
            var columns = plan.Columns;
            if (window.Slides is { } slides) plan = Slid(plan, slides, origin);
            plan = new Project(plan, [.. columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), new NamedExpr(window.Value, window.Column)], origin);
        }

        return plan;
    }

    /// <summary>Each row once for each of its windows: joined with how far back those begin. A join of plain numbers makes no object a row, as an array of windows does.</summary>
    private static LogicalPlan Slid(LogicalPlan plan, Slides slides, SourceSpan origin)
    {
        var back = new Values([.. slides.Starts.Select(s => ImmutableArray.Create<Expr>(new Literal(s, DataType.Int64, origin)))], [slides.Back], origin);
        var joined = new Join(JoinKind.Cross, plan, back, null, origin);
        return slides.Holds is null ? joined : new Filter(joined, slides.Holds, origin);
    }
}

/// <summary>A call of <c>window</c> or <c>session_window</c>.</summary>
/// <param name="Key">Equal for equal calls.</param>
/// <param name="Time">The row's time.</param>
/// <param name="Value">The window as STRUCT&lt;start, end&gt;.</param>
/// <param name="Column">What it becomes.</param>
internal sealed record TimeWindow(string Key, Expr Time, Expr Value, PlanColumn Column)
{
    public bool IsSession { get; init; }

    /// <summary>Of a session whose gap is computed: the test that there is one.</summary>
    public Expr? Gap { get; init; }

    /// <summary>Of windows that overlap: which of them a row is in.</summary>
    public Slides? Slides { get; init; }
}

/// <summary>The windows that a row is in.</summary>
/// <param name="Back">BIGINT: how many microseconds before the last one that has begun.</param>
/// <param name="Starts">All its values, the earliest window first.</param>
/// <param name="Holds">Whether that window has not ended; null: it never has.</param>
internal sealed record Slides(PlanColumn Back, ImmutableArray<long> Starts, Expr? Holds);
