using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Compiler.Binding;

/// <summary>WHERE: conjuncts in the order written. One in error is left out, so that the others are still looked at.</summary>
internal sealed partial class QueryBinder
{
    private LogicalPlan Where(LogicalPlan plan, Scope scope, ExpressionSyntax condition, string clause)
    {
        Expr? all = null;
        foreach (var conjunct in Conjuncts(condition))
        {
            var bound = Expressions(scope, clause).BindCondition(conjunct);
            if (bound is not ErrorExpr) all = all is null ? bound : Expr.And(all, bound);
        }

        return all is null ? plan : new Filter(plan, all, all.Origin);
    }

    private static IEnumerable<ExpressionSyntax> Conjuncts(ExpressionSyntax syntax) => syntax is BinarySyntax { Operator: BinaryOperator.And } and
        ? Conjuncts(and.Left).Concat(Conjuncts(and.Right))
        : [syntax];
}
