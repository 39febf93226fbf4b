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

    public static ImmutableArray<NamedAggregate> MapAll(this ImmutableArray<NamedAggregate> items, Func<Expr, Expr> map) =>
        Map(items, item => item.Map(map));

    public static ImmutableArray<NamedWindowCall> MapAll(this ImmutableArray<NamedWindowCall> items, Func<Expr, Expr> map) =>
        Map(items, item => item.Map(map));

    public static ImmutableArray<ImmutableArray<Expr>> MapAll(this ImmutableArray<ImmutableArray<Expr>> rows, Func<Expr, Expr> map)
    {
        var mapped = rows.Select(row => row.MapAll(map)).ToImmutableArray();
        for (var i = 0; i < rows.Length; i++)
        {
            if (mapped[i] != rows[i]) return mapped;
        }

        return rows;
    }

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
