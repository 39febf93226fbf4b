using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>Conditions lose what cannot matter.</summary>
/// <remarks>
/// <code>
/// x AND TRUE → x        x OR FALSE → x       NOT NOT x → x
/// FALSE AND x → FALSE   TRUE OR x → TRUE     x AND x → x          x IS NULL → FALSE where x is never NULL
///
/// Filter TRUE           Filter FALSE
///   X            → X      X            → Values, no rows
/// </code>
/// <c>x AND FALSE</c> is FALSE too, which may remove an error of x, never add one. Where only TRUE counts (filters, joins), NULL is FALSE.
/// </remarks>
public sealed class SimplifyPredicates : IRule
{
    public LogicalPlan? Apply(LogicalPlan node)
    {
        var now = node.MapExpressions(e => e.Rewrite(Simplify));
        switch (now)
        {
            case Filter { Predicate: Literal { IsTrue: true } } filter:
                return filter.Input;
            case Filter { Predicate: Literal } filter when !filter.Input.All().Any(n => n is Expect):
                return new Values([], filter.Columns, filter.Origin);
            case Filter filter when WithoutDoubles(filter.Predicate) is { } less:
                return filter with { Predicate = less };
            default:
                return ReferenceEquals(now, node) ? null : now;
        }
    }

    /// <summary>The conjuncts of a filter, each once, without TRUE, and FALSE alone if one is FALSE or NULL; null if nothing changed.</summary>
    private static Expr? WithoutDoubles(Expr predicate)
    {
        var all = Conjuncts.Of(predicate).ToList();
        if (all.Find(c => c is Literal { IsTrue: false }) is { } never && all.Count > 1) return new Literal(false, DataType.Boolean, never.Origin);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = all.Where(c => c is not Literal { IsTrue: true } && (!c.IsDeterministic || seen.Add(ExprKey.Of(c)))).ToList();
        return kept.Count == all.Count ? null : Conjuncts.All(kept) ?? new Literal(true, DataType.Boolean, predicate.Origin);
    }

    private static Expr? Simplify(Expr expr) => expr switch
    {
        Logic { Op: LogicOp.And, Left: Literal { IsTrue: true } } and => and.Right,
        Logic { Op: LogicOp.And, Right: Literal { IsTrue: true } } and => and.Left,
        Logic { Op: LogicOp.And, Left: Literal { Value: false } no } => no,
        Logic { Op: LogicOp.And, Right: Literal { Value: false } no } => no,
        Logic { Op: LogicOp.Or, Left: Literal { Value: false } } or => or.Right,
        Logic { Op: LogicOp.Or, Right: Literal { Value: false } } or => or.Left,
        Logic { Op: LogicOp.Or, Left: Literal { IsTrue: true } yes } => yes,
        Logic { Op: LogicOp.Or, Right: Literal { IsTrue: true } yes } => yes,
        Logic { Left.IsDeterministic: true } logic when ExprKey.Of(logic.Left) == ExprKey.Of(logic.Right) => logic.Left,
        Not { Input: Not inner } => inner.Input,
        Not { Input: Literal { Value: bool value } literal } => new Literal(!value, DataType.Boolean, literal.Origin),
        Not { Input: Literal { IsNull: true } literal } => literal,
        IsNull { Input: { Nullable: false, CanFail: false } never } test when never is not Literal => new Literal(false, DataType.Boolean, test.Origin),
        _ => null,
    };
}
