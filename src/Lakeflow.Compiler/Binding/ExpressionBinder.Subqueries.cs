using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Compiler.Binding;

/// <summary>Subqueries as values. How they run is decided later, see <see cref="Optimizer.Unnesting.Unnester"/>.</summary>
internal sealed partial class ExpressionBinder
{
    private Expr BindScalarSubquery(ScalarSubquerySyntax syntax)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, "A subquery", RowCondition));
        var inner = query.ForSubquery(this);
        var bound = inner.Bind(syntax.Query);
        if (bound.IsUnknown) return new ErrorExpr(syntax.Span);
        if (bound.Columns is not [var only]) return Fail(BindingErrors.ColumnCount(syntax.Query.Span, "A subquery as a value", 1, bound.Columns.Length));
        return only.IsBroken ? new ErrorExpr(syntax.Span) : new ScalarSubquery(bound.Plan, inner.Correlations, only.Column.Type, syntax.Span);
    }

    private Expr BindExists(ExistsSyntax syntax)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, "A subquery", RowCondition));
        var inner = query.ForSubquery(this);
        var bound = inner.Bind(syntax.Query);
        return new SubqueryTest([], bound.Plan, inner.Correlations, syntax.Span);
    }

    private Expr BindInQuery(InQuerySyntax syntax)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, "A subquery", RowCondition));
        var values = BindAll(syntax.Value is TupleSyntax tuple ? tuple.Items : [syntax.Value]);
        var inner = query.ForSubquery(this);
        var bound = inner.Bind(syntax.Query);
        if (AnyError(values) || bound.IsUnknown) return new ErrorExpr(syntax.Span);
        if (bound.Columns.Length != values.Length) return Fail(BindingErrors.ColumnCount(syntax.Query.Span, "IN (subquery)", values.Length, bound.Columns.Length));
        if (bound.Columns.Any(c => c.IsBroken)) return new ErrorExpr(syntax.Span);

        var items = ImmutableArray.CreateBuilder<NamedExpr>();
        for (var i = 0; i < values.Length; i++)
        {
            var column = bound.Columns[i].Column;
            if (ToCommonType([values[i], new ColumnRef(column, syntax.Query.Span)], "IN", syntax.Span) is not [var left, var right]) return new ErrorExpr(syntax.Span);
            values = values.SetItem(i, left);
            items.Add(new NamedExpr(right, right is ColumnRef ? column : query.Ids.NewColumn(column.Name, right.Type, right.Nullable)));
        }

        var plan = items.All(i => i.Value is ColumnRef) ? bound.Plan : new Project(bound.Plan, items.ToImmutable(), syntax.Query.Span);
        Expr test = new SubqueryTest(values, plan, inner.Correlations, syntax.Span);
        return syntax.Not ? new Not(test, syntax.Span) : test;
    }
}
