using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>Conditions find the place where they belong: between the two sides of a join, or below one of them.</summary>
/// <remarks>
/// <code>
/// Filter a.k = b.k AND a.x > 1        Join Inner on a.k = b.k
///   Join Cross                   →      Filter a.x > 1
///     A                                   A
///     B                                 B
/// </code>
/// Conditions that can fail stay: before, they ran on fewer rows. For an outer join only the conditions of ON that concern
/// the side without preservation move down; for semi and anti joins those of the right side, and for a semi join those of the left too.
/// </remarks>
public sealed class SplitJoinCondition : IRule
{
    public LogicalPlan? Apply(LogicalPlan node) => node switch
    {
        Filter { Input: Join { Kind: JoinKind.Inner or JoinKind.Cross } join } filter => IntoJoin(filter, join),
        Join { Condition: { } condition } join => IntoSides(join, condition),
        _ => null,
    };

    /// <summary>Conjuncts over both sides become part of the join's condition; those of one side are PushFilterDown's.</summary>
    private static LogicalPlan? IntoJoin(Filter filter, Join join)
    {
        var left = join.Left.Columns.Select(c => c.Id).ToHashSet();
        var right = join.Right.Columns.Select(c => c.Id).ToHashSet();
        var move = new List<Expr>();
        var stay = new List<Expr>();
        foreach (var conjunct in Conjuncts.Of(filter.Predicate))
        {
            var reads = conjunct.ColumnsRead().Select(c => c.Id).ToList();
            var both = reads.Exists(left.Contains) && reads.Exists(right.Contains);
            (both && !conjunct.CanFail && conjunct.IsDeterministic ? move : stay).Add(conjunct);
        }

        if (move.Count == 0) return null;
        var joined = join with { Kind = JoinKind.Inner, Condition = Conjuncts.All(Conjuncts.Of(join.Condition).Concat(move)) };
        return Conjuncts.Above(joined, stay);
    }

    private static Join? IntoSides(Join join, Expr condition)
    {
        var left = join.Left.Columns.Select(c => c.Id).ToHashSet();
        var right = join.Right.Columns.Select(c => c.Id).ToHashSet();
        var toLeft = new List<Expr>();
        var toRight = new List<Expr>();
        var stay = new List<Expr>();
        foreach (var conjunct in Conjuncts.Of(condition))
        {
            var reads = conjunct.ColumnsRead().Select(c => c.Id).ToList();
            var free = reads.Count > 0 && !conjunct.CanFail && conjunct.IsDeterministic;
            if (free && join.Kind is (JoinKind.Inner or JoinKind.Right or JoinKind.LeftSemi) && reads.TrueForAll(left.Contains)) toLeft.Add(conjunct);
            else if (free && join.Kind is (JoinKind.Inner or JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.LeftMark) && reads.TrueForAll(right.Contains)) toRight.Add(conjunct);
            else stay.Add(conjunct);
        }

        if (toLeft.Count == 0 && toRight.Count == 0) return null;
        var rest = Conjuncts.All(stay);
        return join with
        {
            Kind = rest is null && join.Kind == JoinKind.Inner ? JoinKind.Cross : join.Kind,
            Left = Conjuncts.Above(join.Left, toLeft),
            Right = Conjuncts.Above(join.Right, toRight),
            Condition = rest,
        };
    }
}
