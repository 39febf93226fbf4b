using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Compiler.Binding;

/// <summary>Subqueries as values. Those that are conjuncts of WHERE become joins, see <see cref="QueryBinder"/>.</summary>
internal sealed partial class ExpressionBinder
{
    private Expr BindScalarSubquery(ScalarSubquerySyntax syntax)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, "A subquery", RowCondition));
        var inner = query.ForSubquery(this);
        var bound = inner.Bind(syntax.Query);
        if (bound.IsUnknown) return new ErrorExpr(syntax.Span);
        if (bound.Columns is not [var only]) return Fail(BindingErrors.ColumnCount(syntax.Query.Span, "A subquery as a value", 1, bound.Columns.Length));
        if (only.IsBroken) return new ErrorExpr(syntax.Span);
        if (inner.IsCorrelated) return query.CorrelatedScalar?.Invoke(inner, bound, syntax.Span) ?? Correlated(syntax.Span);
        return new ScalarSubquery(bound.Plan, only.Column.Type, syntax.Span);
    }

    private Expr BindExists(ExistsSyntax syntax)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, "A subquery", RowCondition));
        var inner = query.ForSubquery(this);
        var bound = inner.Bind(syntax.Query);
        if (inner.IsCorrelated) return Correlated(syntax.Span);
        return new SubqueryTest(null, bound.Plan, syntax.Span);
    }

    private Expr BindInQuery(InQuerySyntax syntax)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, "A subquery", RowCondition));
        var value = Bind(syntax.Value);
        var inner = query.ForSubquery(this);
        var bound = inner.Bind(syntax.Query);
        if (value is ErrorExpr || bound.IsUnknown) return new ErrorExpr(syntax.Span);
        if (bound.Columns is not [var only]) return Fail(BindingErrors.ColumnCount(syntax.Query.Span, "IN (subquery)", 1, bound.Columns.Length));
        if (only.IsBroken) return new ErrorExpr(syntax.Span);
        if (inner.IsCorrelated) return Correlated(syntax.Span);
        if (ToCommonType([value, new ColumnRef(only.Column, syntax.Query.Span)], "IN", syntax.Span) is not [var left, var right]) return new ErrorExpr(syntax.Span);
        var plan = right is ColumnRef
            ? bound.Plan
            : new Project(bound.Plan, [new NamedExpr(right, query.Ids.NewColumn(only.Name, right.Type, right.Nullable))], syntax.Query.Span);
        Expr test = new SubqueryTest(left, plan, syntax.Span);
        return syntax.Not ? new Not(test, syntax.Span) : test;
    }

    private ErrorExpr Correlated(Runtime.Diagnostics.SourceSpan span) =>
        NotSupported(span, "A subquery that reads columns of the query around it, in this place", "Write it as a join, or as a condition of WHERE joined by AND.");
}
