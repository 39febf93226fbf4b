using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Binding;

/// <summary>Takes the conditions of a subquery that read columns of the query around it out of it, to become conditions of a join.</summary>
/// <remarks>
/// <code>
/// Filter s.k = t.k AND s.v > 1        Filter s.v > 1     and  s.k = t.k
///   Scan s                        →     Scan s
/// </code>
/// </remarks>
internal static class Decorrelation
{
    /// <summary>The plan without its correlated conjuncts, and these; null where they stand below something they may not cross.</summary>
    public static (LogicalPlan Plan, Expr Condition)? PullUp(LogicalPlan plan, Func<PlanColumn, bool> isOuter)
    {
        var conditions = new List<Expr>();
        if (Pull(plan, isOuter, conditions) is not { } inner || conditions.Count == 0 || ReadsOuter(inner, isOuter)) return null;
        return (Providing(inner, Needed(conditions, isOuter)), conditions.Aggregate(Expr.And));
    }

    /// <summary>As <see cref="PullUp"/> for one aggregate without GROUP BY: grouped by what correlates it, with the value for rows without a group.</summary>
    public static (LogicalPlan Plan, Expr Condition, Expr Value)? PullUpAggregate(LogicalPlan plan, Func<PlanColumn, bool> isOuter, PlanScope ids)
    {
        var project = plan as Project;
        if ((project?.Input ?? plan) is not Aggregate { Keys.IsEmpty: true } aggregate) return null;
        if (project is not null && project.Items.Any(i => i.Value.ColumnsRead().Any(isOuter))) return null;
        var conditions = new List<Expr>();
        if (Pull(aggregate.Input, isOuter, conditions) is not { } input || conditions.Count == 0 || ReadsOuter(input, isOuter)) return null;
        if (aggregate.Aggregates.Any(a => a.Call.Arguments.Any(x => x.ColumnsRead().Any(isOuter)) || (a.Call.Filter?.ColumnsRead().Any(isOuter) ?? false))) return null;

        // Each condition is an equality of something inside and something outside: the inside becomes a key.
        var keys = ImmutableArray.CreateBuilder<NamedExpr>();
        Expr? on = null;
        foreach (var condition in conditions)
        {
            if (condition is not Call { Function.Name: "=", Arguments: [var a, var b] } equal) return null;
            var (inside, outside) = a.ColumnsRead().Any(isOuter) ? (b, a) : (a, b);
            if (inside.ColumnsRead().Any(isOuter) || !outside.ColumnsRead().All(isOuter)) return null;
            var column = inside is ColumnRef c && keys.All(k => k.Column.Id != c.Column.Id) ? c.Column : ids.NewColumn(inside.ToString(), inside.Type, inside.Nullable);
            keys.Add(new NamedExpr(inside, column));
            var key = new ColumnRef(column, inside.Origin);
            Expr now = equal with { Arguments = ReferenceEquals(inside, a) ? [key, outside] : [outside, key] };
            on = on is null ? now : Expr.And(on, now);
        }

        var origin = aggregate.Origin;
        LogicalPlan grouped = aggregate with { Input = Providing(input, keys.SelectMany(k => k.Value.ColumnsRead())), Keys = keys.ToImmutable() };
        Expr value = project is null ? new ColumnRef(aggregate.Aggregates[0].Column, origin) : project.Items[0].Value;
        var ofNothing = value.Rewrite(e => e is ColumnRef c && aggregate.Aggregates.FirstOrDefault(a => a.Column.Id == c.Column.Id) is { } call
            ? call.Call.Nullable ? new Literal(null, c.Type, c.Origin) : c.Type is Int64Type ? new Literal(0L, c.Type, c.Origin) : null
            : null);
        var column0 = ids.NewColumn(project?.Items[0].Column.Name ?? aggregate.Aggregates[0].Column.Name, value.Type, true);
        grouped = new Project(grouped, [.. keys.Select(k => new NamedExpr(new ColumnRef(k.Column, origin), k.Column)), new NamedExpr(value, column0)], origin);
        var result = new ColumnRef(column0, origin);

        // count over no rows is 0, where the join finds no group and gives NULL.
        if (!aggregate.Aggregates.Any(a => !a.Call.Nullable)) return (grouped, on!, result);
        if (ofNothing.ColumnsRead().Any()) return null;
        var found = ids.NewColumn("found", DataType.Boolean, true);
        var marked = (Project)grouped;
        grouped = marked with { Items = marked.Items.Add(new NamedExpr(new Literal(true, DataType.Boolean, origin), found)) };
        return (grouped, on!, new Case([new CaseBranch(new IsNull(new ColumnRef(found, origin), origin), ofNothing)], result, origin));
    }

    private static LogicalPlan? Pull(LogicalPlan plan, Func<PlanColumn, bool> isOuter, List<Expr> conditions)
    {
        switch (plan)
        {
            case Filter filter:
                if (Pull(filter.Input, isOuter, conditions) is not { } below) return null;
                Expr? rest = null;
                foreach (var conjunct in Conjuncts(filter.Predicate))
                {
                    if (conjunct.ColumnsRead().Any(isOuter))
                        conditions.Add(conjunct);
                    else
                        rest = rest is null ? conjunct : Expr.And(rest, conjunct);
                }

                return rest is null ? below : filter with { Input = below, Predicate = rest };
            case Project project when !project.Items.Any(i => i.Value.ColumnsRead().Any(isOuter)):
                if (Pull(project.Input, isOuter, conditions) is not { } input) return null;
                return Providing(project with { Input = input }, Needed(conditions, isOuter));
            case Join { Kind: JoinKind.Inner or JoinKind.Cross } join:
                if (Pull(join.Left, isOuter, conditions) is not { } left || Pull(join.Right, isOuter, conditions) is not { } right) return null;
                return join with { Left = left, Right = right };
            case Join { Kind: JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti } join:
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
        var missing = columns.Where(c => project.Columns.All(p => p.Id != c.Id) && project.Input.Columns.Any(p => p.Id == c.Id)).ToList();
        return missing.Count == 0 ? plan : project with { Items = project.Items.AddRange(missing.Select(c => new NamedExpr(new ColumnRef(c, project.Origin), c))) };
    }

    private static bool ReadsOuter(LogicalPlan plan, Func<PlanColumn, bool> isOuter)
    {
        var found = false;
        foreach (var node in plan.All())
        {
            node.MapExpressions(e =>
            {
                found |= e.ColumnsRead().Any(isOuter);
                return e;
            });
        }

        return found;
    }

    private static IEnumerable<Expr> Conjuncts(Expr expr) => expr is Logic { Op: LogicOp.And } and ? Conjuncts(and.Left).Concat(Conjuncts(and.Right)) : [expr];
}
