using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Optimizer.Unnesting;

/// <summary>Unnests one plan, from the inside out: the subqueries of a subquery first.</summary>
internal sealed class PlanUnnester(DiagnosticBag bag, ColumnIds ids)
{
    /// <summary>TRUE if a subquery gave one row; fails (LF5011) if it gave more. Users cannot call it.</summary>
    private static readonly SqlFunction OneRow = new("one_row")
    {
        Overloads = [Fn(DataType.Int64).Returns(DataType.Boolean).PerRow(ErrorKernels.OneRow)],
        Summary = "Whether a subquery that stands for one value has a row.",
    };

    public LogicalPlan Unnest(LogicalPlan plan) => plan.Rewrite(node => Unnested(node.MapExpressions(e => e.Rewrite(WithInnerUnnested))));

    /// <summary>TRUE where a condition is TRUE or NULL: what keeps a row out of NOT IN.</summary>
    public static Expr TrueOrUnknown(Expr condition) =>
        condition.Nullable ? new Coalesce([condition, new Literal(true, DataType.Boolean, condition.Origin)], condition.Origin) : condition;

    private Expr? WithInnerUnnested(Expr part) => part switch
    {
        ScalarSubquery s => s with { Plan = Unnest(s.Plan) },
        SubqueryTest t => t with { Plan = Unnest(t.Plan) },
        _ => null,
    };

    private LogicalPlan Unnested(LogicalPlan node)
    {
        switch (node)
        {
            case Lateral lateral:
                var right = Independent(lateral.Left, Outer.Bound(lateral.Right, lateral.Outer), lateral.Origin);
                var on = Conjuncts.All(Conjuncts.Of(right.Condition).Concat(Conjuncts.Of(lateral.Condition)));
                var kind = lateral.Kind == JoinKind.Left ? JoinKind.Left : on is null ? JoinKind.Cross : JoinKind.Inner;
                return Restored(Joined(new Join(kind, lateral.Left, right.Plan, on, lateral.Origin)), lateral.Columns);
            case Filter filter:
                return Restored(Filtered(filter), filter.Columns);
            case Join join:
                return Joined(join);
            case Values values when values.Expressions().Any(HasJoin):
                return new Union([.. values.Rows.Select(row => OfRow(values, row))], values.Output, values.Origin);
            case { Inputs: [var input] } when node.Expressions().Any(HasJoin):
                var attached = new Attached(this, input);
                var mapped = node.MapExpressions(attached.Replace);
                return Restored(mapped.WithInputs([attached.Plan]), node.Columns);
            default:
                return node;
        }
    }

    /// <summary>A row of VALUES as a projection of the one row without columns.</summary>
    private LogicalPlan OfRow(Values values, ImmutableArray<Expr> row)
    {
        var one = new Values([[]], [], values.Origin);
        return Unnested(new Project(one, [.. row.Select((value, i) => new NamedExpr(value, ids.Like(values.Output[i])))], values.Origin));
    }

    /// <summary>Conjuncts in the order written: plain ones filter, those that are subqueries join.</summary>
    private LogicalPlan Filtered(Filter filter)
    {
        var all = Conjuncts.Of(filter.Predicate).ToList();
        if (!all.Exists(c => HasJoin(c) || TestOf(c).Test is not null)) return filter;
        var plan = filter.Input;
        var pending = new List<Expr>();
        foreach (var conjunct in all)
        {
            var (test, not) = TestOf(conjunct);
            if (test is null && !HasJoin(conjunct))
            {
                pending.Add(conjunct);
                continue;
            }

            // What stands before it in the text keeps its place in front.
            plan = Conjuncts.Above(plan, pending);
            pending.Clear();
            var attached = new Attached(this, plan);
            if (test is not null)
            {
                test = test with { Inputs = test.Inputs.MapAll(attached.Replace) };
                plan = Existence(attached.Plan, test, not);
                continue;
            }

            pending.Add(attached.Replace(conjunct));
            plan = attached.Plan;
        }

        return Conjuncts.Above(plan, pending);
    }

    private static (SubqueryTest? Test, bool Not) TestOf(Expr conjunct) =>
        conjunct is Not { Input: SubqueryTest inner } ? (inner, true) : (conjunct as SubqueryTest, false);

    /// <summary>EXISTS or IN that decides whether a row stays.</summary>
    private LogicalPlan Existence(LogicalPlan plan, SubqueryTest test, bool not)
    {
        var inner = Outer.Bound(test.Plan, test.Outer);
        if (test.IsExists)
        {
            var rows = Independent(plan, WithoutShape(inner), test.Origin);
            return new Join(not ? JoinKind.LeftAnti : JoinKind.LeftSemi, plan, rows.Plan, rows.Condition, test.Origin);
        }

        if (test.Inputs.Any(i => !i.IsDeterministic))
        {
            var held = test.Inputs.Select(i => new NamedExpr(i, ids.New("wanted", i.Type, i.Nullable))).ToImmutableArray();
            plan = new Project(plan, [.. plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, test.Origin), c)), .. held], test.Origin);
            test = test with { Inputs = [.. held.Select(h => new ColumnRef(h.Column, test.Origin))] };
        }

        var equal = Equal(test, inner);
        var among = Independent(plan, inner, test.Origin);
        if (not && among.Condition is null && test.Inputs is [{ Type.IsNested: false } only] && only.ColumnsRead().Any()) return new Join(JoinKind.NullAwareAnti, plan, among.Plan, equal, test.Origin);
        if (not) equal = TrueOrUnknown(equal);
        var on = among.Condition is null ? equal : Expr.And(equal, among.Condition);
        return new Join(not ? JoinKind.LeftAnti : JoinKind.LeftSemi, plan, among.Plan, on, test.Origin);
    }

    private static Expr Equal(SubqueryTest test, LogicalPlan inner) => Conjuncts.All(test.Inputs.Select((input, i) =>
    {
        var column = new ColumnRef(inner.Columns[i], test.Origin);
        var call = FunctionResolution.Require("=", input.Type, column.Type);
        return new Call(call.Function, call.Overload, [input, column], DataType.Boolean, input.Nullable || column.Nullable, test.Origin);
    }))!;

    /// <summary>A join whose condition has subqueries: of an inner join they filter, of another they belong to the side that they read.</summary>
    private LogicalPlan Joined(Join join)
    {
        if (join.Condition is null || !HasJoin(join.Condition)) return join;
        var (plain, odd) = (new List<Expr>(), new List<Expr>());
        foreach (var conjunct in Conjuncts.Of(join.Condition)) (HasJoin(conjunct) ? odd : plain).Add(conjunct);
        if (join.Kind is JoinKind.Inner or JoinKind.Cross)
        {
            var bare = join with { Kind = plain.Count == 0 ? JoinKind.Cross : JoinKind.Inner, Condition = Conjuncts.All(plain) };
            return Restored(Filtered((Filter)Conjuncts.Above(bare, odd)), join.Columns);
        }

        var (left, right) = (new Attached(this, join.Left), new Attached(this, join.Right));
        var rightIds = join.Right.Columns.Select(c => c.Id).ToHashSet();
        var leftIds = join.Left.Columns.Select(c => c.Id).ToHashSet();
        var condition = join.Condition.Rewrite(part =>
        {
            if (!NeedsJoin(part)) return null;
            var reads = part.ColumnsRead().Select(c => c.Id).ToList();
            if (reads.Exists(leftIds.Contains) && reads.Exists(rightIds.Contains)) return Refused(part.Origin, "A subquery that reads both sides of an outer join, in its condition");
            return (reads.Exists(rightIds.Contains) ? right : left).Replace(part);
        });
        return Restored(join with { Left = left.Plan, Right = right.Plan, Condition = condition }, join.Columns);
    }

    /// <summary>The subquery without anything that reads <paramref name="left"/>, and the condition that joins them.</summary>
    private (LogicalPlan Plan, Expr? Condition) Independent(LogicalPlan left, LogicalPlan inner, SourceSpan origin)
    {
        var outer = Outer.Of(inner, left.Columns);
        if (outer.IsEmpty) return (inner, null);
        var ids1 = outer.Select(c => c.Id).ToHashSet();
        if (PullUp.Of(inner, c => ids1.Contains(c.Id)) is { } pulled) return pulled;
        if (new DomainJoin(left, outer, ids, origin).Of(inner) is { } joined) return joined;
        Refused(origin, "This subquery, which reads columns of the query around it,");
        return (new Filter(inner, new Literal(false, DataType.Boolean, origin), origin), null);
    }

    private Literal Refused(SourceSpan origin, string what)
    {
        bag.Add(BindingErrors.NotSupported(origin, what, "Write it as a join."));
        return new Literal(null, DataType.Boolean, origin);
    }

    /// <summary>For EXISTS only the number of rows counts, and of that only whether it is 0.</summary>
    private static LogicalPlan WithoutShape(LogicalPlan plan) => plan switch
    {
        Sort or Distinct or Project or Window or Limit { Offset: 0, Count: null or > 0 } or Aggregate { Keys.IsEmpty: false } => WithoutShape(plan.Inputs[0]),
        _ => plan,
    };

    private static bool AtMostOne(LogicalPlan plan) => plan switch
    {
        Aggregate { Keys.IsEmpty: true } or Limit { Count: <= 1 } => true,
        Values values => values.Rows.Length <= 1,
        Project or Filter or Sort or Distinct or Window => AtMostOne(plan.Inputs[0]),
        Join { Kind: JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.LeftMark or JoinKind.NullAwareAnti } join => AtMostOne(join.Left),
        Join { Kind: JoinKind.Inner or JoinKind.Cross or JoinKind.Left } join => AtMostOne(join.Left) && AtMostOne(join.Right),
        _ => false,
    };

    /// <summary>The one value of a subquery, and how many there were.</summary>
    private Project Single(LogicalPlan inner, SourceSpan origin)
    {
        var value = new ColumnRef(inner.Columns[0], origin);
        var (first, count) = (FunctionResolution.Require("first", value.Type), FunctionResolution.Require("count"));
        var answer = ids.New(value.Column.Name, value.Type, true);
        var rows = ids.New("rows", DataType.Int64, false);
        var aggregate = new Aggregate(
            inner, [],
            [
                new NamedAggregate(new AggregateCall(first.Function, first.Overload, [value], false, null, value.Type, true, origin), answer),
                new NamedAggregate(new AggregateCall(count.Function, count.Overload, [], false, null, DataType.Int64, false, origin), rows),
            ],
            origin);
        var test = new Call(OneRow, OneRow.Overloads[0], [new ColumnRef(rows, origin)], DataType.Boolean, false, origin);
        var checkedValue = new Case([new CaseBranch(test, new ColumnRef(answer, origin))], new Literal(null, value.Type, origin), origin);
        return new Project(aggregate, [new NamedExpr(checkedValue, ids.New(value.Column.Name, value.Type, true))], origin);
    }

    /// <summary>The plan with just these columns.</summary>
    private static LogicalPlan Restored(LogicalPlan plan, ImmutableArray<PlanColumn> columns) =>
        plan.Columns.AsSpan().SequenceEqual(columns.AsSpan()) ? plan : new Project(plan, [.. columns.Select(c => new NamedExpr(new ColumnRef(c, plan.Origin), c))], plan.Origin);

    private static bool HasJoin(Expr expr) => expr.All().Any(NeedsJoin);

    /// <summary>True for what is not computed once, before the rows come.</summary>
    private static bool NeedsJoin(Expr part) => part switch
    {
        ScalarSubquery s => !s.Outer.IsEmpty,
        SubqueryTest t => !t.Outer.IsEmpty || t.Inputs.Length > 1 || t.Inputs is [{ Type.IsNested: true }],
        _ => false,
    };

    /// <summary>A plan that gains a column for each subquery of the expressions over it.</summary>
    private sealed class Attached(PlanUnnester unnester, LogicalPlan plan)
    {
        private readonly Dictionary<LogicalPlan, Expr> known = new(ReferenceEqualityComparer.Instance);

        public LogicalPlan Plan { get; private set; } = plan;

        public Expr Replace(Expr expr) => expr.Rewrite(part =>
        {
            if (!NeedsJoin(part)) return null;
            var subplan = part is ScalarSubquery s ? s.Plan : ((SubqueryTest)part).Plan;
            if (!known.TryGetValue(subplan, out var value)) known.Add(subplan, value = part is ScalarSubquery scalar ? Scalar(scalar) : Test((SubqueryTest)part));
            return value;
        });

        private Expr Scalar(ScalarSubquery subquery)
        {
            var inner = Outer.Bound(subquery.Plan, subquery.Outer);
            if (!AtMostOne(inner)) inner = unnester.Single(inner, subquery.Origin);
            var outer = Outer.Of(inner, Plan.Columns).Select(c => c.Id).ToHashSet();
            if (PullUp.OfAggregate(inner, c => outer.Contains(c.Id), unnester.IdsOf) is var (grouped, on, value))
            {
                Plan = new Join(JoinKind.Left, Plan, grouped, on, subquery.Origin);
                return value;
            }

            var answer = inner.Columns[0];
            var (right, condition) = unnester.Independent(Plan, inner, subquery.Origin);
            Plan = new Join(JoinKind.Left, Plan, right, condition, subquery.Origin);
            return new ColumnRef(answer with { Nullable = true }, subquery.Origin);
        }

        private Expr Test(SubqueryTest test)
        {
            var inner = Outer.Bound(test.Plan, test.Outer);
            var origin = test.Origin;
            if (test.IsExists)
            {
                var rows = unnester.Independent(Plan, WithoutShape(inner), origin);
                return Mark(rows.Plan, rows.Condition, origin);
            }

            var equal = Equal(test, inner);
            var among = unnester.Independent(Plan, inner, origin);
            var copy = new PlanCopy(unnester.IdsOf);
            var again = equal.Nullable ? copy.Of(among.Plan) : null;
            Expr On(Expr e) => among.Condition is null ? e : Expr.And(e, among.Condition);
            Expr found = Mark(among.Plan, On(equal), origin);
            if (again is null) return found;

            // Not found: NULL if a comparison was.
            var unknown = Mark(again, copy.Of(On(new IsNull(equal, origin))), origin);
            return new Case(
                [new CaseBranch(found, new Literal(true, DataType.Boolean, origin)), new CaseBranch(unknown, new Literal(null, DataType.Boolean, origin))],
                new Literal(false, DataType.Boolean, origin), origin);
        }

        private ColumnRef Mark(LogicalPlan right, Expr? condition, SourceSpan origin)
        {
            var mark = unnester.IdsOf.New("found", DataType.Boolean, false);
            Plan = new Join(JoinKind.LeftMark, Plan, right, condition, origin) { Mark = mark };
            return new ColumnRef(mark, origin);
        }
    }

    private ColumnIds IdsOf => ids;
}
