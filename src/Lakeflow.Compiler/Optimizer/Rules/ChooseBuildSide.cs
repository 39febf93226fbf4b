using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>The hash table of an inner join is built from the side that is surely small; otherwise from the right one.</summary>
/// <remarks>
/// <code>
/// Join Inner on a.k = b.k            the same, BuildLeft
///   Aggregate of one row       →
///   Scan b
/// </code>
/// Only what the plan itself says counts (rows written out, limits, single groups): statistics come at run time, where the runtime looks again.
/// </remarks>
public sealed class ChooseBuildSide : IRule
{
    /// <summary>Powers of 16: 0 for one row, 1 up to 16, 2 up to 256, and so on; unknown is the highest.</summary>
    private const int Unknown = 16;

    public LogicalPlan? Apply(LogicalPlan node) =>
        node is Join { Kind: JoinKind.Inner, BuildLeft: false } join && SizeClass(join.Left) < SizeClass(join.Right) ? join with { BuildLeft = true } : null;

    private static int SizeClass(LogicalPlan plan) => plan switch
    {
        Values values => Of(values.Rows.Length),
        Plans.Range range => Of(Math.Abs((double)range.End - range.Start) / Math.Abs((double)range.Step)),
        Limit { Count: { } count } limit => Math.Min(Of(count), SizeClass(limit.Input)),
        Aggregate { Keys.IsEmpty: true } => 0,
        Project or Filter or Sort or Distinct or Window or Expect or Aggregate => SizeClass(plan.Inputs[0]),
        Join { Kind: JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.NullAwareAnti or JoinKind.LeftMark } semi => SizeClass(semi.Left),
        _ => Unknown,
    };

    private static int Of(double rows) => rows <= 1 ? 0 : (int)Math.Ceiling(Math.Log(rows, 16));
}
