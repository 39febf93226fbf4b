using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Binding;

/// <summary>Puts a <see cref="Hold"/> below each operator over a stream that needs the rows of earlier steps, where a watermark or the operator allows it.</summary>
/// <remarks>
/// <code>
/// Aggregate count by window                Aggregate count by window
///   Project …, window(at)          →         Hold until window.end
///     Watermark at                             Project window, …
///       Scan STREAM t                            Project …, window(at)
///                                                  Scan STREAM t
/// </code>
/// The aggregation is the same as over a table: it gets a group's rows all at once, in the step in which the group is closed.
/// What cannot be held is left as it is, and the graph's rules say why.
/// </remarks>
internal sealed class StatefulPlan(PlanScope ids)
{
    private const string DueName = "__due";
    private const string TimeName = "__time";

    public LogicalPlan Hold(LogicalPlan plan) => Unmarked(plan.Rewrite(node => node switch
    {
        Aggregate aggregate when Streams(aggregate.Input) => HoldGroups(aggregate),
        Distinct distinct when Streams(distinct.Input) => HoldDistinct(distinct),
        _ => null,
    }));

    /// <summary>The plan of a query that remembers nothing: there a watermark means nothing.</summary>
    public static LogicalPlan Unmarked(LogicalPlan plan) => plan.Rewrite(node => node is Watermark mark ? mark.Input : null);

    /// <summary>True for rows of a stream that nothing below has held back.</summary>
    private static bool Streams(LogicalPlan plan) => plan.All().Any(n => n is Scan { Source.Streaming: true }) && !plan.All().Any(n => n is Hold);

    private Aggregate? HoldGroups(Aggregate aggregate)
    {
        var times = EventTimes(aggregate.Input);
        var key = aggregate.Keys.Select(k => k.Value).OfType<ColumnRef>().Where(c => times.ContainsKey(c.Column.Id))
            .OrderByDescending(c => times[c.Column.Id].IsWindow).FirstOrDefault();
        if (key is null) return null;
        var time = times[key.Column.Id];
        if (Carrying(aggregate.Input, time.Column) is not { } input) return null;
        var origin = aggregate.Origin;
        var items = new List<NamedExpr>();
        var held = aggregate with
        {
            Keys = [.. aggregate.Keys.Select(k => k with { Value = Kept(k.Value, k.Column.Name) })],
            Aggregates = [.. aggregate.Aggregates.Select(a => a.Map(e => Kept(e, (e as ColumnRef)?.Column.Name ?? "value")))],
        };
        var due = ids.NewColumn(DueName, DataType.Timestamp, nullable: true);
        var at = ids.NewColumn(TimeName, DataType.Timestamp, nullable: true);
        items.Add(new NamedExpr(time.IsWindow ? new GetField(key, 1, DataType.Timestamp, true, origin) : key, due));
        items.Add(new NamedExpr(new ColumnRef(time.Column, origin), at));
        return held with { Input = new Hold(new Project(input, [.. items], origin), HoldKind.UntilDue, due, at, time.Delay, origin) { Meaning = MeaningOf(items, input) } };

        Expr Kept(Expr value, string name)
        {
            if (value is Literal) return value;
            var text = ExprKey.Of(value);
            var known = items.Find(i => ExprKey.Of(i.Value) == text);
            if (known is null) items.Add(known = new NamedExpr(value, ids.NewColumn(name, value.Type, value.Nullable)));
            return new ColumnRef(known.Column, value.Origin);
        }
    }

    /// <summary>The plan with a column of its depths among its columns, or null where it cannot be.</summary>
    private static LogicalPlan? Carrying(LogicalPlan plan, PlanColumn column)
    {
        if (plan.Columns.Contains(column)) return plan;
        if (plan is not (Project or Filter or Generate) || Carrying(plan.Inputs[0], column) is not { } input) return null;
        var above = plan.WithInputs([input]);
        return above is Project project ? project with { Items = project.Items.Add(new NamedExpr(new ColumnRef(column, plan.Origin), column)) } : above;
    }

    /// <summary>With the time of the rows among them, what is remembered ends with the watermark; without, it is remembered for good.</summary>
    private Project? HoldDistinct(Distinct distinct)
    {
        if (!distinct.Columns.All(c => IsFlat(c.Type))) return null;
        var origin = distinct.Origin;
        var times = EventTimes(distinct.Input);
        var key = distinct.Columns.Where(c => times.ContainsKey(c.Id) && !times[c.Id].IsWindow).FirstOrDefault();
        var items = distinct.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)).ToImmutableArray();
        LogicalPlan rows;
        if (key is null)
        {
            rows = new Hold(new Project(distinct.Input, items, origin), HoldKind.FirstOnly, null, null, 0, origin) { Meaning = MeaningOf(items, distinct.Input) };
        }
        else
        {
            var due = ids.NewColumn(DueName, DataType.Timestamp, nullable: true);
            var at = ids.NewColumn(TimeName, DataType.Timestamp, nullable: true);
            ImmutableArray<NamedExpr> all = [.. items, new NamedExpr(new ColumnRef(key, origin), due), new NamedExpr(new ColumnRef(key, origin), at)];
            rows = new Hold(new Project(distinct.Input, all, origin), HoldKind.FirstOnly, due, at, times[key.Id].Delay, origin) { Meaning = MeaningOf(all, distinct.Input) };
        }

        return new Project(rows, items, origin);
    }

    private static string MeaningOf(IEnumerable<NamedExpr> items, LogicalPlan below) =>
        string.Join(", ", items.Select(i => $"{Defined(i.Value, below)} {i.Column.Type}")
            .Concat(below.All().OfType<Generate>().Select(g => $"{Defined(g.Collection, g.Input)} {g.Kind}")));

    /// <summary>The expression with the definitions of what it reads put in their places.</summary>
    private static Expr Defined(Expr value, LogicalPlan below) => value.Rewrite(part => part is ColumnRef c ? Definition(c.Column, below) : null);

    private static Expr? Definition(PlanColumn column, LogicalPlan plan) => plan switch
    {
        Project project => project.Items.FirstOrDefault(i => i.Column.Id == column.Id)?.Value switch
        {
            ColumnRef same => Definition(same.Column, project.Input) ?? same,
            { } value => Defined(value, project.Input),
            null => null,
        },
        Filter or Expect or Generate or Watermark => Definition(column, plan.Inputs[0]),
        _ => null,
    };

    private static bool IsFlat(DataType type) => type is not (ListType or MapType or StructType or NullType);

    /// <summary>The columns of a plan that tell when its rows happened, by id.</summary>
    private Dictionary<int, EventTime> EventTimes(LogicalPlan plan)
    {
        var times = plan switch
        {
            Watermark mark => With(EventTimes(mark.Input), mark.Time.Id, new EventTime(mark.Time, mark.Delay, false)),
            Project project => Projected(project),
            Filter or Expect or Generate => EventTimes(plan.Inputs[0]),
            Join { Kind: JoinKind.Inner or JoinKind.Cross or JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti } join => EventTimes(join.Left),
            _ => [],
        };
        if (plan is Generate generate) AddWindows(times, generate.Generated);
        return times;
    }

    private Dictionary<int, EventTime> Projected(Project project)
    {
        var below = EventTimes(project.Input);
        var times = new Dictionary<int, EventTime>();
        foreach (var item in project.Items)
        {
            if (item.Value is ColumnRef c && below.TryGetValue(c.Column.Id, out var time)) times[item.Column.Id] = time.IsWindow ? time : time with { Column = item.Column };
        }

        AddWindows(times, project.Columns);
        return times;
    }

    private void AddWindows(Dictionary<int, EventTime> times, ImmutableArray<PlanColumn> columns)
    {
        foreach (var column in columns)
        {
            if (ids.WindowTimes.TryGetValue(column.Id, out var time) && time is ColumnRef c && times.TryGetValue(c.Column.Id, out var at) && !at.IsWindow) times[column.Id] = at with { IsWindow = true };
        }
    }

    private static Dictionary<int, EventTime> With(Dictionary<int, EventTime> times, int id, EventTime time)
    {
        times[id] = time;
        return times;
    }

    /// <summary>A column that follows a watermark.</summary>
    /// <param name="Column">The time; of a window that of the rows in it, under the id that it has where the window is made.</param>
    private sealed record EventTime(PlanColumn Column, long Delay, bool IsWindow);
}
