using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Plans;

/// <summary>An aggregate function over the rows of a group.</summary>
/// <param name="Arguments">Empty for <c>count(*)</c>.</param>
/// <param name="Distinct">Each distinct tuple of arguments once.</param>
/// <param name="Filter">Only rows for which this is TRUE, or null.</param>
public sealed record AggregateCall(
    SqlFunction Function, Overload Overload, ImmutableArray<Expr> Arguments, bool Distinct, Expr? Filter,
    DataType Type, bool Nullable, SourceSpan Origin)
{
    public AggregateCall Map(Func<Expr, Expr> map)
    {
        var arguments = Arguments.MapAll(map);
        var filter = Filter is null ? null : map(Filter);
        return arguments == Arguments && ReferenceEquals(filter, Filter) ? this : this with { Arguments = arguments, Filter = filter };
    }

    public override string ToString() =>
        $"{Function.Name}({(Distinct ? "DISTINCT " : "")}{(Arguments.IsEmpty ? "*" : string.Join(", ", Arguments))})"
        + (Filter is null ? "" : $" FILTER (WHERE {Filter})");
}

/// <summary>An aggregate and the column that it becomes.</summary>
public sealed record NamedAggregate(AggregateCall Call, PlanColumn Column)
{
    public NamedAggregate Map(Func<Expr, Expr> map) => Call.Map(map) is var call && ReferenceEquals(call, Call) ? this : this with { Call = call };

    public override string ToString() => $"{Call} AS {Column}";
}

public enum FrameUnit
{
    Rows,
    Range,
}

/// <summary>The rows around the current one that a window aggregate sees.</summary>
/// <param name="Start">Rows from the current row: negative before it, 0 the row (RANGE: its peers), null unbounded. With <paramref name="Range"/> only its sign counts.</param>
/// <param name="End">The same, for the end, inclusive.</param>
/// <param name="Range">For RANGE with a distance: the keys between which the frame's rows are; else null.</param>
public sealed record WindowFrame(FrameUnit Unit, long? Start, long? End, RangeBounds? Range = null)
{
    /// <summary>The default with ORDER BY: from the first row to the current one's last peer.</summary>
    public static readonly WindowFrame ToCurrentPeer = new(FrameUnit.Range, null, 0);

    /// <summary>The default without ORDER BY: the whole partition.</summary>
    public static readonly WindowFrame Whole = new(FrameUnit.Rows, null, null);

    public WindowFrame Map(Func<Expr, Expr> map) => Range?.Map(map) is { } range && !ReferenceEquals(range, Range) ? this with { Range = range } : this;

    public override string ToString() => Range is null
        ? $"{Unit.ToString().ToUpperInvariant()} {Bound(Start, "PRECEDING")} TO {Bound(End, "FOLLOWING")}"
        : $"RANGE {Range.From?.ToString() ?? "UNBOUNDED PRECEDING"} TO {Range.To?.ToString() ?? "UNBOUNDED FOLLOWING"}";

    private static string Bound(long? at, string unbounded) => at is null ? $"UNBOUNDED {unbounded}" : at == 0 ? "CURRENT ROW" : $"{at}";
}

/// <summary>A RANGE frame by distance, as keys computed for each row. All are of one type.</summary>
/// <param name="Key">The ORDER BY key.</param>
/// <param name="From">The key at which the frame begins, in the order's direction; null: unbounded.</param>
/// <param name="To">The key at which it ends, inclusive; null: unbounded.</param>
public sealed record RangeBounds(Expr Key, Expr? From, Expr? To)
{
    public RangeBounds Map(Func<Expr, Expr> map)
    {
        var (key, from, to) = (map(Key), From is null ? null : map(From), To is null ? null : map(To));
        return ReferenceEquals(key, Key) && ReferenceEquals(from, From) && ReferenceEquals(to, To) ? this : new RangeBounds(key, from, to);
    }
}

/// <summary>A window function: a ranking or offset function, or an aggregate over a frame.</summary>
public sealed record WindowCall(
    SqlFunction Function, Overload Overload, ImmutableArray<Expr> Arguments, WindowFrame Frame, bool IgnoreNulls,
    DataType Type, bool Nullable, SourceSpan Origin)
{
    public WindowCall Map(Func<Expr, Expr> map)
    {
        var (arguments, frame) = (Arguments.MapAll(map), Frame.Map(map));
        return arguments == Arguments && ReferenceEquals(frame, Frame) ? this : this with { Arguments = arguments, Frame = frame };
    }

    public override string ToString() => $"{Function.Name}({string.Join(", ", Arguments)}) {Frame}";
}

/// <summary>A window function and the column that it becomes.</summary>
public sealed record NamedWindowCall(WindowCall Call, PlanColumn Column)
{
    public NamedWindowCall Map(Func<Expr, Expr> map) => Call.Map(map) is var call && ReferenceEquals(call, Call) ? this : this with { Call = call };

    public override string ToString() => $"{Call} AS {Column}";
}
