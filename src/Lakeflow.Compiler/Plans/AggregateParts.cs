using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Runtime.Kernels.Aggregates;
using Lakeflow.Runtime.Streams;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Plans;

/// <summary>An aggregate in two stages: over each part of a group, then over what the parts gave.</summary>
/// <param name="Parts">The aggregates of a part's rows. Their results are plain values, so they can be kept in a table.</param>
/// <param name="Whole">The aggregate over the columns with those, one row a part; it gives what the aggregate over all rows would.</param>
internal sealed record AggregateParts(ImmutableArray<AggregateCall> Parts, Func<ImmutableArray<Expr>, AggregateCall> Whole)
{
    private static readonly DecimalType Exact = new(DecimalType.MaxPrecision, 0);

    // Users cannot call these.
    private static readonly SqlFunction CountOfParts = Internal("count_of_parts", Fn(BigInt).Returns(DataType.Int64).Into<CountOfPartsState>().NeverNull());
    private static readonly SqlFunction SumPart = Internal("sum_part", Fn(Any).Returns(Exact).Into<SumPartState>());
    private static readonly SqlFunction SumOfParts = Internal("sum_of_parts", Fn(Any).Returns(DataType.Int64).Into<SumOfPartsState>().Failing());
    private static readonly SqlFunction TrySumOfParts = Internal("try_sum_of_parts", Fn(Any).Returns(DataType.Int64).Into<TrySumOfPartsState>());
    private static readonly SqlFunction AvgInt64OfParts = Internal("avg_of_parts", Fn(Any, BigInt).Returns(DataType.Double).Into<AvgInt64OfPartsState>());
    private static readonly SqlFunction AvgDoubleOfParts = Internal("avg_of_parts", Fn(Float64, BigInt).Returns(DataType.Double).Into<AvgDoubleOfPartsState>());
    private static readonly SqlFunction AvgDecimalOfParts = Internal("avg_of_parts", Fn(Any, BigInt).Returns(DataType.Double).Into<AvgDecimalOfPartsState>().With(AverageSize).Failing());
    private static readonly SqlFunction DistinctPart = Internal("approx_count_distinct_part", Fn(Any).Returns(DataType.Binary).Into<ApproxCountDistinctPart>().NeverNull());
    private static readonly SqlFunction DistinctOfParts = Internal("approx_count_distinct_of_parts", Fn(Bytes).Returns(DataType.Int64).Into<ApproxCountDistinctOfParts>().NeverNull());

    /// <summary>Whether values are counted once or several times makes no difference to these, and they are their own second stage.</summary>
    private static readonly ImmutableArray<SqlFunction> OfThemselves =
    [
        AggregateFunctions.Min, AggregateFunctions.Max, AggregateFunctions.BoolAnd, AggregateFunctions.BoolOr, AggregateFunctions.BitAnd, AggregateFunctions.BitOr,
    ];

    /// <summary>True if there are two parts, a value and the key by which it was chosen.</summary>
    public bool IsRow { get; private init; }

    /// <summary>How two rows of parts become one.</summary>
    public static PartKind KindOf(AggregateCall part) => part.Function switch
    {
        var f when f == AggregateFunctions.Min || f == AggregateFunctions.BoolAnd => PartKind.Least,
        var f when f == AggregateFunctions.Max || f == AggregateFunctions.BoolOr => PartKind.Greatest,
        var f when f == AggregateFunctions.BitAnd => PartKind.BitAnd,
        var f when f == AggregateFunctions.BitOr => PartKind.BitOr,
        var f when f == AggregateFunctions.BitXor => PartKind.BitXor,
        var f when f == CollectingFunctions.MinBy => PartKind.ByLeast,
        var f when f == CollectingFunctions.MaxBy => PartKind.ByGreatest,
        var f when f == DistinctPart => PartKind.Sketch,
        _ => PartKind.Sum,
    };

    /// <summary>The stages of an aggregate; null if it must see its rows all at once: DISTINCT, lists, percentiles, moments, the first or last of rows.</summary>
    public static AggregateParts? Of(AggregateCall call)
    {
        var function = call.Function;
        if (OfThemselves.Contains(function)) return Same(call with { Distinct = false });
        if (call.Distinct) return null;
        if (function == AggregateFunctions.BitXor) return Same(call);
        if (function == AggregateFunctions.Count || function == AggregateFunctions.CountIf) return new([call], parts => OfParts(call, CountOfParts, parts));
        if (function == CollectingFunctions.ApproxCountDistinct) return new([Part(call, DistinctPart, call.Arguments[..1], DataType.Binary)], parts => OfParts(call, DistinctOfParts, parts));
        if (function == CollectingFunctions.MinBy) return OfExtremeRow(call, AggregateFunctions.Min);
        if (function == CollectingFunctions.MaxBy) return OfExtremeRow(call, AggregateFunctions.Max);
        if (function == AggregateFunctions.Sum) return OfSum(call, SumOfParts);
        if (function == AggregateFunctions.TrySum) return OfSum(call, TrySumOfParts);
        return function == AggregateFunctions.Avg || function == AggregateFunctions.TryAvg ? OfAverage(call) : null;
    }

    private static AggregateParts Same(AggregateCall call) => new([call], parts => call with { Arguments = parts, Filter = null });

    private static AggregateParts? OfSum(AggregateCall call, SqlFunction ofParts) => call.Arguments[0].Type switch
    {
        DoubleType => Same(call),
        // A part that does not fit would be NULL, and NULL is a part without values.
        DecimalType => call.Function == AggregateFunctions.Sum ? Same(call) : null,
        _ => new([Part(call, SumPart, call.Arguments, Exact)], parts => OfParts(call, ofParts, parts)),
    };

    private static AggregateParts OfAverage(AggregateCall call)
    {
        var type = call.Arguments[0].Type;
        var sums = AggregateFunctions.Sum.Overloads;
        var (sum, ofParts) = type switch
        {
            DecimalType number => (Part(call, AggregateFunctions.Sum, call.Arguments, DecimalRules.SumAggregate(number), sums[1]), AvgDecimalOfParts),
            DoubleType => (Part(call, AggregateFunctions.Sum, call.Arguments, DataType.Double, sums[2]), AvgDoubleOfParts),
            _ => (Part(call, SumPart, call.Arguments, Exact), AvgInt64OfParts),
        };
        return new([sum, Part(call, AggregateFunctions.Count, call.Arguments, DataType.Int64, AggregateFunctions.Count.Overloads[1])], parts => OfParts(call, ofParts, parts));
    }

    /// <summary>The value beside the least or greatest key: of each part both.</summary>
    private static AggregateParts OfExtremeRow(AggregateCall call, SqlFunction extreme)
    {
        var key = call.Arguments[1];
        return new(
            [call, Part(call, extreme, [key], key.Type, FunctionResolution.Require(extreme.Name, key.Type).Overload)],
            parts => call with { Arguments = parts, Filter = null })
        {
            IsRow = true,
        };
    }

    private static AggregateCall Part(AggregateCall call, SqlFunction function, ImmutableArray<Expr> arguments, DataType type, Overload? overload = null)
    {
        overload ??= function.Overloads[0];
        return new AggregateCall(function, overload, arguments, false, call.Filter, type, overload.Nulls != ResultNulls.Never, call.Origin);
    }

    private static AggregateCall OfParts(AggregateCall call, SqlFunction function, ImmutableArray<Expr> parts) =>
        new(function, function.Overloads[0], parts, false, null, call.Type, call.Nullable, call.Origin);

    private static int[] AverageSize(ImmutableArray<DataType> types, DataType result) =>
        [((DecimalType)result).Scale - ((DecimalType)types[0]).Scale, ((DecimalType)result).Precision, ((DecimalType)result).Scale];

    private static SqlFunction Internal(string name, Overload overload) => new(name)
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [overload],
        Summary = "Over parts of a group.",
    };
}
