using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Binding;

/// <summary>A join of two streams in terms of what can be remembered: pairs by key, a filter, and for an outer or semi join the matches.</summary>
/// <remarks>
/// <code>
/// Join Left on a.k = b.k AND b.at &lt;= a.at + 1 h        StreamMatches Left
///   A                                           →       Filter b.at &lt;= a.at + 1 h
///   B                                                     StreamPairs (k) until a.at + 1 h = (k)
///                                                           Project of A: what is needed, k, a.at + 1 h
///                                                           Project of B
/// </code>
/// A row is kept until the watermark has reached the time up to which a row of the other side may match it: the bound that the condition
/// sets to the other side's time.
/// </remarks>
internal sealed class StreamJoinPlan(PlanScope ids, EventTimes times, Action<Diagnostic> report)
{
    private const string DueName = "__due";
    private const string LateName = "__late";

    /// <param name="join">Of two streams.</param>
    /// <param name="needed">The columns that are read above it.</param>
    /// <returns>An <see cref="ErrorPlan"/>, reported, where the join cannot be.</returns>
    public LogicalPlan Of(Join join, HashSet<int> needed)
    {
        var (left, right) = (new Side(join.Left, times.Of(join.Left)), new Side(join.Right, times.Of(join.Right)));
        var rest = new List<Expr>();
        foreach (var part in join.Condition is null ? [] : Conjuncts(join.Condition)) Place(join.Kind, part, left, right, rest);
        left.SetDue(right, rest);
        right.SetDue(left, rest);
        if (Problem(join, left, right) is { } problem)
        {
            report(problem);
            return new ErrorPlan(true, join.Origin);
        }

        var kind = KindOf(join.Kind)!.Value;
        var read = rest.SelectMany(r => r.ColumnsRead()).Select(c => c.Id).Concat(needed).ToHashSet();
        var trace = new ColumnTrace(join, ofFirst: true);
        var (a, textA) = Kept(left, right, read, trace, join.Origin);
        var (b, textB) = Kept(right, left, read, trace, join.Origin);
        var leftColumns = join.Left.Columns.Where(c => read.Contains(c.Id)).ToImmutableArray();
        ImmutableArray<PlanColumn> output = [.. leftColumns, .. join.Right.Columns.Where(c => read.Contains(c.Id))];
        var clock = left.Clocks.Concat(right.Clocks).Aggregate(default(StreamClock), StreamClock.Slower);
        left.NoteTimes(times, clock);
        right.NoteTimes(times, clock);
        var meaning = new KeptMeaning($"{(join.Condition is null ? "" : trace.Text(join.Condition))}; {textA}; {textB}", trace.Reads);
        var pairs = new StreamPairs(kind, a, b, output, join.Origin) { Clock = clock, Meaning = meaning };
        if (kind == StreamJoinKind.Inner) return Filtered(pairs, rest);
        pairs = pairs with { LeftRow = ids.NewColumn("__left", DataType.Int32, nullable: false), RightRow = ids.NewColumn("__right", DataType.Int32, nullable: false) };
        var columns = join.Columns.ToDictionary(c => c.Id);
        return new StreamMatches(Filtered(pairs, rest), [.. output.Where(c => columns.ContainsKey(c.Id)).Select(c => columns[c.Id])], join.Origin);
    }

    /// <summary>The conditions of a conjunction.</summary>
    public static IEnumerable<Expr> Conjuncts(Expr condition) =>
        condition is Logic { Op: LogicOp.And } and ? Conjuncts(and.Left).Concat(Conjuncts(and.Right)) : condition is Literal { IsTrue: true } ? [] : [condition];

    /// <summary>A part of the condition is a pair of keys, or one side's rows need it where that side is not preserved, or it is tested on each pair.</summary>
    private static void Place(JoinKind kind, Expr part, Side left, Side right, List<Expr> rest)
    {
        var isFree = !part.CanFail && part.IsDeterministic && part.ColumnsRead().Any();
        if (isFree && left.Covers(part) && kind is (JoinKind.Inner or JoinKind.Right or JoinKind.LeftSemi)) left.Filters.Add(part);
        else if (isFree && right.Covers(part) && kind is (JoinKind.Inner or JoinKind.Left or JoinKind.LeftSemi)) right.Filters.Add(part);
        else if (!IsKey(part, left, right)) rest.Add(part);
    }

    private static bool IsKey(Expr part, Side left, Side right)
    {
        if (part is not Call { Function.Name: "=" or "==", Arguments: [var x, var y] } || !x.Type.Equals(y.Type) || !x.IsDeterministic || !y.IsDeterministic) return false;
        if (left.Covers(y) && right.Covers(x)) (x, y) = (y, x);
        if (!left.Covers(x) || !right.Covers(y) || !x.ColumnsRead().Any() || !y.ColumnsRead().Any()) return false;
        if (x.Type is StructType)
        {
            // Windows are equal if they begin and end alike, and rows in equal windows lie within them.
            if (!left.IsWindow(x) || !right.IsWindow(y)) return false;
            for (var i = 0; i < 2; i++) (left.Keys, right.Keys) = (left.Keys.Add(Field(x, i)), right.Keys.Add(Field(y, i)));
            (left.Window, right.Window) = (x, y);
            return true;
        }

        if (x.Type is ListType or MapType or NullType) return false;
        (left.Keys, right.Keys) = (left.Keys.Add(x), right.Keys.Add(y));
        left.Equal.Add((x, y));
        right.Equal.Add((y, x));
        return true;
    }

    private static GetField Field(Expr window, int i) => new(window, i, DataType.Timestamp, window.Nullable, window.Origin);

    private static StreamJoinKind? KindOf(JoinKind kind) => kind switch
    {
        JoinKind.Inner => StreamJoinKind.Inner,
        JoinKind.Left => StreamJoinKind.Left,
        JoinKind.Right => StreamJoinKind.Right,
        JoinKind.Full => StreamJoinKind.Full,
        JoinKind.LeftSemi => StreamJoinKind.Semi,
        _ => null,
    };

    private static Diagnostic? Problem(Join join, Side left, Side right)
    {
        var name = join.Kind switch { JoinKind.LeftSemi => "LEFT SEMI", JoinKind.LeftAnti => "LEFT ANTI", JoinKind.Cross => "CROSS", _ => join.Kind.ToString().ToUpperInvariant() };
        if (KindOf(join.Kind) is null && join.Kind != JoinKind.Cross) return GraphErrors.StreamJoinKind(join.Origin, name);
        if (left.Keys.IsEmpty) return GraphErrors.StreamJoinWithoutKey(join.Condition?.Origin ?? join.Origin);
        if (join.Kind is JoinKind.Left or JoinKind.Full or JoinKind.LeftSemi && left.Due is null) return Unbounded(right, "right", "left", left);
        if (join.Kind is JoinKind.Right or JoinKind.Full && right.Due is null) return Unbounded(left, "left", "right", right);
        return null;

        Diagnostic Unbounded(Side bounded, string which, string other, Side waiting) => bounded.HasTime
            ? GraphErrors.StreamJoinWithoutBound(join.Condition?.Origin ?? join.Origin, name, which, other, bounded.TimeName, waiting.HasTime ? waiting.TimeName : "at")
            : GraphErrors.StreamJoinWithoutWatermark(bounded.Plan.Origin is var at && join.Origin.Has(at) ? at : join.Origin, name, which, other);
    }

    private (JoinSide Side, string Text) Kept(Side side, Side other, HashSet<int> read, ColumnTrace trace, SourceSpan origin)
    {
        var kept = new KeptColumns(ids);
        var rows = Filtered(side.Plan, side.Filters);
        foreach (var column in rows.Columns.Where(c => read.Contains(c.Id))) kept.Add(new ColumnRef(column, origin), column);
        var keys = side.Keys.Select(k => ((ColumnRef)kept.Of(k, "key")).Column).ToImmutableArray();
        var due = Timed(side.Due, DueName);
        var late = Timed(other.Due is null ? null : side.Late, LateName);
        return (new JoinSide(kept.Project(rows, origin), keys, due, late), $"{kept.Text(trace, rows)} by {string.Join(", ", side.Keys.Select(trace.Text))}");

        PlanColumn? Timed(Expr? value, string name)
        {
            if (value is null) return null;
            var column = ids.NewColumn(name, DataType.Timestamp, nullable: true);
            kept.Add(value, column);
            return column;
        }
    }

    private static LogicalPlan Filtered(LogicalPlan plan, List<Expr> conditions) =>
        conditions.Count == 0 ? plan : new Filter(plan, conditions.Aggregate(Expr.And), conditions[0].Origin.To(conditions[^1].Origin));

    /// <summary>One side while the condition is taken apart.</summary>
    private sealed class Side(LogicalPlan plan, Dictionary<int, EventTime> times)
    {
        private readonly HashSet<int> columns = [.. plan.Columns.Select(c => c.Id)];

        public LogicalPlan Plan => plan;

        public ImmutableArray<Expr> Keys { get; set; } = [];

        /// <summary>Equalities as (own, other).</summary>
        public List<(Expr Own, Expr Other)> Equal { get; } = [];

        /// <summary>What rows must hold to matter.</summary>
        public List<Expr> Filters { get; } = [];

        /// <summary>A window that is a key.</summary>
        public Expr? Window { get; set; }

        /// <summary>The time up to which the other side may match a row.</summary>
        public Expr? Due { get; private set; }

        /// <summary>By column with a time of this side, how long a row may wait for a partner after it: less, if the condition says so in several ways.</summary>
        private readonly Dictionary<int, long> waits = [];

        private readonly HashSet<int> lateTimes = [];

        public IEnumerable<StreamClock> Clocks => times.Values.Select(t => t.Clock);

        /// <summary>The time by which a row must have come.</summary>
        public Expr? Late { get; private set; }

        public bool HasTime => times.Count > 0;

        public string TimeName => plan.Columns.FirstOrDefault(c => times.TryGetValue(c.Id, out var time) && time.Kind == EventTimeKind.Moment)?.Name ?? "at";

        public bool Covers(Expr expr) => expr.ColumnsRead().All(c => columns.Contains(c.Id));

        public bool IsWindow(Expr expr) => expr is ColumnRef c && times.TryGetValue(c.Column.Id, out var time) && time.Kind == EventTimeKind.Window;

        /// <summary>Which columns still tell the time in the join's rows: those whose wait has an end.</summary>
        public void NoteTimes(EventTimes all, StreamClock clock)
        {
            foreach (var column in plan.Columns.Where(c => times.ContainsKey(c.Id)))
                all.Note(column, waits.TryGetValue(column.Id, out var wait) ? times[column.Id] with { Clock = clock.After(wait) } : null);
        }

        /// <summary>Reads off the conditions how long a row of this side must be kept: until the other side's time has passed a bound that the row sets.</summary>
        public void SetDue(Side other, IEnumerable<Expr> conditions)
        {
            if (Window is not null)
            {
                Due = Field(Window, 1);
                waits[((ColumnRef)Window).Column.Id] = 0;
                other.Late ??= Field(other.Window!, 1);
                return;
            }

            var bounds = Equal.Select(e => Bound(other, e.Other, e.Own))
                .Concat(conditions.OfType<Call>().Where(c => c.Arguments.Length == 2).Select(c => c.Function.Name switch
                {
                    "<" or "<=" => Bound(other, c.Arguments[0], c.Arguments[1]),
                    ">" or ">=" => Bound(other, c.Arguments[1], c.Arguments[0]),
                    _ => null,
                }));
            foreach (var (time, bound) in bounds.OfType<(Expr Time, Expr Bound)>())
            {
                // A row goes when the first of its bounds has passed, so another is late by the first of its times.
                Due = Due is null ? bound : SessionPlan.Applied("least", bound.Origin, Due, bound);
                other.SetLate(time);
            }
        }

        /// <summary><c>time + shift &lt;= bound</c>, where the time is the other side's and the bound this side's: the time and the bound less the shift.</summary>
        private (Expr Time, Expr Bound)? Bound(Side other, Expr time, Expr bound)
        {
            (time, var shift) = Unshifted(time);
            if (!other.IsMoment(time) || bound.Type is not TimestampType || !Covers(bound) || !bound.ColumnsRead().Any() || !bound.IsDeterministic) return null;
            if (Unshifted(bound) is (ColumnRef own, var by) && IsMoment(own))
                waits[own.Column.Id] = Math.Min(waits.GetValueOrDefault(own.Column.Id, long.MaxValue), Math.Max(0, by - shift));
            return (time, shift == 0 ? bound : SessionPlan.Applied("-", bound.Origin, bound, new Literal(shift, DataType.DayTimeInterval, bound.Origin)));
        }

        /// <summary><c>value + shift</c> in its two parts, the shift in microseconds.</summary>
        private static (Expr Value, long Shift) Unshifted(Expr value)
        {
            long shift = 0;
            while (value is Call { Function.Name: "+" or "-", Arguments: [{ Type: TimestampType } moved, Literal { Type: DayTimeIntervalType, Value: long by }] } call)
            {
                shift += call.Function.Name == "+" ? by : -by;
                value = moved;
            }

            return (value, shift);
        }

        private void SetLate(Expr time)
        {
            if (lateTimes.Add(((ColumnRef)time).Column.Id)) Late = Late is null ? time : SessionPlan.Applied("least", time.Origin, Late, time);
        }

        private bool IsMoment(Expr expr) => expr is ColumnRef c && times.TryGetValue(c.Column.Id, out var time) && time.Kind == EventTimeKind.Moment;
    }
}
