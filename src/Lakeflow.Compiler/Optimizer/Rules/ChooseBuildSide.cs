using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>The hash table of an inner join is built from the smaller side, as far as that is known; otherwise from the right one.</summary>
/// <remarks>
/// <code>
/// Join Inner on a.k = b.k            the same, BuildLeft
///   Scan a, of some kilobytes  →
///   Scan b, of some megabytes
/// </code>
/// What the plan says counts (rows written out, limits, single groups), and the sizes of tables and files as they are now. Sizes are
/// compared by powers of four, so that a plan changes its mind seldom; what a stream brings is not known.
/// </remarks>
public sealed class ChooseBuildSide : IRule
{
    /// <summary>Powers of four of bytes.</summary>
    private const int Unknown = 32;

    /// <summary>A megabyte: no table of that size is too large to build from, whatever the other side is.</summary>
    private const int Small = 10;

    private const int BytesPerRow = 16;

    public LogicalPlan? Apply(LogicalPlan node)
    {
        if (node is not Join { Kind: JoinKind.Inner, BuildLeft: false } join) return null;
        var (left, right) = (SizeClass(join.Left), SizeClass(join.Right));
        return left < right && (right < Unknown || left <= Small) ? join with { BuildLeft = true } : null;
    }

    private static int SizeClass(LogicalPlan plan) => plan switch
    {
        Scan { Source.Streaming: false, Size: { } size } => size() is { } bytes ? Of(bytes) : Unknown,
        Values values => OfRows(values.Rows.Length),
        Plans.Range range => OfRows(Math.Abs((double)range.End - range.Start) / Math.Abs((double)range.Step)),
        Limit { Count: { } count } limit => Math.Min(OfRows(count), SizeClass(limit.Input)),
        Aggregate { Keys.IsEmpty: true } => OfRows(1),
        // A condition keeps some of the rows; which part, nobody knows: a quarter.
        Filter filter => SizeClass(filter.Input) is var all && all == Unknown ? all : Math.Max(0, all - 1),
        Project or Sort or Distinct or Window or Expect or Aggregate => SizeClass(plan.Inputs[0]),
        Join { Kind: JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.NullAwareAnti or JoinKind.LeftMark } semi => SizeClass(semi.Left),
        // Most joins look rows up: they give as many as the larger side has.
        Join { Kind: JoinKind.Inner or JoinKind.Left, Condition: not null } lookup => Math.Max(SizeClass(lookup.Left), SizeClass(lookup.Right)),
        _ => Unknown,
    };

    private static int OfRows(double rows) => Of(rows * BytesPerRow);

    private static int Of(double bytes) => bytes <= 1 ? 0 : Math.Min(Unknown - 1, (int)Math.Ceiling(Math.Log(bytes, 4)));
}
