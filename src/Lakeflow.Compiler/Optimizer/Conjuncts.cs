using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer;

/// <summary>The parts of a condition that AND joins, in the order written.</summary>
internal static class Conjuncts
{
    public static IEnumerable<Expr> Of(Expr? predicate) => predicate switch
    {
        null => [],
        Logic { Op: LogicOp.And } and => Of(and.Left).Concat(Of(and.Right)),
        _ => [predicate],
    };

    /// <summary>All of them; null if there is none.</summary>
    public static Expr? All(IEnumerable<Expr> conjuncts)
    {
        Expr? all = null;
        foreach (var conjunct in conjuncts) all = all is null ? conjunct : Expr.And(all, conjunct);
        return all;
    }

    /// <summary>The plan with these conditions on top; the plan itself if there is none.</summary>
    public static LogicalPlan Above(LogicalPlan plan, IReadOnlyCollection<Expr> conjuncts) =>
        All(conjuncts) is { } predicate ? new Filter(plan, predicate, predicate.Origin) : plan;

    /// <summary>Columns in an expression replaced by what they stand for; the positions stay those of the reader.</summary>
    public static Expr Replace(Expr expr, IReadOnlyDictionary<int, Expr> values) =>
        expr.Rewrite(e => e is ColumnRef c && values.TryGetValue(c.Column.Id, out var value) ? value is ColumnRef other ? other with { Origin = c.Origin } : value : null);
}
