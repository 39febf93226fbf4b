using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>ORDER BY over the columns that a query puts out, LIMIT and OFFSET.</summary>
internal sealed partial class QueryBinder
{
    /// <summary>The rest of a query whose ORDER BY sees only what the body puts out.</summary>
    private BoundQuery Finish(BoundQuery query, QueryTail tail)
    {
        if (tail.IsEmpty) return query;
        var plan = query.Plan;
        if (tail.Order is not null)
        {
            var scope = new Scope(query.Columns, query.IsUnknown ? [[]] : []);
            var expressions = Expressions(scope, "ORDER BY");
            var keys = SortItems(tail.Order, query.Columns.Length, HasColumnAll(scope)) is { } items
                ? SortKeys(items, item => Ordinal(item, query.Columns.Length, "ORDER BY") is { } i ? new ColumnRef(query.Columns[i].Column, item.Span) : expressions.Bind(item))
                : null;
            if (keys is { IsEmpty: false }) plan = new Sort(plan, keys.Value, tail.Order.Span);
        }

        return query with { Plan = Limited(plan, tail) };
    }

    private LogicalPlan Limited(LogicalPlan plan, QueryTail tail)
    {
        var count = tail.Limit is null ? null : Constant(tail.Limit, "LIMIT");
        var offset = tail.Offset is null ? 0 : Constant(tail.Offset, "OFFSET") ?? 0;
        return count is null && offset == 0 ? plan : new Limit(plan, count, offset, tail.Limit?.Span ?? tail.Offset!.Span);
    }

    private long? Constant(ExpressionSyntax syntax, string clause)
    {
        var value = Constant(clause, syntax);
        long? number = value is Literal literal ? literal.Value switch { int i => i, long l => l, short s => s, sbyte b => b, _ => null } : null;
        if (value is not ErrorExpr && number is not >= 0) Error(BindingErrors.NotConstant(syntax.Span, $"{clause}, a whole number of rows,"));
        return number is >= 0 ? number : null;
    }

    /// <summary>The items of ORDER BY, with ALL spelt out as ordinals; null where only what is not supported was written.</summary>
    private ImmutableArray<SortItemSyntax>? SortItems(OrderSyntax order, int columns, bool hasColumnAll)
    {
        if (!order.SortBy.IsEmpty || !order.DistributeBy.IsEmpty || !order.ClusterBy.IsEmpty)
        {
            NotSupported(order.Span, "SORT BY, DISTRIBUTE BY and CLUSTER BY in a query", "Use ORDER BY.");
            return null;
        }

        if (!order.OrderByAll || hasColumnAll) return order.OrderBy;
        var all = order.OrderBy.IsEmpty ? new SortItemSyntax(new NullLiteralSyntax(order.Span), false, null, order.Span) : order.OrderBy[0];
        return [.. Enumerable.Range(1, columns).Select(i => all with
        {
            Expression = new NumberLiteralSyntax(i.ToString(System.Globalization.CultureInfo.InvariantCulture), NumberKind.Integer, all.Span),
        })];
    }

    /// <summary>The keys; null if one is in error.</summary>
    private ImmutableArray<SortKey>? SortKeys(ImmutableArray<SortItemSyntax> items, Func<ExpressionSyntax, Expr> bind)
    {
        var keys = ImmutableArray.CreateBuilder<SortKey>();
        var whole = true;
        foreach (var item in items)
        {
            var value = bind(item.Expression);
            if (value is not ErrorExpr && !Functions.TypeCoercion.IsOrderable(value.Type))
            {
                Error(BindingErrors.NotOrderable(item.Expression.Span, value.Type, "ORDER BY"));
                whole = false;
            }

            whole &= value is not ErrorExpr;
            keys.Add(new SortKey(value, item.Descending, item.NullsFirst ?? !item.Descending));
        }

        return whole ? keys.ToImmutable() : null;
    }

    /// <summary>0-based place in the SELECT list that a whole number in GROUP BY or ORDER BY means; null if the item is none (or is out of range, reported).</summary>
    private int? Ordinal(ExpressionSyntax item, int count, string clause)
    {
        if (item is not NumberLiteralSyntax { Kind: NumberKind.Integer } number) return null;
        if (int.TryParse(number.Text, System.Globalization.CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= count) return n - 1;
        Error(BindingErrors.OrdinalOutOfRange(item.Span, clause, n, count));
        return null;
    }
}
