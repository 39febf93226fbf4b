using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Lays the parts of a bound SELECT out as plan nodes, from the inside out.</summary>
/// <remarks>
/// Items are bound over the rows of FROM. Once rows are grouped, an item may only use keys and aggregates: every occurrence of a
/// key expression becomes the key's column, and what is left over is reported.
/// </remarks>
internal sealed class SelectLayout(QueryBinder query, SelectState state)
{
    private readonly Dictionary<string, Expr> regrouped = new(StringComparer.Ordinal);
    private readonly HashSet<int> allowed = [];
    private bool isGrouped;

    public void Group(List<Expr> keys, List<Expr> absent, SourceSpan span)
    {
        var named = ImmutableArray.CreateBuilder<NamedExpr>();
        var used = new HashSet<int>();
        var sessions = keys.OfType<ColumnRef>().Where(k => query.Ids.Sessions.Contains(k.Column.Id)).ToList();
        if (sessions.Count > 1) query.Context.Error(BindingErrors.WrongArguments(sessions[1].Origin, "Rows are grouped by one session_window only.", "Group by the other one in a query around this one."));
        foreach (var key in keys)
        {
            if (sessions.Contains(key)) continue;
            var text = ExprKey.Of(key);
            var name = NameOf(key, text);
            var column = Output(key, name, used);
            named.Add(new NamedExpr(key, column));
            regrouped[text] = new ColumnRef(column, key.Origin);
        }

        foreach (var key in absent) regrouped[ExprKey.Of(key)] = new Literal(null, key.Type, key.Origin);
        if (sessions.Count > 0) GroupSessions(sessions[0], named.ToImmutable(), span);
        else state.Plan = new Aggregate(state.Plan, named.ToImmutable(), [.. state.Aggregates.Found], span);
        isGrouped = true;
        allowed.UnionWith(named.Select(k => k.Column.Id));
        allowed.UnionWith(state.Aggregates.Found.Select(a => a.Column.Id));
        foreach (var group in state.Windows.Groups) allowed.UnionWith(group.Calls.Select(c => c.Call.Column.Id));
        if (state.Generator is not null) allowed.UnionWith(state.Generator.Generated.Select(c => c.Id));
    }

    /// <summary>Groups by sessions and other keys: sessions are numbered within those, and have their start and end as aggregates.</summary>
    private void GroupSessions(ColumnRef session, ImmutableArray<NamedExpr> keys, SourceSpan span)
    {
        var ids = query.Ids;
        var origin = session.Origin;
        var items = state.Plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)).ToList();
        var partition = ImmutableArray.CreateBuilder<PlanColumn>();
        foreach (var key in keys) partition.Add(key.Value is ColumnRef c ? c.Column : Added(key.Value, key.Column.Name));
        var found = new SessionKey(session.Column, partition.ToImmutable(), Added(Field(0), "start"), Added(Field(1), "__end"));
        var (plan, number) = SessionPlan.Number(ids, new Project(state.Plan, [.. items], origin), found, origin);
        ids.SessionNumbers[number.Id] = found;

        var (start, end) = (SessionPlan.Aggregate(ids, "min", found.Start, origin), SessionPlan.Aggregate(ids, "max", found.End, origin));
        ImmutableArray<NamedExpr> groups = [.. keys.Zip(partition, (k, p) => k with { Value = new ColumnRef(p, k.Value.Origin) }), new NamedExpr(new ColumnRef(number, origin), number)];
        var grouped = new Aggregate(plan, groups, [.. state.Aggregates.Found, start, end], span);
        var text = ExprKey.Of(session);
        var value = new ExpressionBinder(query, state.Scope, "GROUP BY").Apply(
            "named_struct",
            [new Literal("start", DataType.String, origin), new ColumnRef(start.Column, origin), new Literal("end", DataType.String, origin), new ColumnRef(end.Column, origin)],
            origin);
        var whole = ids.NewColumn(NameOf(session, text), value.Type, nullable: false);
        var kept = keys.Select(k => k.Column).Concat(state.Aggregates.Found.Select(a => a.Column)).Select(c => new NamedExpr(new ColumnRef(c, origin), c));
        state.Plan = new Project(grouped, [.. kept, new NamedExpr(value, whole)], span);
        regrouped[text] = new ColumnRef(whole, origin);
        allowed.Add(whole.Id);

        Expr Field(int i) => new GetField(session, i, DataType.Timestamp, false, origin);

        PlanColumn Added(Expr value, string name)
        {
            var column = ids.NewColumn(name, value.Type, value.Nullable);
            items.Add(new NamedExpr(value, column));
            return column;
        }
    }

    private string NameOf(Expr key, string text) =>
        state.Items.Find(i => i.IsAlias && ExprKey.Of(i.Value) == text)?.Name ?? (key as ColumnRef)?.Column.Name ?? key.ToString();

    public void Filter(Expr condition, SourceSpan span)
    {
        var regrouped = Regroup(condition);
        if (regrouped is not ErrorExpr) state.Plan = new Filter(state.Plan, regrouped, span);
    }

    public void Generate()
    {
        if (state.Generator is { } generator) state.Plan = generator with { Input = state.Plan, Collection = Regroup(generator.Collection) };
    }

    public void Windows()
    {
        foreach (var group in state.Windows.Groups)
        {
            state.Plan = new Window(
                state.Plan,
                group.PartitionBy.MapAll(Regroup),
                group.OrderBy.MapAll(Regroup),
                [.. group.Calls.Select(c => c.Call.Map(Regroup))],
                group.Origin);
        }
    }

    /// <summary>The projection, with columns that only ORDER BY needs taken off again behind the sort.</summary>
    public BoundQuery Project(ImmutableArray<SortKey> order, bool distinct, QueryTail tail, SourceSpan span)
    {
        var items = ImmutableArray.CreateBuilder<NamedExpr>();
        var columns = ImmutableArray.CreateBuilder<ScopeColumn>();
        var outputs = new Dictionary<string, Expr>(StringComparer.Ordinal);
        var used = new HashSet<int>();
        var values = state.Items.ConvertAll(i => Regroup(i.Value));
        order = order.MapAll(Regroup);
        Share(values, ref order);
        foreach (var (item, value) in state.Items.Zip(values))
        {
            var column = Output(value, item.Name, used);
            items.Add(new NamedExpr(value, column));
            columns.Add(new ScopeColumn(column, item.Name, item.Qualifier) { IsBroken = value is ErrorExpr, Metadata = item.Metadata });
            outputs.TryAdd(ExprKey.Of(value), new ColumnRef(column, value.Origin));
        }

        var shown = items.Count;
        var keys = order.MapAll(key => SortKey(key, outputs, items, used, distinct));
        LogicalPlan plan = new Project(state.Plan, items.ToImmutable(), span);
        if (distinct) plan = new Distinct(plan, span);
        if (!keys.IsEmpty && keys.All(k => k.Value is not ErrorExpr)) plan = new Sort(plan, keys, tail.Order!.Span);
        if (items.Count > shown)
            plan = new Project(plan, [.. columns.Select(c => new NamedExpr(new ColumnRef(c.Column, span), c.Column))], span);
        return new BoundQuery(plan, columns.ToImmutable(), state.IsUnknown);
    }

    /// <summary>An alias means one value: what differs at each evaluation and is read again under its alias is computed once, below.</summary>
    private void Share(List<Expr> values, ref ImmutableArray<SortKey> order)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[i];
            if (!state.Items[i].IsAlias || value is ErrorExpr || value.IsDeterministic) continue;
            if (!values.Where((_, j) => j != i).Concat(order.Select(k => k.Value)).Any(v => v.All().Any(part => ReferenceEquals(part, value)))) continue;
            var column = query.Ids.NewColumn(state.Items[i].Name, value.Type, value.Nullable);
            var origin = value.Origin;
            state.Plan = new Project(state.Plan, [.. state.Plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), new NamedExpr(value, column)], origin);
            Expr Once(Expr expr) => expr.Rewrite(part => ReferenceEquals(part, value) ? new ColumnRef(column, part.Origin) : null);
            for (var j = 0; j < values.Count; j++) values[j] = Once(values[j]);
            order = order.MapAll(Once);
        }
    }

    private Expr SortKey(Expr key, Dictionary<string, Expr> outputs, ImmutableArray<NamedExpr>.Builder items, HashSet<int> used, bool distinct)
    {
        if (key is ErrorExpr) return key;
        var over = Substitute(key, outputs);
        var shown = items.Select(i => i.Column.Id).ToHashSet();
        if (over.ColumnsRead().All(c => shown.Contains(c.Id))) return over;
        if (distinct)
        {
            query.Context.Error(BindingErrors.WrongArguments(key.Origin, "After SELECT DISTINCT, ORDER BY may only use columns of the SELECT list."));
            return new ErrorExpr(key.Origin);
        }

        var column = Output(key, key is ColumnRef c ? c.Column.Name : "order", used);
        items.Add(new NamedExpr(key, column));
        return new ColumnRef(column, key.Origin);
    }

    /// <summary>A plain column keeps its identity under its own name; anything else gets a new one.</summary>
    private PlanColumn Output(Expr value, string name, HashSet<int> used)
    {
        if (value is ColumnRef { Column: var column } && column.Name == name && used.Add(column.Id)) return column;
        var added = query.Ids.NewColumn(name, value.Type, value.Nullable);
        if (value is ColumnRef renamed && query.Ids.Sessions.Contains(renamed.Column.Id)) query.Ids.Sessions.Add(added.Id);
        return added;
    }

    private Expr Regroup(Expr value)
    {
        if (!isGrouped || value is ErrorExpr) return value;
        var now = Substitute(value, regrouped);
        var stray = now.All().OfType<ColumnRef>().FirstOrDefault(c => !allowed.Contains(c.Column.Id) && !query.IsOuter(c.Column));
        if (stray is null) return now;
        if (state.HasBrokenKeys) return new ErrorExpr(value.Origin);
        query.Context.Error(BindingErrors.MissingAggregation(stray.Origin, stray.Column.Name));
        return new ErrorExpr(value.Origin);
    }

    /// <summary>Top-down: the largest part that stands in the map is replaced.</summary>
    private static Expr Substitute(Expr value, Dictionary<string, Expr> map)
    {
        if (map.TryGetValue(ExprKey.Of(value), out var other)) return other is ColumnRef column ? column with { Origin = value.Origin } : other;
        var children = value.Children;
        if (children.IsEmpty) return value;
        var mapped = children.MapAll(c => Substitute(c, map));
        return mapped == children ? value : value.WithChildren(mapped);
    }
}
