using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Optimizer.Unnesting;

/// <summary>Computes a subquery for all the outer rows at once: once for each distinct combination of the outer values that it reads, its domain.</summary>
/// <remarks>
/// <code>
/// Aggregate max(s.v)               Aggregate max(s.v) by d
///   Filter s.k &lt; t.k          →     Filter s.k &lt; d
///     Scan s                           Join Cross
///                                        Distinct t.k AS d
///                                        Scan s
/// </code>
/// The domain is pushed down to where nothing reads the outer row any more, and met there with a cross join; the conditions above make
/// a better join of that. On the way up every operator keeps the domain's columns: grouping, windows, limits and DISTINCT work within them.
/// </remarks>
/// <param name="left">The rows around; read a second time for the domain.</param>
/// <param name="outer">Its columns that the subquery reads.</param>
internal sealed class DomainJoin(LogicalPlan left, ImmutableArray<PlanColumn> outer, ColumnIds ids, SourceSpan origin)
{
    private readonly ImmutableArray<PlanColumn> outer = outer;
    private readonly SourceSpan origin = origin;
    private readonly HashSet<int> outerIds = [.. outer.Select(c => c.Id)];

    /// <summary>The subquery for every combination, and the condition that joins it to the rows around; null, if one of its operators does not allow it.</summary>
    public (LogicalPlan Plan, Expr Condition)? Of(LogicalPlan plan)
    {
        if (!MayReadTwice(left) || outer.Any(c => c.Type is MapType)) return null;
        if (Push(plan) is not { } pushed) return null;
        return (pushed.Plan, Conjuncts.All(outer.Select(c => Same(new ColumnRef(c, origin), pushed.Of(c))))!);
    }

    private static bool MayReadTwice(LogicalPlan plan) => plan.All().All(n =>
        n is not Scan { Source.Streaming: true } && n.Expressions().All(e => e.IsDeterministic));

    private NullSafeEqual Same(Expr a, Expr b) => new(a, b, origin);

    private bool IsOuter(PlanColumn column) => outerIds.Contains(column.Id);

    private bool Reads(LogicalPlan plan) => Outer.Reads(plan, IsOuter);

    private bool Reads(Expr? expr) => expr is not null && expr.ColumnsRead().Any(IsOuter);

    private Pushed Domain()
    {
        var copy = new PlanCopy(ids);
        var rows = copy.Of(left);
        var items = outer.Select(c => new NamedExpr(new ColumnRef(copy.Of(c), origin), ids.New(c.Name, c.Type, c.Nullable))).ToImmutableArray();
        return new Pushed(new Distinct(new Project(rows, items, origin), origin), [.. items.Select(i => i.Column)], this);
    }

    private Pushed? Push(LogicalPlan plan)
    {
        if (!Reads(plan))
        {
            var domain = Domain();
            return plan is Values { Output.IsEmpty: true, Rows.Length: 1 } ? domain : domain with { Plan = new Join(JoinKind.Cross, domain.Plan, plan, null, origin) };
        }

        switch (plan)
        {
            case Filter or Generate or Distinct:
                return Over(plan, (node, below) => node);
            case Sort sort:
                return Over(sort, (node, below) => node);
            case Project:
                return Over(plan, (node, below) => (Project)node with { Items = ((Project)node).Items.AddRange(below.Items()) });
            case Window:
                return Over(plan, (node, below) => (Window)node with { PartitionBy = ((Window)node).PartitionBy.AddRange(below.Refs()) });
            case Aggregate { Keys.IsEmpty: false }:
                return Over(plan, (node, below) => (Aggregate)node with { Keys = ((Aggregate)node).Keys.AddRange(below.Items()) });
            case Aggregate aggregate:
                return PushAggregate(aggregate);
            case Limit limit:
                return PushLimit(limit);
            case Union union:
                return PushUnion(union);
            case Values values:
                return PushValues(values);
            case Join join:
                return PushJoin(join);
            default:
                return null;
        }
    }

    private Pushed? Over(LogicalPlan node, Func<LogicalPlan, Pushed, LogicalPlan> keep)
    {
        if (Push(node.Inputs[0]) is not { } below) return null;
        var over = node.WithInputs([below.Plan]).MapExpressions(below.Bind);
        return below with { Plan = keep(over, below) };
    }

    /// <summary>One group of all rows exists also where there are none: the domain itself says for which.</summary>
    private Pushed? PushAggregate(Aggregate aggregate)
    {
        if (Push(aggregate.Input) is not { } below) return null;
        var calls = aggregate.Aggregates.Select(a => new NamedAggregate(a.Call.Map(below.Bind), ids.Like(a.Column))).ToImmutableArray();
        var grouped = new Aggregate(below.Plan, below.Items(), calls, aggregate.Origin);
        var found = ids.New("found", DataType.Boolean, true);
        var marked = new Project(
            grouped,
            [.. grouped.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), new NamedExpr(new Literal(true, DataType.Boolean, origin), found)],
            origin);
        var domain = Domain();
        var joined = new Join(JoinKind.Left, domain.Plan, marked, Equal(domain, below), origin);
        var values = aggregate.Aggregates.Select((a, i) =>
        {
            Expr value = new ColumnRef(calls[i].Column with { Nullable = true }, origin);
            if (!a.Call.Nullable) value = new Case([new CaseBranch(new IsNull(new ColumnRef(found, origin), origin), NoRows.Value(a, ids))], value, origin);
            return new NamedExpr(value, a.Column);
        });
        return domain with { Plan = new Project(joined, [.. values, .. domain.Items()], origin) };
    }

    private Pushed? PushLimit(Limit limit)
    {
        var sort = limit.Input as Sort;
        if (Push(sort?.Input ?? limit.Input) is not { } below) return null;
        var call = FunctionResolution.Require("row_number");
        var number = ids.New("position", call.Result, false);
        var window = new Window(
            below.Plan, below.Refs(), sort?.Keys.MapAll(below.Bind) ?? [],
            [new NamedWindowCall(new WindowCall(call.Function, call.Overload, [], WindowFrame.Whole, false, call.Result, false, limit.Origin), number)], limit.Origin);
        var tests = new List<Expr>();
        var position = new Cast(new ColumnRef(number, limit.Origin), DataType.Int64, Try: false, Safe: true, limit.Origin);
        if (limit.Offset > 0) tests.Add(Compare(">", position, limit.Offset));
        if (limit.Count is { } count) tests.Add(Compare("<=", position, count > long.MaxValue - limit.Offset ? long.MaxValue : count + limit.Offset));
        var cut = Conjuncts.Above(window, tests);
        return below with { Plan = new Project(cut, [.. below.Plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, limit.Origin), c))], limit.Origin) };
    }

    private Call Compare(string sign, Expr value, long with)
    {
        var call = FunctionResolution.Require(sign, DataType.Int64, DataType.Int64);
        return new Call(call.Function, call.Overload, [value, new Literal(with, DataType.Int64, origin)], DataType.Boolean, value.Nullable, origin);
    }

    private Pushed? PushUnion(Union union)
    {
        var members = ImmutableArray.CreateBuilder<LogicalPlan>();
        foreach (var member in union.Members)
        {
            var columns = member.Columns;
            if (Push(member) is not { } below) return null;
            members.Add(new Project(below.Plan, [.. columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), .. below.Items()], origin));
        }

        var domain = outer.Select(ids.Like).ToImmutableArray();
        return new Pushed(union with { Members = members.ToImmutable(), Output = union.Output.AddRange(domain) }, domain, this);
    }

    /// <summary>Each row that is written out, over the domain.</summary>
    private Pushed PushValues(Values values)
    {
        var rows = values.Rows.Select(row =>
        {
            var domain = Domain();
            var columns = values.Rows.Length == 1 ? values.Output : [.. values.Output.Select(ids.Like)];
            return domain with { Plan = new Project(domain.Plan, [.. row.Select((value, i) => new NamedExpr(domain.Bind(value), columns[i])), .. domain.Items()], origin) };
        }).ToList();
        if (rows is [var only]) return only;
        var output = outer.Select(ids.Like).ToImmutableArray();
        return new Pushed(new Union([.. rows.Select(r => r.Plan)], values.Output.AddRange(output), values.Origin), output, this);
    }

    private Pushed? PushJoin(Join join)
    {
        var (readsLeft, readsRight) = (Reads(join.Left), Reads(join.Right));
        var keepsRight = join.Kind is JoinKind.Right or JoinKind.Full;
        var keepsLeft = join.Kind is not (JoinKind.Inner or JoinKind.Cross or JoinKind.Right);

        // A side whose rows survive alone must know the domain; so must the side that reads it. A condition finds it on either.
        var left = readsLeft || keepsLeft || !(readsRight || keepsRight) ? Push(join.Left) : new Pushed(join.Left, [], this);
        var right = readsRight || keepsRight ? Push(join.Right) : new Pushed(join.Right, [], this);
        if (left is null || right is null) return null;
        var both = !left.Columns.IsEmpty && !right.Columns.IsEmpty;
        var known = join.Kind == JoinKind.Right || left.Columns.IsEmpty ? right : left;
        var condition = join.Condition is null ? null : known.Bind(join.Condition);
        var kind = join.Kind;
        if (kind == JoinKind.NullAwareAnti && (both || Reads(join.Condition)))
        {
            kind = JoinKind.LeftAnti;
            condition = PlanUnnester.TrueOrUnknown(condition!);
        }

        if (both) condition = condition is null ? Equal(left, right) : Expr.And(Equal(left, right), condition);
        if (kind == JoinKind.Cross && condition is not null) kind = JoinKind.Inner;
        var joined = join with { Kind = kind, Left = left.Plan, Right = right.Plan, Condition = condition };
        if (kind != JoinKind.Full) return known with { Plan = joined };

        // Of a full join either side may be missing: the domain's value is on the other.
        var domain = outer.Select(ids.Like).ToImmutableArray();
        var merged = outer.Select((c, i) => new NamedExpr(new Coalesce([Nullable(left.Columns[i]), Nullable(right.Columns[i])], origin), domain[i] with { Nullable = true }));
        return new Pushed(new Project(joined, [.. joined.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), .. merged], origin), domain, this);
    }

    private ColumnRef Nullable(PlanColumn column) => new(column with { Nullable = true }, origin);

    private Expr Equal(Pushed a, Pushed b) => Conjuncts.All(outer.Select(c => Same(a.Of(c), b.Of(c))))!;

    /// <summary>A plan for every combination of the domain.</summary>
    /// <param name="Columns">The domain's columns in it, one for each of the outer ones; empty if it was not pushed here.</param>
    private sealed record Pushed(LogicalPlan Plan, ImmutableArray<PlanColumn> Columns, DomainJoin Join)
    {
        public ColumnRef Of(PlanColumn column) => new(Columns[Join.outer.IndexOf(column)], Join.origin);

        /// <summary>An expression of the subquery over this plan.</summary>
        public Expr Bind(Expr expr) => expr.Rewrite(part => part is ColumnRef c && Join.IsOuter(c.Column) ? Of(c.Column) with { Origin = c.Origin } : null);

        public ImmutableArray<Expr> Refs() => [.. Columns.Select(c => new ColumnRef(c, Join.origin))];

        public ImmutableArray<NamedExpr> Items() => [.. Columns.Select(c => new NamedExpr(new ColumnRef(c, Join.origin), c))];
    }
}
