using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>GROUP BY.</summary>
internal sealed partial class QueryBinder
{
    private const string All = "all";

    /// <summary>The SELECT being bound for one grouping set, for <c>grouping(x)</c>.</summary>
    private SelectState? groupingState;

    /// <summary>The keys of a GROUP BY: expressions, ordinals, aliases, or ALL.</summary>
    private List<Expr> GroupKeys(SelectState state, GroupBySyntax? syntax)
    {
        var keys = new List<Expr>();
        if (syntax is null) return keys;
        if (syntax.All && HasColumnAll(state.Scope))
        {
            keys.Add(GroupKey(state, new NameExpressionSyntax(new NameSyntax([new IdentifierSyntax(All, false, syntax.Span)], syntax.Span), syntax.Span)));
        }
        else if (syntax.All)
        {
            var computed = state.Aggregates.Found.Select(a => a.Column.Id)
                .Concat(state.Windows.Groups.SelectMany(g => g.Calls).Select(c => c.Call.Column.Id)).ToHashSet();
            keys.AddRange(state.Items.Select(i => i.Value).Where(v => v is not ErrorExpr && !v.ColumnsRead().Any(c => computed.Contains(c.Id))));
        }

        foreach (var item in syntax.Items) keys.Add(GroupKey(state, item.Sets[0][0]));
        return Unique(keys);
    }

    /// <summary>GROUP BY ALL and ORDER BY ALL mean a column of that name, where there is one.</summary>
    private static bool HasColumnAll(Scope scope) => scope.Find([], All).Count > 0;

    private List<Expr> GroupKeys(SelectState state, GroupingSet set)
    {
        var present = Unique(set.Keys.Select(k => GroupKey(state, k)));
        set.Absent.AddRange(Unique(set.All.Select(k => GroupKey(state, k))).Where(a => !present.Exists(p => ExprKey.Of(p) == ExprKey.Of(a))));
        // Over no rows Spark gives no row at all, not even for the empty set: a key that is the same everywhere does that.
        if (present.Count == 0) present.Add(new Literal(0, Arrow.DataType.Int32, SourceSpan.None));
        return present;
    }

    private static List<Expr> Unique(IEnumerable<Expr> keys) => [.. keys.Where(k => k is not ErrorExpr).DistinctBy(ExprKey.Of)];

    private Expr GroupKey(SelectState state, ExpressionSyntax syntax)
    {
        var value = Ordinal(syntax, state.Items.Count, "GROUP BY") is { } i
            ? state.Items[i].Value
            : new ExpressionBinder(this, state.Scope, "GROUP BY") { TimeWindows = state.TimeWindows, Aliases = name => state.ByAlias(name.Text) }.Bind(syntax);
        var computed = state.Aggregates.Found.FirstOrDefault(a => value.ColumnsRead().Contains(a.Column));
        if (computed is not null)
        {
            Error(BindingErrors.AggregateNotAllowed(syntax.Span, computed.Call.Function.Name, "GROUP BY"));
            return new ErrorExpr(syntax.Span);
        }

        var windowed = state.Windows.Groups.SelectMany(g => g.Calls).FirstOrDefault(c => value.ColumnsRead().Contains(c.Call.Column)).Call;
        if (windowed is not null)
        {
            Error(BindingErrors.WindowNotAllowed(syntax.Span, windowed.Call.Function.Name, "GROUP BY", "Compute it in a query around this one."));
            return new ErrorExpr(syntax.Span);
        }

        if (value is not ErrorExpr && !Functions.TypeCoercion.IsOrderable(value.Type))
        {
            Error(BindingErrors.NotOrderable(syntax.Span, value.Type, "GROUP BY"));
            value = new ErrorExpr(syntax.Span);
        }

        state.HasBrokenKeys |= value is ErrorExpr;
        return value;
    }

    private static bool HasGroupingSets(GroupBySyntax syntax) => syntax.With != GroupKind.Plain || syntax.Items.Any(i => i.Kind != GroupKind.Plain);

    /// <summary>GROUPING SETS, ROLLUP and CUBE: one aggregation for each set, put one after another.</summary>
    private BoundQuery BindGroupingSets(SelectSyntax syntax, GroupBySyntax groupBy)
    {
        var sets = Sets(groupBy);
        var all = sets.SelectMany(s => s).ToList();
        var members = new List<BoundQuery>();
        foreach (var keys in sets)
        {
            var set = new GroupingSet(keys, all, []);
            Grouping = (name, arguments, span) => GroupingValue(set, name, arguments, span);
            members.Add(BindSelect(syntax with { Distinct = false }, QueryTail.None, set));
            Grouping = null;
        }

        if (members.Exists(m => m.Plan.All().Any(n => n is Window))) NotSupported(groupBy.Span, "A window function beside GROUPING SETS, ROLLUP or CUBE");
        var union = UnionOf(members, syntax.Span);
        return syntax.Distinct ? union with { Plan = new Distinct(union.Plan, syntax.Span) } : union;
    }

    private Expr GroupingValue(GroupingSet set, string name, ImmutableArray<Expr> arguments, SourceSpan span)
    {
        if (name == "grouping" && arguments is not [_])
        {
            Error(BindingErrors.WrongArguments(span, "grouping takes one of the GROUP BY expressions."));
            return new ErrorExpr(span);
        }

        set.Questions.Add(span);
        long bits = 0;
        var asked = arguments.IsEmpty ? [.. set.All.Select(GroupingArgument)] : arguments;
        foreach (var argument in asked) bits = (bits << 1) | (IsPresent(set, argument) ? 0L : 1L);
        return name == "grouping" ? new Literal((sbyte)bits, Arrow.DataType.Int8, span) : new Literal(bits, Arrow.DataType.Int64, span);
    }

    private Expr GroupingArgument(ExpressionSyntax key) => groupingState is null ? new ErrorExpr(key.Span) : GroupKey(groupingState, key);

    private bool IsPresent(GroupingSet set, Expr argument) =>
        groupingState is not null && set.Keys.Select(k => GroupKey(groupingState, k)).Any(k => ExprKey.Of(k) == ExprKey.Of(argument));

    /// <summary>All grouping sets, the cross product of the items.</summary>
    private List<ImmutableArray<ExpressionSyntax>> Sets(GroupBySyntax syntax)
    {
        if (syntax.With is GroupKind.Rollup or GroupKind.Cube)
        {
            var parts = syntax.Items.Select(i => i.Sets[0]).ToImmutableArray();
            return syntax.With == GroupKind.Rollup ? Rollup(parts) : Cube(parts);
        }

        // GROUP BY a, b GROUPING SETS (…): the plain items only name what the sets are made of.
        var items = syntax.With == GroupKind.GroupingSets ? syntax.Items[^1..] : syntax.Items;
        List<ImmutableArray<ExpressionSyntax>> product = [[]];
        foreach (var item in items)
        {
            var sets = Sets(item);
            product = [.. product.SelectMany(p => sets.Select(s => p.AddRange(s)))];
        }

        return product;
    }

    private List<ImmutableArray<ExpressionSyntax>> Sets(GroupItemSyntax item) => item.Kind switch
    {
        GroupKind.Rollup => Rollup(item.Sets),
        GroupKind.Cube => Cube(item.Sets),
        GroupKind.GroupingSets => [.. item.Sets, .. item.Nested.SelectMany(Sets)],
        _ => [item.Sets[0]],
    };

    private static List<ImmutableArray<ExpressionSyntax>> Rollup(ImmutableArray<ImmutableArray<ExpressionSyntax>> parts) =>
        [.. Enumerable.Range(0, parts.Length + 1).Select(n => parts[..(parts.Length - n)].SelectMany(p => p).ToImmutableArray())];

    private List<ImmutableArray<ExpressionSyntax>> Cube(ImmutableArray<ImmutableArray<ExpressionSyntax>> parts)
    {
        if (parts.Length > 8)
        {
            NotSupported(parts[0][0].Span, "CUBE of more than 8 columns");
            return [[]];
        }

        return [.. Enumerable.Range(0, 1 << parts.Length).Select(mask => parts.Where((_, i) => (mask & (1 << i)) == 0).SelectMany(p => p).ToImmutableArray())];
    }
}

/// <summary>One grouping set.</summary>
/// <param name="Keys">The expressions grouped by.</param>
/// <param name="All">Those of all sets.</param>
/// <param name="Absent">Those of other sets only, bound: NULL here.</param>
internal sealed record GroupingSet(ImmutableArray<ExpressionSyntax> Keys, List<ExpressionSyntax> All, List<Expr> Absent)
{
    /// <summary>Where <c>grouping(…)</c> was asked.</summary>
    public List<SourceSpan> Questions { get; } = [];
}
