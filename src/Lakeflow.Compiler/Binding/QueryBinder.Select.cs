using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>SELECT: items bound over FROM, then laid out as aggregate, windows, projection, sort, limit.</summary>
internal sealed partial class QueryBinder
{
    private BoundQuery BindSelect(SelectSyntax syntax, QueryTail tail)
    {
        if (syntax.IsScriptTransform)
        {
            NotSupported(syntax.Span, "SELECT TRANSFORM");
            return Broken(syntax.Span);
        }

        if (syntax.GroupBy is { } groupBy && HasGroupingSets(groupBy)) return Finish(BindGroupingSets(syntax, groupBy), tail);
        return BindSelect(syntax, tail, null);
    }

    private BoundQuery BindSelect(SelectSyntax syntax, QueryTail tail, GroupingSet? set)
    {
        var state = StartSelect(syntax);
        foreach (var item in syntax.Items) BindItem(state, item);
        var keys = set is null ? GroupKeys(state, syntax.GroupBy) : GroupKeys(state, set);
        var having = syntax.Having is null ? null : AfterGrouping(state, "HAVING").BindCondition(syntax.Having);
        var qualify = syntax.Qualify is null ? null : AfterGrouping(state, "QUALIFY", state.Windows).BindCondition(syntax.Qualify);
        var order = OrderKeys(state, tail.Order);
        var aggregated = syntax.GroupBy is not null || state.Aggregates.Found.Count > 0 || having is not null;

        state.Plan = state.TimeWindows.Over(state.Plan);
        // Without a key that is in error, what follows would be wrong in other ways.
        if (state.HasBrokenKeys) state.Plan = new ErrorPlan(state.Plan.All().Any(n => n is Scan { Source.Streaming: true } or ErrorPlan { Streaming: true }), syntax.Span);
        var layout = new SelectLayout(this, state);
        if (aggregated) layout.Group(keys, set?.Absent ?? [], syntax.Span);
        if (having is not null) layout.Filter(having, syntax.Having!.Span);
        layout.Generate();
        layout.Windows();
        if (qualify is not null) layout.Filter(qualify, syntax.Qualify!.Span);
        var bound = layout.Project(order ?? [], syntax.Distinct, tail, syntax.Span);
        return bound with { Plan = Limited(bound.Plan, tail) };
    }

    /// <summary>FROM and WHERE.</summary>
    private SelectState StartSelect(SelectSyntax syntax)
    {
        var from = syntax.From is null ? new Relation(new Values([[]], [], syntax.Span), Scope.Empty) : BindFrom(syntax.From);
        foreach (var same in syntax.Windows.GroupBy(w => w.Name.Text, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            Error(BindingErrors.NameTwice(same.ElementAt(1).Name.Span, same.Key, "WINDOW", "INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", same.First().Name.Span));
        var state = new SelectState(Ids, from, syntax.Windows);
        if (Grouping is not null) groupingState = state;
        if (syntax.Where is not null) state.Plan = Where(state.Plan, state.Scope, syntax.Where, "WHERE");
        if (syntax.GroupBy is not null) NameTimeWindows(state, syntax.GroupBy);
        return state;
    }

    /// <summary><c>window.start</c> beside <c>GROUP BY window(…)</c>: the window may be named before it is made.</summary>
    private void NameTimeWindows(SelectState state, GroupBySyntax groupBy)
    {
        foreach (var call in groupBy.Items.SelectMany(i => i.Sets).SelectMany(s => s).OfType<CallSyntax>().Where(c => IsTimeWindow(c.Name.ToString())))
        {
            var name = call.Name.ToString().ToLowerInvariant();
            if (state.Scope.Find([], name).Count > 0 || GroupKey(state, call) is not ColumnRef window) continue;
            state.Scope = new Scope(state.Scope.Columns.Add(new ScopeColumn(window.Column, name, []) { Visibility = Visibility.Hidden }), state.Scope.Unknown);
        }
    }

    private ExpressionBinder AfterGrouping(SelectState state, string clause, WindowCollector? windows = null) => new(this, state.Scope, clause)
    {
        Aggregates = state.Aggregates,
        Windows = windows,
        TimeWindows = state.TimeWindows,
        Aliases = name => state.ByAlias(name.Text),
    };

    private ExpressionBinder ForItems(SelectState state) => AfterGrouping(state, "the SELECT list", state.Windows);

    private void BindItem(SelectState state, SelectItemSyntax syntax)
    {
        switch (syntax.Expression)
        {
            case StarSyntax star:
                Expand(state, star);
                return;
            case CallSyntax { Over: null } call when FunctionTable.Find(call.Name.ToString()) is { Kind: FunctionKind.Generator } generator:
                BindGenerator(state, call, generator, syntax);
                return;
        }

        if (syntax.Aliases.Length > 1)
        {
            Error(BindingErrors.ColumnCount(syntax.Span, "Names for one value", 1, syntax.Aliases.Length));
            return;
        }

        if (syntax.Expression is NameExpressionSyntax { Name: { Dynamic: not null } dynamic } && Settled(dynamic) is var settled)
        {
            if (settled is null) state.IsUnknown = true;
            else BindItem(state, syntax with { Expression = new NameExpressionSyntax(settled, settled.Span) });
            return;
        }

        var expressions = ForItems(state);
        expressions.PreferredName = syntax.Alias?.Text;
        var value = expressions.Bind(syntax.Expression);
        var metadata = value is ColumnRef column ? state.Scope.Columns.FirstOrDefault(c => c.Column.Id == column.Column.Id)?.Metadata : null;
        state.Items.Add(new SelectItem(value, syntax.Alias?.Text ?? NameOf(syntax.Expression), syntax.Alias is not null, syntax.Span)
        {
            Metadata = metadata ?? ImmutableDictionary<string, string>.Empty,
        });
    }

    /// <summary>The name that an item without alias gets: the column's or field's, else its own text.</summary>
    private string NameOf(ExpressionSyntax syntax) => syntax switch
    {
        NameExpressionSyntax name => name.Name.Last.Text,
        FieldSyntax field => field.Field.Text,
        AliasedSyntax aliased => aliased.Alias.Text,
        CallSyntax call when IsTimeWindow(call.Name.ToString()) => call.Name.ToString().ToLowerInvariant(),
        JsonPathSyntax { Steps: [.., { Field: { } last }] } => last,
        CastSyntax { Value: NameExpressionSyntax or FieldSyntax or JsonPathSyntax } cast => NameOf(cast.Value),
        _ => string.Join(' ', File.Source.Slice(syntax.Span).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
    };

    private static bool IsTimeWindow(string function) => FunctionTable.Find(function) is { Lowering: Lowering.TimeWindow } found && found.Name != "window_time";

    private void Expand(SelectState state, StarSyntax star)
    {
        var columns = StarColumns(state.Scope, star) ?? OuterColumns(star);
        if (columns is null)
        {
            if (star.Qualifier is not null) ExpandStruct(state, star);
            return;
        }

        state.IsUnknown |= star.Qualifier is null ? state.Scope.HasUnknown : state.Scope.MayHold([.. star.Qualifier.Parts.Select(p => p.Text)]);
        var except = Excepted(columns, star, state.IsUnknown);
        foreach (var column in columns.Where(c => !except.Contains(c.Column.Id)))
        {
            Expr value = column.IsBroken ? new ErrorExpr(star.Span) : new ColumnRef(column.Column, star.Span);
            state.Items.Add(new SelectItem(value, column.Name, false, star.Span) { Metadata = column.Metadata, Qualifier = column.Qualifier });
        }
    }

    /// <summary>The columns that a star means; null if its qualifier is no table.</summary>
    private static List<ScopeColumn>? StarColumns(Scope scope, StarSyntax star)
    {
        if (star.Qualifier is null) return [.. scope.Columns.Where(c => c.Visibility == Visibility.Plain)];
        string[] parts = [.. star.Qualifier.Parts.Select(p => p.Text)];
        var found = scope.Columns.Where(c => c.Visibility != Visibility.Hidden && !c.Qualifier.IsEmpty && c.IsFrom(parts)).ToList();
        return found.Count > 0 || scope.MayHold(parts) ? found : null;
    }

    /// <summary>The columns of a table of the query around this one; null if the star names none.</summary>
    private List<ScopeColumn>? OuterColumns(StarSyntax star) => Outer is null || StarColumns(Outer.Scope, star) is not { } found
        ? null
        : found.ConvertAll(c => c.IsBroken ? c : c with { Column = Parameter(new ColumnRef(c.Column, star.Span)) });

    private HashSet<int> Excepted(List<ScopeColumn> columns, StarSyntax star, bool isUnknown)
    {
        var except = new HashSet<int>();
        foreach (var name in star.Except)
        {
            string[] qualifier = [.. name.Parts[..^1].Select(p => p.Text)];
            var matches = columns.Where(c => string.Equals(c.Name, name.Last.Text, StringComparison.OrdinalIgnoreCase) && c.IsFrom(qualifier)).ToList();
            if (matches.Count > 0)
                except.UnionWith(matches.Select(m => m.Column.Id));
            else if (qualifier.Length > 0 && columns.Exists(c => string.Equals(c.Name, qualifier[0], StringComparison.OrdinalIgnoreCase)))
                NotSupported(name.Span, "A field in EXCEPT", "Write the struct anew with named_struct.");
            else if (!isUnknown)
                Error(BindingErrors.UnknownColumn(name.Span, name.ToString(), columns.Select(c => c.Name)));
        }

        return except;
    }

    /// <summary><c>s.*</c> of a struct column.</summary>
    private void ExpandStruct(SelectState state, StarSyntax star)
    {
        var head = star.Qualifier!;
        if (state.Scope.Find([], head.Parts[0].Text).Count == 0 && (head.Parts.Length == 1 || state.Scope.Find([head.Parts[0].Text], head.Parts[1].Text).Count == 0))
        {
            if (!state.Scope.HasUnknown) Error(BindingErrors.UnknownQualifier(head.Span, head.ToString(), state.Scope.Qualifiers));
            state.IsUnknown = true;
            return;
        }

        var value = ForItems(state).Bind(new NameExpressionSyntax(head, head.Span));
        if (value is ErrorExpr)
        {
            state.IsUnknown = true;
            return;
        }

        if (value.Type is not Arrow.StructType row)
        {
            Error(BindingErrors.CannotAccess(star.Span, ".*", value.Type));
            state.IsUnknown = true;
            return;
        }

        for (var i = 0; i < row.Fields.Length; i++)
        {
            var field = row.Fields[i];
            if (star.Except.Any(e => e.Parts.Length == 1 && string.Equals(e.Last.Text, field.Name, StringComparison.OrdinalIgnoreCase))) continue;
            state.Items.Add(new SelectItem(new GetField(value, i, field.Type, value.Nullable || field.Nullable, star.Span), field.Name, false, star.Span));
        }

        foreach (var name in star.Except.Where(e => row.IndexOf(e.Last.Text) < 0))
            Error(BindingErrors.UnknownField(name.Span, name.Last.Text, row, row.Fields.Select(f => f.Name)));
    }

    /// <summary>The keys of ORDER BY: aliases of the list first, then columns of FROM; null if there are none.</summary>
    private ImmutableArray<SortKey>? OrderKeys(SelectState state, OrderSyntax? order)
    {
        if (order is null || SortItems(order, state.Items.Count, HasColumnAll(state.Scope) || state.Items.Any(i => string.Equals(i.Name, All, StringComparison.OrdinalIgnoreCase))) is not { } items) return null;
        var expressions = AfterGrouping(state, "ORDER BY", state.Windows);
        return SortKeys(items, item =>
        {
            if (Ordinal(item, state.Items.Count, "ORDER BY") is { } i) return state.Items[i].Value;
            if (item is NameExpressionSyntax { Name: { Parts: [var name], Dynamic: null } })
            {
                var same = state.Items.Where(s => string.Equals(s.Name, name.Text, StringComparison.OrdinalIgnoreCase)).ToList();
                if (same.Count > 0 && same.TrueForAll(s => ExprKey.Of(s.Value) == ExprKey.Of(same[0].Value))) return same[0].Value;
            }

            return expressions.Bind(item);
        });
    }
}
