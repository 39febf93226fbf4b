using System.Collections.Immutable;

namespace Lakeflow.Compiler.Plans;

/// <summary>Mapping over lists of expressions that keeps the instance where nothing changed.</summary>
public static class ExprLists
{
    public static ImmutableArray<Expr> MapAll(this ImmutableArray<Expr> items, Func<Expr, Expr> map) =>
        Map(items, item => map(item));

    public static ImmutableArray<NamedExpr> MapAll(this ImmutableArray<NamedExpr> items, Func<Expr, Expr> map) =>
        Map(items, item => map(item.Value) is var value && ReferenceEquals(value, item.Value) ? item : item with { Value = value });

    public static ImmutableArray<SortKey> MapAll(this ImmutableArray<SortKey> items, Func<Expr, Expr> map) =>
        Map(items, item => map(item.Value) is var value && ReferenceEquals(value, item.Value) ? item : item with { Value = value });

    private static ImmutableArray<T> Map<T>(ImmutableArray<T> items, Func<T, T> map)
        where T : class
    {
        ImmutableArray<T>.Builder? changed = null;
        for (var i = 0; i < items.Length; i++)
        {
            var now = map(items[i]);
            if (ReferenceEquals(now, items[i])) continue;
            changed ??= items.ToBuilder();
            changed[i] = now;
        }

        return changed?.ToImmutable() ?? items;
    }
}
