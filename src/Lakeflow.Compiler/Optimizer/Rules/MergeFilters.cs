using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>Two filters in a row become one.</summary>
/// <remarks>
/// <code>
/// Filter a              Filter (b AND a)
///   Filter b      →       X
///     X
/// </code>
/// b keeps its place in front: it ran first, and a may fail on rows that b rejects.
/// </remarks>
public sealed class MergeFilters : IRule
{
    public LogicalPlan? Apply(LogicalPlan node) => node switch
    {
        Filter { Input: Filter inner } outer => inner with { Predicate = Expr.And(inner.Predicate, outer.Predicate) },
        _ => null,
    };
}
