using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Binding;

/// <summary>An aggregation whose groups wait for the watermark: of each step one row a group, where the aggregates allow it, else the rows.</summary>
internal sealed class HeldGroups
{
    private readonly PlanScope ids;
    private readonly Aggregate aggregate;
    private readonly SourceSpan origin;
    private readonly KeptColumns kept;
    private readonly StreamClock clock;
    private readonly PlanColumn due;
    private readonly List<NamedExpr> keys = [];
    private readonly List<NamedExpr> results = [];

    /// <summary>Columns for those who look at late rows.</summary>
    private readonly List<PlanColumn> onlyTold = [];

    /// <param name="ids">Gives out columns.</param>
    /// <param name="aggregate">Over a stream.</param>
    /// <param name="timed">The key that says when a group is closed.</param>
    /// <param name="time">What that key says of the time.</param>
    public HeldGroups(PlanScope ids, Aggregate aggregate, NamedExpr timed, EventTime time)
    {
        this.ids = ids;
        this.aggregate = aggregate;
        origin = aggregate.Origin;
        clock = time.Clock;
        kept = new KeptColumns(ids);
        PlanColumn? end = null;
        foreach (var key in aggregate.Keys)
        {
            // A window is held and grouped as its two times: there is no faster key.
            if (key.Value is ColumnRef && IsWindow(key.Value.Type))
            {
                kept.Add(key.Value, ids.NewColumn(key.Column.Name, key.Value.Type, key.Value.Nullable));
                onlyTold.Add(kept.Columns.Last());
                var (from, to) = (Flat(key, 0), Flat(key, 1));
                results.Add(new NamedExpr(Struct(key, from, to), key.Column));
                if (ReferenceEquals(key, timed)) end = to;
                continue;
            }

            var value = kept.Of(key.Value, key.Column.Name);
            if (value is ColumnRef column)
            {
                keys.Add(new NamedExpr(value, ids.NewColumn(key.Column.Name, value.Type, value.Nullable)));
                results.Add(new NamedExpr(new ColumnRef(keys[^1].Column, key.Value.Origin), key.Column));
                if (ReferenceEquals(key, timed)) end = column.Column;
            }
            else
            {
                results.Add(new NamedExpr(value, key.Column));
            }
        }

        due = end!;
    }

    public LogicalPlan Plan()
    {
        var calls = aggregate.Aggregates.Select(kept.Of).ToImmutableArray();
        var rows = new InTime(kept.Project(aggregate.Input, origin), due, clock, origin);
        var parts = calls.Select(c => AggregateParts.Of(c.Call)).ToImmutableArray();
        return parts.All(p => p is not null) ? OfParts(rows, calls, parts!) : OfRows(rows, calls);
    }

    /// <summary>The aggregation as it is over a table, over rows that come when their groups are complete.</summary>
    private Project OfRows(InTime rows, ImmutableArray<NamedAggregate> calls)
    {
        var read = calls.SelectMany(c => c.Call.Arguments.Append(c.Call.Filter).OfType<Expr>()).SelectMany(e => e.ColumnsRead());
        var needed = new Project(rows, [.. kept.Columns.Except(onlyTold.Except(read)).Select(c => new NamedExpr(new ColumnRef(c, origin), c))], origin);
        return Result(new Aggregate(Hold(needed, due, kept.Meaning(aggregate.Input)), [.. keys], calls, origin));
    }

    private Project OfParts(InTime rows, ImmutableArray<NamedAggregate> calls, ImmutableArray<AggregateParts> all)
    {
        var parts = new List<NamedAggregate>();
        var beside = new Dictionary<PlanColumn, PlanColumn>();
        var wholes = ImmutableArray.CreateBuilder<NamedAggregate>();
        foreach (var (call, of) in calls.Zip(all))
        {
            ImmutableArray<Expr> columns = [.. of.Parts.Select(p => new ColumnRef(Part(p), origin))];
            wholes.Add(new NamedAggregate(of.Whole(columns), call.Column));
            if (of.IsRow) beside[((ColumnRef)columns[0]).Column] = ((ColumnRef)columns[1]).Column;
        }

        var step = new Aggregate(rows, [.. keys], [.. parts], origin);
        // A sketch has hashes of its values, which do not tell of which type they are.
        var meaning = string.Join(", ", parts.Select(p => TextOf(p.Call) + (p.Column.Type is BinaryType ? " of " + string.Join(", ", p.Call.Arguments.Select(a => a.Type)) : "")));
        var hold = Hold(step, keys.Find(k => ((ColumnRef)k.Value).Column == due)!.Column, kept.Meaning(aggregate.Input, meaning)) with
        {
            Parts = [.. keys.Select(_ => new PartInfo(PartKind.Key)), .. parts.Select(p => new PartInfo(AggregateParts.KindOf(p.Call), beside.TryGetValue(p.Column, out var by) ? step.Columns.IndexOf(by) : -1))],
        };
        return Result(new Aggregate(hold, [.. keys.Select(k => k with { Value = new ColumnRef(k.Column, origin) })], wholes.ToImmutable(), origin));

        // avg(v) and sum(v) share a part.
        PlanColumn Part(AggregateCall call)
        {
            var text = TextOf(call);
            var known = parts.Find(p => TextOf(p.Call) == text);
            if (known is null) parts.Add(known = new NamedAggregate(call, ids.NewColumn(call.Function.Name, call.Type, call.Nullable)));
            return known.Column;
        }
    }

    /// <summary>A call with its columns by their places: several may have one name.</summary>
    private string TextOf(AggregateCall call)
    {
        var columns = kept.Columns.ToList();
        return call.Map(e => e.Rewrite(part => part is ColumnRef c ? new Literal($"#{columns.IndexOf(c.Column)}", DataType.String, origin) : null)).ToString();
    }

    private Hold Hold(LogicalPlan input, PlanColumn until, KeptMeaning meaning) => new(input, HoldKind.UntilDue, until, origin) { Clock = clock, Meaning = meaning };

    private Project Result(Aggregate groups) => new(groups, [.. results, .. groups.Aggregates.Select(a => new NamedExpr(new ColumnRef(a.Column, origin), a.Column))], origin);

    private PlanColumn Flat(NamedExpr key, int field)
    {
        var name = $"__{key.Column.Name}_{(field == 0 ? "start" : "end")}";
        var value = (ColumnRef)kept.Of(new GetField(key.Value, field, DataType.Timestamp, key.Value.Nullable, origin), name);
        keys.Add(new NamedExpr(value, ids.NewColumn(name, DataType.Timestamp, value.Nullable)));
        return value.Column;
    }

    private Expr Struct(NamedExpr key, PlanColumn from, PlanColumn to)
    {
        var (start, end) = (Out(from), Out(to));
        return SessionPlan.Applied("named_struct", origin, new Literal("start", DataType.String, origin), start, new Literal("end", DataType.String, origin), end) with { Type = key.Column.Type };

        ColumnRef Out(PlanColumn held) => new(keys.Find(k => ((ColumnRef)k.Value).Column == held)!.Column, origin);
    }

    private static bool IsWindow(DataType type) => type is StructType { Fields: [{ Name: "start", Type: TimestampType }, { Name: "end", Type: TimestampType }] };
}
