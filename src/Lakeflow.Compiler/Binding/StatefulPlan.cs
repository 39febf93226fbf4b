using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Binding;

/// <summary>Puts a <see cref="Hold"/> below each operator over a stream that needs the rows of earlier steps, where a watermark or the operator allows it.</summary>
/// <remarks>
/// <code>
/// Aggregate avg(v) by window               Project named_struct(start, end) AS window, avg
///   Project …, window(at)          →         Aggregate avg_of_parts(sum, count) by start, end
///     Watermark at                             Hold until end
///       Scan STREAM t                            Aggregate sum_part(v), count(v) by start, end
///                                                  InTime until end
///                                                    Project window.start, window.end, v
///                                                      …
/// </code>
/// A step's rows become one row a group, and the aggregation above gets all of a group at once, in the step in which the group is closed.
/// Where an aggregate must see the rows themselves (<see cref="AggregateParts"/>), they are held, and the aggregation is that over a table.
/// What cannot be held is left as it is, and the graph's rules say why.
/// </remarks>
internal sealed class StatefulPlan(PlanScope ids, Action<Diagnostic> report)
{
    private const string DueName = "__due";

    private readonly EventTimes times = new(ids);

    public LogicalPlan Hold(LogicalPlan plan)
    {
        var whole = plan.Rewrite(MergeFilter);
        var needed = whole.Columns.Select(c => c.Id).ToHashSet();
        AddReads(whole, needed);
        var joins = new StreamJoinPlan(ids, times, report);
        var held = whole.Rewrite(node => node switch
        {
            Join join when IsStreamJoin(join) => joins.Of(join, needed),
            Aggregate aggregate when IsStream(aggregate.Input) => HoldGroups(aggregate),
            Distinct distinct when IsStream(distinct.Input) => HoldDistinct(distinct),
            _ => null,
        });
        return ReferenceEquals(held, whole) ? Unmarked(plan) : held.Rewrite(node => node is Watermark mark && (!IsStream(mark.Input) || mark.Input.All().Any(Plans.Hold.Delays)) ? mark.Input : null);
    }

    /// <summary>The plan of a query that remembers nothing: there a watermark means nothing.</summary>
    public static LogicalPlan Unmarked(LogicalPlan plan) => plan.Rewrite(node => node is Watermark mark ? mark.Input : null);

    private static bool IsStream(LogicalPlan plan) => plan.All().Any(n => n is Scan { Source.Streaming: true });

    private static bool IsStreamJoin(Join join) => join.SetOperation is null && IsStream(join.Left) && IsStream(join.Right);

    /// <summary>A WHERE over a join of two streams belongs to its condition: it may bound the time.</summary>
    private static Join? MergeFilter(LogicalPlan node) =>
        node is Filter { Input: Join { Kind: JoinKind.Inner or JoinKind.Cross } join } filter && IsStreamJoin(join)
            ? join with { Kind = JoinKind.Inner, Condition = join.Condition is null ? filter.Predicate : Expr.And(join.Condition, filter.Predicate) }
            : null;

    /// <summary>Adds the columns that a plan's expressions read, but for those inside a join of two streams that joins no others.</summary>
    private static void AddReads(LogicalPlan plan, HashSet<int> ids)
    {
        if (plan is Join join && IsStreamJoin(join) && !join.Inputs.SelectMany(i => i.All()).Any(n => n is Join below && IsStreamJoin(below))) return;
        ids.UnionWith(plan.Expressions().SelectMany(e => e.ColumnsRead()).Select(c => c.Id));
        if (plan is Distinct or Union) ids.UnionWith(plan.Inputs.SelectMany(i => i.Columns).Select(c => c.Id));
        foreach (var input in plan.Inputs) AddReads(input, ids);
    }

    private LogicalPlan? HoldGroups(Aggregate aggregate)
    {
        var keys = aggregate.Keys.Select(k => k.Value).OfType<ColumnRef>();
        if (keys.Select(k => ids.SessionNumbers.GetValueOrDefault(k.Column.Id)).FirstOrDefault(s => s is not null) is { } session) return HoldSessions(aggregate, session);
        var known = times.Of(aggregate.Input);
        var timed = aggregate.Keys.Where(k => k.Value is ColumnRef c && known.ContainsKey(c.Column.Id)).OrderByDescending(k => TimeOf(k).Kind).FirstOrDefault();
        if (timed is null) return null;
        var time = TimeOf(timed);
        foreach (var key in aggregate.Keys.Where(k => k.Value is ColumnRef c && known.ContainsKey(c.Column.Id))) times.Note(key.Column, TimeOf(key) with { Clock = time.Clock.After(0) });
        return new HeldGroups(ids, aggregate, timed, time).Plan();

        EventTime TimeOf(NamedExpr key) => known[((ColumnRef)key.Value).Column.Id];
    }

    /// <summary>Rows are held below the windows that number the sessions, which then see whole sessions only.</summary>
    private LogicalPlan? HoldSessions(Aggregate aggregate, SessionKey session)
    {
        var rows = aggregate.Input.Inputs[0].Inputs[0].Inputs[0];
        if (!times.Of(rows).TryGetValue(session.Column.Id, out var time) || !session.Partition.All(p => IsFlat(p.Type))) return null;
        var origin = aggregate.Origin;
        var kept = new KeptColumns(ids);
        foreach (var column in session.Partition.Append(session.Start).Append(session.End).DistinctBy(c => c.Id)) kept.Add(new ColumnRef(column, origin), column);
        var aggregates = aggregate.Aggregates.Select(kept.Of).ToImmutableArray();
        var hold = kept.Over(rows, HoldKind.Sessions, session.End, origin) with { Start = session.Start, Keys = session.Partition, Clock = time.Clock };
        foreach (var end in aggregate.Aggregates.Where(a => a.Call is { Function.Name: "max", Arguments: [ColumnRef c] } && c.Column.Id == session.End.Id))
            times.Note(end.Column, new EventTime(EventTimeKind.Moment, time.Clock.After(0)));
        var (plan, number) = SessionPlan.Number(ids, hold, session, origin);
        return aggregate with
        {
            Input = plan,
            Keys = [.. aggregate.Keys.Select(k => ids.SessionNumbers.ContainsKey(k.Column.Id) ? k with { Value = new ColumnRef(number, origin) } : k)],
            Aggregates = aggregates,
        };
    }

    /// <summary>With the time of the rows among them, what is remembered ends with the watermark; without, it is remembered for good.</summary>
    private Project? HoldDistinct(Distinct distinct)
    {
        if (!distinct.Columns.All(c => IsFlat(c.Type))) return null;
        var origin = distinct.Origin;
        var known = times.Of(distinct.Input);
        var key = distinct.Columns.FirstOrDefault(c => known.TryGetValue(c.Id, out var time) && time.Kind == EventTimeKind.Moment);
        var kept = new KeptColumns(ids);
        foreach (var column in distinct.Columns) kept.Add(new ColumnRef(column, origin), column);
        PlanColumn? due = null;
        if (key is not null) kept.Add(new ColumnRef(key, origin), due = ids.NewColumn(DueName, DataType.Timestamp, nullable: true));
        var hold = kept.Over(distinct.Input, HoldKind.FirstOnly, due, origin) with { Clock = key is null ? default : known[key.Id].Clock };
        return new Project(hold, [.. distinct.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c))], origin);
    }

    private static bool IsFlat(DataType type) => type is not (ListType or MapType or StructType or NullType);
}
