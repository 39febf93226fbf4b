using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>Nothing is read or computed that nobody needs.</summary>
/// <remarks>
/// <code>
/// Project a                    Project a
///   Filter b &gt; 1         →       Filter b &gt; 1
///     Scan t [a, b, c]             Scan t [a, b]
/// </code>
/// Works from the root down. Columns keep their order; a scan may be left with no column at all (it still counts rows). What a filter
/// alone needed is taken off again before rows are gathered (joins, sorts, windows).
/// </remarks>
public sealed class PruneColumns : IRule
{
    public bool IsWholePlan => true;

    public LogicalPlan? Apply(LogicalPlan node)
    {
        var pruned = Narrow(node, [.. node.Columns.Select(c => c.Id)]);
        return ReferenceEquals(pruned, node) ? null : pruned;
    }

    /// <summary>The plan with at least the needed columns, in their order; the same instance if nothing changed.</summary>
    private static LogicalPlan Narrow(LogicalPlan plan, HashSet<int> needed)
    {
        switch (plan)
        {
            case Scan scan:
                return scan.Output.All(c => needed.Contains(c.Id)) ? scan : scan with { Output = scan.Output.RemoveAll(c => !needed.Contains(c.Id)) };
            case Values values when !values.Output.All(c => needed.Contains(c.Id)):
                var cells = Enumerable.Range(0, values.Output.Length).Where(i => needed.Contains(values.Output[i].Id)).ToList();
                return values with { Output = [.. cells.Select(i => values.Output[i])], Rows = [.. values.Rows.Select(r => cells.Select(i => r[i]).ToImmutableArray())] };
            case Project project:
                var items = project.Items.All(i => needed.Contains(i.Column.Id)) ? project.Items : project.Items.RemoveAll(i => !needed.Contains(i.Column.Id));
                var kept = items == project.Items ? project : project with { Items = items };
                return Over(kept, Narrow(project.Input, Read(items.Select(i => i.Value))));
            case Filter filter:
                return Over(filter, Narrow(filter.Input, With(needed, filter.Predicate.ColumnsRead())));
            case Aggregate aggregate:
                return NarrowAggregate(aggregate, needed);
            case Join join:
                return NarrowJoin(join, needed);
            case Union union:
                return NarrowUnion(union, needed);
            case Sort sort:
                return Over(sort, Exactly(sort.Input, With(needed, sort.Keys.SelectMany(k => k.Value.ColumnsRead()))));
            case Window window:
                return NarrowWindow(window, needed);
            case Generate generate:
                return Over(generate, Narrow(generate.Input, With(needed, generate.Collection.ColumnsRead())));
            case Expect expect:
                return Over(expect, Narrow(expect.Input, With(needed, expect.Rules.SelectMany(r => r.Condition.ColumnsRead()))));
            case Limit limit:
                return Over(limit, Narrow(limit.Input, needed));
            case Distinct distinct:
                return Over(distinct, Narrow(distinct.Input, [.. distinct.Columns.Select(c => c.Id)]));
            case Hold hold:
                return Over(hold, Narrow(hold.Input, [.. hold.Columns.Select(c => c.Id)]));
            case InTime inTime:
                return Over(inTime, Narrow(inTime.Input, [.. inTime.Columns.Select(c => c.Id)]));
            case StreamPairs pairs:
                return NarrowPairs(pairs, needed);
            case StreamMatches matches:
                return Over(matches, Narrow(matches.Input, [.. matches.Input.Columns.Select(c => c.Id)]));
            case Watermark mark:
                return Over(mark, Narrow(mark.Input, With(needed, [mark.Time])));
            default:
                return plan;
        }
    }

    /// <summary>What is remembered of the sides was decided when the query was bound: it stays.</summary>
    private static LogicalPlan NarrowPairs(StreamPairs pairs, HashSet<int> needed)
    {
        var left = Narrow(pairs.Left.Rows, [.. pairs.Left.Rows.Columns.Select(c => c.Id)]);
        var right = Narrow(pairs.Right.Rows, [.. pairs.Right.Rows.Columns.Select(c => c.Id)]);
        if (!ReferenceEquals(left, pairs.Left.Rows) || !ReferenceEquals(right, pairs.Right.Rows)) pairs = (StreamPairs)pairs.WithInputs([left, right]);
        return pairs.Output.All(c => needed.Contains(c.Id)) ? pairs : pairs with { Output = pairs.Output.RemoveAll(c => !needed.Contains(c.Id)) };
    }

    private static LogicalPlan NarrowAggregate(Aggregate aggregate, HashSet<int> needed)
    {
        var calls = aggregate.Aggregates.All(a => needed.Contains(a.Column.Id)) ? aggregate.Aggregates : aggregate.Aggregates.RemoveAll(a => !needed.Contains(a.Column.Id));
        var kept = calls == aggregate.Aggregates ? aggregate : aggregate with { Aggregates = calls };
        var read = Read(kept.Keys.Select(k => k.Value).Concat(calls.SelectMany(c => c.Call.Arguments)).Concat(calls.Select(c => c.Call.Filter).OfType<Expr>()));
        return Over(kept, Narrow(aggregate.Input, read));
    }

    private static LogicalPlan NarrowJoin(Join join, HashSet<int> needed)
    {
        var read = With(needed, join.Condition?.ColumnsRead() ?? []);
        var left = Exactly(join.Left, read);
        var right = Exactly(join.Right, read);
        return ReferenceEquals(left, join.Left) && ReferenceEquals(right, join.Right) ? join : join with { Left = left, Right = right };
    }

    private static LogicalPlan NarrowUnion(Union union, HashSet<int> needed)
    {
        var keep = Enumerable.Range(0, union.Output.Length).Where(i => needed.Contains(union.Output[i].Id)).ToList();
        var members = union.Members.Select(m =>
        {
            var columns = m.Columns;
            return Ordered(m, [.. keep.Select(i => columns[i])]);
        }).ToImmutableArray();
        var same = keep.Count == union.Output.Length && Same(members, union.Members);
        return same ? union : union with { Members = members, Output = [.. keep.Select(i => union.Output[i])] };
    }

    private static LogicalPlan NarrowWindow(Window window, HashSet<int> needed)
    {
        var calls = window.Calls.All(c => needed.Contains(c.Column.Id)) ? window.Calls : window.Calls.RemoveAll(c => !needed.Contains(c.Column.Id));
        if (calls.IsEmpty) return Narrow(window.Input, needed);
        var kept = calls == window.Calls ? window : window with { Calls = calls };
        var read = Read(kept.Expressions());
        read.UnionWith(needed);
        return Over(kept, Exactly(window.Input, read));
    }

    /// <summary>The plan narrowed, with a projection that drops what only a filter below it read.</summary>
    private static LogicalPlan Exactly(LogicalPlan plan, HashSet<int> needed)
    {
        var narrow = Narrow(plan, needed);
        if (narrow is not Filter || narrow.Columns.All(c => needed.Contains(c.Id))) return narrow;
        var columns = narrow.Columns.Where(c => needed.Contains(c.Id));
        return new Project(narrow, [.. columns.Select(c => new NamedExpr(new ColumnRef(c, narrow.Origin), c))], narrow.Origin);
    }

    /// <summary>The plan with just these columns in this order.</summary>
    private static LogicalPlan Ordered(LogicalPlan plan, ImmutableArray<PlanColumn> columns)
    {
        var narrow = Narrow(plan, [.. columns.Select(c => c.Id)]);
        return narrow.Columns.AsSpan().SequenceEqual(columns.AsSpan()) ? narrow : new Project(narrow, [.. columns.Select(c => new NamedExpr(new ColumnRef(c, plan.Origin), c))], plan.Origin);
    }

    private static bool Same(ImmutableArray<LogicalPlan> a, ImmutableArray<LogicalPlan> b) => a.Zip(b).All(p => ReferenceEquals(p.First, p.Second));

    private static LogicalPlan Over(LogicalPlan node, LogicalPlan input) => ReferenceEquals(node.Inputs[0], input) ? node : node.WithInputs([input]);

    private static HashSet<int> Read(IEnumerable<Expr> exprs) => [.. exprs.SelectMany(e => e.ColumnsRead()).Select(c => c.Id)];

    private static HashSet<int> With(HashSet<int> needed, IEnumerable<PlanColumn> columns) => [.. needed, .. columns.Select(c => c.Id)];
}
