using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Unnesting;

/// <summary>Takes the conditions of a subquery that read the row around it out of it, to become conditions of a join.</summary>
/// <remarks>
/// <code>
/// Filter s.k = t.k AND s.v > 1        Filter s.v > 1     and  s.k = t.k
///   Scan s                        →     Scan s
/// </code>
/// </remarks>
internal static class PullUp
{
    /// <summary>The plan without its correlated conjuncts, and these; null where they stand below something they may not cross.</summary>
    public static (LogicalPlan Plan, Expr Condition)? Of(LogicalPlan plan, Func<PlanColumn, bool> isOuter)
    {
        var conditions = new List<Expr>();
        if (Pull(plan, isOuter, conditions) is not { } inner || Outer.Reads(inner, isOuter)) return null;
        return Conjuncts.All(conditions) is { } all ? (Providing(inner, Needed(conditions, isOuter)), all) : null;
    }

    /// <summary>As <see cref="Of"/> for one aggregate without GROUP BY: grouped by what correlates it, with the value for rows without a group.</summary>
    /// <remarks>The value is computed above the join, so that it cannot fail for a group that no row asks for.</remarks>
    public static (LogicalPlan Plan, Expr Condition, Expr Value)? OfAggregate(LogicalPlan plan, Func<PlanColumn, bool> isOuter, ColumnIds ids)
    {
        var project = plan as Project;
        if ((project?.Input ?? plan) is not Aggregate { Keys.IsEmpty: true } aggregate) return null;
        if (project is not null && project.Items.Any(i => i.Value.ColumnsRead().Any(isOuter))) return null;
        if (aggregate.Expressions().Any(e => e.ColumnsRead().Any(isOuter))) return null;
        var conditions = new List<Expr>();
        if (Pull(aggregate.Input, isOuter, conditions) is not { } input || conditions.Count == 0 || Outer.Reads(input, isOuter)) return null;

        // Each condition is an equality of something inside and something outside: the inside becomes a key.
        var keys = ImmutableArray.CreateBuilder<NamedExpr>();
        Expr? on = null;
        foreach (var condition in conditions)
        {
            if (condition is not Call { Function.Name: "=", Arguments: [var a, var b] } equal) return null;
            var (inside, outside) = a.ColumnsRead().Any(isOuter) ? (b, a) : (a, b);
            if (inside.ColumnsRead().Any(isOuter) || inside.Type.IsNested || !outside.ColumnsRead().All(isOuter)) return null;
            var column = ids.New((inside as ColumnRef)?.Column.Name ?? inside.ToString(), inside.Type, inside.Nullable);
            keys.Add(new NamedExpr(inside, column));
            var key = new ColumnRef(column, inside.Origin);
            Expr now = equal with { Arguments = ReferenceEquals(inside, a) ? [key, outside] : [outside, key] };
            on = on is null ? now : Expr.And(on, now);
        }

        var origin = aggregate.Origin;
        LogicalPlan grouped = aggregate with { Input = Providing(input, keys.SelectMany(k => k.Value.ColumnsRead())), Keys = keys.ToImmutable() };
        var nullable = aggregate.Aggregates.ToDictionary(a => a.Column.Id, a => (Expr)new ColumnRef(a.Column with { Nullable = true }, origin));
        var value = project is null ? nullable[aggregate.Aggregates[0].Column.Id] : Conjuncts.Replace(project.Items[0].Value, nullable);
        if (value is ColumnRef && aggregate.Aggregates.All(a => a.Call.Nullable)) return (grouped, on!, value);

        // Where the join finds no group, the aggregates are those of no rows: count is 0.
        var found = ids.New("found", DataType.Boolean, true);
        grouped = new Project(
            grouped,
            [.. grouped.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), new NamedExpr(new Literal(true, DataType.Boolean, origin), found)],
            origin);
        var nothing = aggregate.Aggregates.ToDictionary(a => a.Column.Id, a => NoRows.Value(a, ids));
        var ofNothing = Conjuncts.Replace(project is null ? value : project.Items[0].Value, nothing);
        return (grouped, on!, new Case([new CaseBranch(new IsNull(new ColumnRef(found, origin), origin), ofNothing)], value, origin));
    }

    private static LogicalPlan? Pull(LogicalPlan plan, Func<PlanColumn, bool> isOuter, List<Expr> conditions)
    {
        switch (plan)
        {
            case Filter filter:
                if (Pull(filter.Input, isOuter, conditions) is not { } below) return null;
                var (taken, rest) = (new List<Expr>(), new List<Expr>());
                foreach (var conjunct in Conjuncts.Of(filter.Predicate)) (conjunct.ColumnsRead().Any(isOuter) ? taken : rest).Add(conjunct);
                conditions.AddRange(taken);
                return taken.Count == 0 ? filter with { Input = below } : Conjuncts.Above(below, rest);
            case Project project when !project.Items.Any(i => i.Value.ColumnsRead().Any(isOuter)):
                if (Pull(project.Input, isOuter, conditions) is not { } input) return null;
                return Providing(project with { Input = input }, Needed(conditions, isOuter));
            case Join { Kind: JoinKind.Inner or JoinKind.Cross } join:
                if (Pull(join.Left, isOuter, conditions) is not { } left || Pull(join.Right, isOuter, conditions) is not { } right) return null;
                var on = Conjuncts.Of(join.Condition).ToList();
                var correlated = on.FindAll(c => c.ColumnsRead().Any(isOuter));
                conditions.AddRange(correlated);
                var kept = Conjuncts.All(on.Except(correlated));
                return join with { Left = left, Right = right, Condition = kept, Kind = kept is null ? JoinKind.Cross : join.Kind };
            case Join { Kind: JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.LeftMark } join:
                return Pull(join.Left, isOuter, conditions) is { } first ? join with { Left = first } : null;
            default:
                return plan;
        }
    }

    private static IEnumerable<PlanColumn> Needed(List<Expr> conditions, Func<PlanColumn, bool> isOuter) =>
        conditions.SelectMany(c => c.ColumnsRead()).Where(c => !isOuter(c)).Distinct();

    /// <summary>The plan with these columns of its input among its own.</summary>
    private static LogicalPlan Providing(LogicalPlan plan, IEnumerable<PlanColumn> columns)
    {
        if (plan is not Project project) return plan;
        var missing = columns.Where(c => project.Columns.All(p => p.Id != c.Id) && project.Input.Columns.Any(p => p.Id == c.Id)).Distinct().ToList();
        return missing.Count == 0 ? plan : project with { Items = project.Items.AddRange(missing.Select(c => new NamedExpr(new ColumnRef(c, project.Origin), c))) };
    }
}
