using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels.Aggregates;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Aggregates whose state grows with the rows: lists, sets, percentiles, value of the extreme row.</summary>
internal static class CollectingFunctions
{
    public static readonly SqlFunction CollectList = new("collect_list")
    {
        Aliases = ["array_agg"],
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Any).Returns(t => new ListType(t[0], containsNull: false)).Into<CollectListAggregate>().NeverNull()],
        NeedsOrder = true,
        Summary = "All values but NULLs, as ARRAY; empty without rows.",
    };

    public static readonly SqlFunction CollectSet = new("collect_set")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Any).Returns(t => new ListType(t[0], containsNull: false)).Into<CollectSetAggregate>().NeverNull()],
        NeedsOrder = true,
        Summary = "The distinct values but NULLs, as ARRAY, in the order in which they came.",
    };

    public static readonly SqlFunction MinBy = new("min_by")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Any, Orderable).ReturnsArgument(0).Into<MinByAggregate>()],
        SkipsNulls = false,
        Summary = "`min_by(value, key)`: the value of the row with the smallest key; rows with a NULL key do not count.",
    };

    public static readonly SqlFunction MaxBy = new("max_by")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Any, Orderable).ReturnsArgument(0).Into<MaxByAggregate>()],
        SkipsNulls = false,
        Summary = "`max_by(value, key)`: the value of the row with the largest key; rows with a NULL key do not count.",
    };

    public static readonly SqlFunction ApproxCountDistinct = new("approx_count_distinct")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Any).Returns(DataType.Int64).Into<ApproxCountDistinctAggregate>().NeverNull(), Fn(Any, Constant(Float64)).Returns(DataType.Int64).Into<ApproxCountDistinctAggregate>().NeverNull()],
        Summary = "Number of distinct values: exact to 4,096, estimated above.",
    };

    public static readonly SqlFunction Percentile = new("percentile")
    {
        Aliases = ["percentile_cont"],
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(AnyNumeric, Constant(AnyArray)).Returns(new ListType(DataType.Double, containsNull: false)).Into<PercentileAggregate>(),
            Fn(AnyNumeric, Constant(AnyNumeric)).Returns(DataType.Double).Into<PercentileAggregate>(),
        ],
        Summary = "The value at a fraction (or fractions) of the ordered values, interpolated, as DOUBLE.",
    };

    public static readonly SqlFunction PercentileDisc = new("percentile_disc")
    {
        Kind = FunctionKind.Aggregate,
        // The third argument, TRUE for descending order, comes from WITHIN GROUP.
        Overloads =
        [
            Fn(Float64, Constant(AnyNumeric)).Returns(DataType.Double).Into<PercentileDiscAggregate>(),
            Fn(Float64, Constant(AnyNumeric), Constant(Bool)).Returns(DataType.Double).Into<PercentileDiscAggregate>(),
        ],
        Summary = "The first value at or above a fraction of the ordered values, as DOUBLE.",
    };

    public static readonly SqlFunction PercentileApprox = new("percentile_approx")
    {
        Aliases = ["approx_percentile"],
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(AnyNumeric, Constant(AnyArray)).Returns(t => new ListType(t[0], containsNull: false)).Into<PercentileDiscAggregate>(),
            Fn(AnyNumeric, Constant(AnyArray), Constant(Int)).Returns(t => new ListType(t[0], containsNull: false)).Into<PercentileDiscAggregate>(),
            Fn(AnyNumeric, Constant(AnyNumeric)).ReturnsArgument(0).Into<PercentileDiscAggregate>(),
            Fn(AnyNumeric, Constant(AnyNumeric), Constant(Int)).ReturnsArgument(0).Into<PercentileDiscAggregate>(),
        ],
        Summary = "A value at a fraction of the ordered values; here exact, whatever the accuracy asked for.",
    };

    public static readonly SqlFunction Median = new("median")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(AnyNumeric).Returns(DataType.Double).Into<PercentileAggregate>()],
        Summary = "The middle value, or the mean of the two in the middle, as DOUBLE.",
    };

    public static readonly SqlFunction Mode = new("mode")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Any).ReturnsArgument(0).Into<ModeAggregate>()],
        Summary = "The most frequent value; of equally frequent ones the smallest.",
    };

    public static readonly SqlFunction ListAgg = new("listagg")
    {
        Aliases = ["string_agg"],
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Text).Returns(DataType.String).Into<ListAggregate>(), Fn(Text, Constant(Text)).Returns(DataType.String).Into<ListAggregate>()],
        NeedsOrder = true,
        Summary = "The texts one after another, with a separator between.",
    };

    public static readonly SqlFunction Grouping = new("grouping")
    {
        Kind = FunctionKind.Aggregate,
        Lowering = Lowering.Grouping,
        Overloads = [Fn(Any).Returns(DataType.Int8).NeverNull()],
        SkipsNulls = false,
        Summary = "1 where the column is rolled up in this grouping set, else 0.",
    };

    public static readonly SqlFunction GroupingId = new("grouping_id")
    {
        Kind = FunctionKind.Aggregate,
        Lowering = Lowering.Grouping,
        Overloads = [Fn().Returns(DataType.Int64).NeverNull(), Fn(Repeat(Any)).Returns(DataType.Int64).NeverNull()],
        SkipsNulls = false,
        Summary = "The bits of `grouping` of all grouping columns, the first the highest.",
    };
}
