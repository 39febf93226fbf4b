using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>Filters run as early as they can.</summary>
/// <remarks>
/// <code>
/// Filter b &gt; 1 AND c = d            Join …
///   Join on …                 →         Filter b &gt; 1
///     A [b, c]                            A
///     B [d]                             B
/// </code>
/// Through projections, sorts, unions, grouping and partition keys, and into the sides of joins whose rows the join does not make up.
/// Never across an expectation or a limit. A condition that can fail moves only where it still meets the same rows, behind the same guards.
/// </remarks>
public sealed class PushFilterDown : IRule
{
    public LogicalPlan? Apply(LogicalPlan node) => node is not Filter filter ? null : filter.Input switch
    {
        Project project => ThroughProject(filter, project),
        Union union => ThroughUnion(filter, union),
        Sort sort => sort with { Input = filter with { Input = sort.Input } },
        Distinct distinct => Some(filter, distinct.Input, c => c.IsDeterministic, sameRows: true, input => distinct with { Input = input }),
        Aggregate { Keys.IsEmpty: false } aggregate => ThroughAggregate(filter, aggregate),
        Window window => ThroughWindow(filter, window),
        Generate generate => Some(
            filter, generate.Input, Reads(generate.Input.Columns), sameRows: generate.Outer, input => generate with { Input = input }),
        Join join => IntoJoin(filter, join),
        _ => null,
    };

    private static Project? ThroughProject(Filter filter, Project project)
    {
        var values = project.Items.ToDictionary(i => i.Column.Id, i => i.Value);
        if (!filter.Predicate.ColumnsRead().All(c => values[c.Id].IsDeterministic)) return null;
        if (filter.Predicate.ColumnsRead().Any(c => HasSubquery(values[c.Id]))) return null;
        return project with { Input = filter with { Input = project.Input, Predicate = Conjuncts.Replace(filter.Predicate, values) } };
    }

    private static Union ThroughUnion(Filter filter, Union union) => union with
    {
        Members = [.. union.Members.Select(member =>
        {
            var columns = member.Columns;
            var values = union.Output.Select((c, i) => (c.Id, Value: (Expr)new ColumnRef(columns[i], union.Origin))).ToDictionary(p => p.Id, p => p.Value);
            return filter with { Input = member, Predicate = Conjuncts.Replace(filter.Predicate, values) };
        })],
    };

    private static LogicalPlan? ThroughAggregate(Filter filter, Aggregate aggregate)
    {
        var values = aggregate.Keys.ToDictionary(k => k.Column.Id, k => k.Value);
        if (aggregate.Keys.Any(k => !k.Value.IsDeterministic)) return null;
        var keys = aggregate.Keys.Select(k => k.Column).ToImmutableArray();
        return Some(filter, aggregate.Input, Reads(keys), sameRows: true, input => aggregate with { Input = input }, c => Conjuncts.Replace(c, values));
    }

    private static LogicalPlan? ThroughWindow(Filter filter, Window window)
    {
        var keys = window.PartitionBy.OfType<ColumnRef>().Select(c => c.Column).ToImmutableArray();
        return keys.IsEmpty ? null : Some(filter, window.Input, Reads(keys), sameRows: true, input => window with { Input = input });
    }

    private static LogicalPlan? IntoJoin(Filter filter, Join join)
    {
        var left = join.Kind is JoinKind.Right or JoinKind.Full
            ? null
            : Some(filter, join.Left, Reads(join.Left.Columns), sameRows: false, input => join with { Left = input });
        if (left is not null) return left;
        return join.Kind is JoinKind.Inner or JoinKind.Cross or JoinKind.Right
            ? Some(filter, join.Right, Reads(join.Right.Columns), sameRows: false, input => join with { Right = input })
            : null;
    }

    /// <summary>A test for conditions that read some of these columns and no other.</summary>
    private static Func<Expr, bool> Reads(ImmutableArray<PlanColumn> columns)
    {
        var ids = columns.Select(c => c.Id).ToHashSet();
        return c => c.IsDeterministic && c.ColumnsRead().Any() && c.ColumnsRead().All(x => ids.Contains(x.Id));
    }

    /// <summary>Moves what may move and leaves the rest; null if nothing may.</summary>
    /// <param name="sameRows">True if below the node the same values are met as above it, so that a condition that can fail may follow its guards.</param>
    private static LogicalPlan? Some(
        Filter filter, LogicalPlan input, Func<Expr, bool> may, bool sameRows, Func<LogicalPlan, LogicalPlan> over, Func<Expr, Expr>? map = null)
    {
        var move = new List<Expr>();
        var stay = new List<Expr>();
        foreach (var conjunct in Conjuncts.Of(filter.Predicate))
        {
            var safe = !conjunct.CanFail || (sameRows && stay.Count == 0);
            (safe && may(conjunct) ? move : stay).Add(conjunct);
        }

        return move.Count == 0 ? null : Conjuncts.Above(over(Conjuncts.Above(input, [.. move.Select(c => map?.Invoke(c) ?? c)])), stay);
    }

    private static bool HasSubquery(Expr expr) => expr.All().Any(e => e is ScalarSubquery or SubqueryTest);
}
