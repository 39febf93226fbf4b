using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>What does not depend on a row is computed now.</summary>
/// <remarks>
/// <code>
/// Filter at &gt;= CAST('2024-01-01' AS DATE)            Filter at &gt;= DATE'2024-01-01'
///   X                                          →       X
/// </code>
/// By the very kernel that would run. What would fail is left alone: it fails at run time, if a row ever gets there.
/// Functions of text, of the session zone and of nested values are left to the run time too.
/// </remarks>
public sealed class FoldConstants : IRule
{
    public LogicalPlan? Apply(LogicalPlan node)
    {
        var now = node.MapExpressions(Fold);
        return ReferenceEquals(now, node) ? null : now;
    }

    /// <summary>The expression with what is constant in it computed; a literal if all of it is.</summary>
    public static Expr Fold(Expr whole) => whole.Rewrite(FoldPart);

    private static Expr? FoldPart(Expr expr)
    {
        switch (expr)
        {
            case Call { Function.IsDeterministic: true } call when call.Arguments.Length > 0 && call.Arguments.All(a => a is Literal):
                return ConstantEvaluator.Call(call);
            case Cast { Input: Literal } cast:
                return ConstantEvaluator.Cast(cast);
            case IsNull { Input: Literal literal }:
                return new Literal(literal.IsNull, DataType.Boolean, expr.Origin);
            case NullSafeEqual { Left: Literal { IsNull: true }, Right: var other }:
                return Simpler(other, expr);
            case NullSafeEqual { Right: Literal { IsNull: true }, Left: var other }:
                return Simpler(other, expr);
            case Case c:
                return FoldCase(c);
            case Coalesce { Arguments: [Literal { IsNull: true }, var only] }:
                return only;
            case Coalesce { Arguments: [Literal { IsNull: true }, ..] } c:
                return c with { Arguments = c.Arguments[1..] };
            case Coalesce { Arguments: [Literal first, ..] }:
                return first;
            case Coalesce { Arguments: [{ Nullable: false } first, ..] }:
                return first;
            case Logic { Left: Literal { IsNull: true }, Right: Literal { IsNull: true } both }:
                return both;
            case Literal or ColumnRef:
                return null;
            default:
                return null;
        }
    }

    private static IsNull Simpler(Expr other, Expr whole) => new(other, whole.Origin);

    private static Expr? FoldCase(Case c)
    {
        var dead = c.Branches.Any(b => b.When is Literal { IsTrue: false });
        var last = c.Branches.FirstOrDefault(b => b.When is Literal { IsTrue: true });
        if (!dead && last is null) return null;
        var branches = c.Branches.TakeWhile(b => !ReferenceEquals(b, last)).Where(b => b.When is not Literal).ToImmutableArray();
        var otherwise = last?.Then ?? c.Else;
        return branches.IsEmpty ? otherwise : c with { Branches = branches, Else = otherwise };
    }
}
