using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>A limit stops work early: below projections, in each member of a union, in the scan itself.</summary>
/// <remarks>
/// <code>
/// Limit 10                  Project a + 1
///   Project a + 1     →       Limit 10
///     Scan t                    Scan t limit 10
/// </code>
/// Over a union and a scan the limit also stays above: there it is only a hint to stop.
/// </remarks>
public sealed class PushLimitDown : IRule
{
    public LogicalPlan? Apply(LogicalPlan node)
    {
        if (node is not Limit limit) return null;
        switch (limit.Input)
        {
            case Project project:
                return project with { Input = limit with { Input = project.Input } };
            case Limit inner when inner.Offset == 0 && limit.Offset == 0:
                return inner with { Count = Least(inner.Count, limit.Count) };
        }

        if (limit.Count is not { } count || count > long.MaxValue - limit.Offset) return null;
        var rows = count + limit.Offset;
        switch (limit.Input)
        {
            case Union union when union.Members.Any(m => !HasLimit(m, rows)):
                return limit with { Input = union with { Members = [.. union.Members.Select(m => HasLimit(m, rows) ? m : new Limit(m, rows, 0, limit.Origin))] } };
            case Scan scan when scan.Limit is null || scan.Limit > rows:
                return limit with { Input = scan with { Limit = rows } };
            default:
                return null;
        }
    }

    /// <summary>True where a limit of that size is already somewhere in the member, above anything that changes the number of rows.</summary>
    private static bool HasLimit(LogicalPlan plan, long rows) => plan switch
    {
        Limit { Count: { } count, Offset: 0 } => count <= rows,
        Project project => HasLimit(project.Input, rows),
        Scan { Limit: { } count } => count <= rows,
        _ => false,
    };

    private static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
