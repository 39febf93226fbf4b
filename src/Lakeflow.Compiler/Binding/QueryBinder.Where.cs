using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using JoinKind = Lakeflow.Compiler.Plans.JoinKind;

namespace Lakeflow.Compiler.Binding;

/// <summary>WHERE: conjuncts in the order written; IN and EXISTS among them become joins.</summary>
internal sealed partial class QueryBinder
{
    private LogicalPlan Where(LogicalPlan plan, Scope scope, ExpressionSyntax condition, string clause)
    {
        var state = new ConjunctState { Plan = plan };
        CorrelatedScalar = (inner, bound, span) =>
        {
            // What stands before it in the text keeps its place in front.
            state.Flush();
            var (joined, value) = JoinScalar(state.Plan, inner, bound, span);
            state.Plan = joined;
            return value;
        };
        foreach (var conjunct in Conjuncts(condition))
        {
            if (SubqueryConjunct(state, scope, conjunct, clause)) continue;
            var bound = Expressions(scope, clause).BindCondition(conjunct);
            if (bound is not ErrorExpr) state.Pending = state.Pending is null ? bound : Expr.And(state.Pending, bound);
        }

        CorrelatedScalar = null;
        state.Flush();
        return state.Plan;
    }

    private static IEnumerable<ExpressionSyntax> Conjuncts(ExpressionSyntax syntax) => syntax is BinarySyntax { Operator: BinaryOperator.And } and
        ? Conjuncts(and.Left).Concat(Conjuncts(and.Right))
        : [syntax];

    /// <summary>True if the conjunct was EXISTS or IN over a query, which is now a join.</summary>
    private bool SubqueryConjunct(ConjunctState state, Scope scope, ExpressionSyntax syntax, string clause)
    {
        var (test, not) = syntax is UnarySyntax { Operator: UnaryOperator.Not } negated ? (negated.Operand, true) : (syntax, false);
        switch (test)
        {
            case ExistsSyntax exists:
                state.Flush();
                state.Plan = ExistsJoin(state.Plan, scope, exists, not, clause);
                return true;
            case InQuerySyntax within:
                state.Flush();
                state.Plan = InJoin(state.Plan, scope, within, within.Not != not, clause);
                return true;
            default:
                return false;
        }
    }

    private LogicalPlan ExistsJoin(LogicalPlan plan, Scope scope, ExistsSyntax syntax, bool not, string clause)
    {
        var inner = ForSubquery(Expressions(scope, clause));
        var bound = inner.Bind(syntax.Query);
        if (bound.Plan.All().Any(n => n is ErrorPlan)) return plan;
        var (right, conditions) = (bound.Plan, (Expr?)null);
        if (inner.IsCorrelated)
        {
            if (Decorrelation.PullUp(bound.Plan, inner.IsOuter) is not { } pulled)
            {
                NotSupported(syntax.Span, "EXISTS over this query, which reads columns of the query around it");
                return plan;
            }

            (right, conditions) = pulled;
        }

        return new Join(not ? JoinKind.LeftAnti : JoinKind.LeftSemi, plan, right, conditions, syntax.Span);
    }

    private LogicalPlan InJoin(LogicalPlan plan, Scope scope, InQuerySyntax syntax, bool not, string clause)
    {
        var expressions = Expressions(scope, clause);
        var values = expressions.BindAll(syntax.Value is TupleSyntax tuple ? tuple.Items : [syntax.Value]);
        var inner = ForSubquery(expressions);
        var bound = inner.Bind(syntax.Query);
        if (values.Any(v => v is ErrorExpr) || bound.IsUnknown) return plan;
        if (bound.Columns.Length != values.Length)
        {
            Error(BindingErrors.ColumnCount(syntax.Query.Span, "IN (subquery)", values.Length, bound.Columns.Length));
            return plan;
        }

        if (bound.Columns.Any(c => c.IsBroken)) return plan;
        if (not && values.Length > 1)
        {
            NotSupported(syntax.Span, "NOT IN of several columns", "Write NOT EXISTS.");
            return plan;
        }

        var (right, pulled) = (bound.Plan, (Expr?)null);
        if (inner.IsCorrelated)
        {
            if (Decorrelation.PullUp(bound.Plan, inner.IsOuter) is not { } parts || not)
            {
                NotSupported(syntax.Span, "IN over this query, which reads columns of the query around it");
                return plan;
            }

            (right, pulled) = parts;
        }

        Expr? equal = null;
        for (var i = 0; i < values.Length; i++)
        {
            var one = expressions.Compare("=", values[i], new ColumnRef(bound.Columns[i].Column, syntax.Query.Span), syntax.Span);
            if (one is ErrorExpr) return plan;
            equal = equal is null ? one : Expr.And(equal, one);
        }

        return new Join(not ? JoinKind.NullAwareAnti : JoinKind.LeftSemi, plan, right, pulled is null ? equal : Expr.And(equal!, pulled), syntax.Span);
    }

    private Expr JoinScalar(SelectState state, QueryBinder inner, BoundQuery bound, SourceSpan span)
    {
        var (plan, value) = JoinScalar(state.Plan, inner, bound, span);
        state.Plan = plan;
        return value;
    }

    /// <summary>A correlated aggregate as a left join on what correlates it.</summary>
    private (LogicalPlan Plan, Expr Value) JoinScalar(LogicalPlan plan, QueryBinder inner, BoundQuery bound, SourceSpan span)
    {
        if (Decorrelation.PullUpAggregate(bound.Plan, inner.IsOuter, Ids) is not var (right, condition, value))
        {
            NotSupported(span, "This subquery, which reads columns of the query around it,", "Write it as a join with an aggregation.");
            return (plan, new ErrorExpr(span));
        }

        return (new Join(JoinKind.Left, plan, right, condition, span), value);
    }

    private sealed class ConjunctState
    {
        public required LogicalPlan Plan { get; set; }

        public Expr? Pending { get; set; }

        public void Flush()
        {
            if (Pending is not null) Plan = new Filter(Plan, Pending, Pending.Origin);
            Pending = null;
        }
    }
}
