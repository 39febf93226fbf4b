using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels.Aggregates;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Aggregates with a state of fixed size: counts, sums, averages, extremes, moments.</summary>
internal static class AggregateFunctions
{
    private static readonly TypePattern Integers = new OneOf("that type", t => t.IsInteger);
    private static readonly TypePattern DecimalsOnly = new OneOf("that type", t => t is DecimalType);

    public static readonly SqlFunction Count = new("count")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn().Returns(DataType.Int64).Into<CountState>().NeverNull(),
            Fn(Repeat(Any)).Returns(DataType.Int64).Into<CountState>().NeverNull(),
        ],
        Summary = "Rows (`count(*)`), or rows where no argument is NULL.",
    };

    public static readonly SqlFunction CountIf = new("count_if")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Bool).Returns(DataType.Int64).Into<CountIfState>().NeverNull(),
        ],
        Summary = "Rows where the condition is TRUE.",
    };

    public static readonly SqlFunction Sum = new("sum")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Integers).Returns(DataType.Int64).Into<SumInt64State>().Failing(),
            Fn(DecimalsOnly).Returns(t => DecimalRules.SumAggregate((DecimalType)t[0])).Into<SumDecimal64State, SumDecimalState>().With(Size).Failing(),
            Fn(Float64).Returns(DataType.Double).Into<SumDoubleState>(),
            Fn(Months).Returns(DataType.YearMonthInterval).Into<SumInt64State>().Failing(),
            Fn(Duration).Returns(DataType.DayTimeInterval).Into<SumInt64State>().Failing(),
        ],
        Summary = "Sum: BIGINT of integers, DECIMAL(p+10,s) of DECIMAL(p,s), else DOUBLE. NULL without rows.",
    };

    public static readonly SqlFunction TrySum = new("try_sum")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Integers).Returns(DataType.Int64).Into<TrySumInt64State>(),
            Fn(DecimalsOnly).Returns(t => DecimalRules.SumAggregate((DecimalType)t[0])).Into<TrySumDecimalState>().With(Size),
            Fn(Float64).Returns(DataType.Double).Into<SumDoubleState>(),
        ],
        Summary = "As sum, but NULL on overflow.",
    };

    public static readonly SqlFunction Avg = new("avg")
    {
        Kind = FunctionKind.Aggregate,
        Aliases = ["mean"],
        Overloads =
        [
            Fn(Integers).Returns(DataType.Double).Into<AvgInt64State>(),
            Fn(DecimalsOnly).Returns(t => DecimalRules.Average((DecimalType)t[0])).Into<AvgDecimalState>().With(AverageSize).Failing(),
            Fn(Float64).Returns(DataType.Double).Into<AvgDoubleState>(),
        ],
        Summary = "Mean: DECIMAL(p+4,s+4) of DECIMAL(p,s), else DOUBLE. NULL without rows.",
    };

    public static readonly SqlFunction TryAvg = new("try_avg")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Integers).Returns(DataType.Double).Into<AvgInt64State>(),
            Fn(DecimalsOnly).Returns(t => DecimalRules.Average((DecimalType)t[0])).Into<AvgDecimalState>().With(AverageSize).Failing(),
            Fn(Float64).Returns(DataType.Double).Into<AvgDoubleState>(),
        ],
        Summary = "Mean: DECIMAL(p+4,s+4) of DECIMAL(p,s), else DOUBLE. NULL without rows.",
    };

    public static readonly SqlFunction Min = new("min")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(One(t => t is BooleanType)).ReturnsArgument(0).Into<MinState<bool>>(),
            Fn(One(t => t is Int8Type)).ReturnsArgument(0).Into<MinState<sbyte>>(),
            Fn(One(t => t is Int16Type)).ReturnsArgument(0).Into<MinState<short>>(),
            Fn(One(t => t is Int32Type or DateType or YearMonthIntervalType)).ReturnsArgument(0).Into<MinState<int>>(),
            Fn(One(t => t is Int64Type or TimestampType or DayTimeIntervalType)).ReturnsArgument(0).Into<MinState<long>>(),
            Fn(One(t => t is DecimalType)).ReturnsArgument(0).Into<MinState<long>, MinState<Int128>>(),
            Fn(One(t => t is FloatType)).ReturnsArgument(0).Into<MinState<float>>(),
            Fn(One(t => t is DoubleType)).ReturnsArgument(0).Into<MinState<double>>(),
            Fn(Orderable).ReturnsArgument(0).Into<MinTextAggregate>(),
        ],
        Summary = "Smallest value; NaN is above every number. NULL without rows.",
    };

    public static readonly SqlFunction Max = new("max")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(One(t => t is BooleanType)).ReturnsArgument(0).Into<MaxState<bool>>(),
            Fn(One(t => t is Int8Type)).ReturnsArgument(0).Into<MaxState<sbyte>>(),
            Fn(One(t => t is Int16Type)).ReturnsArgument(0).Into<MaxState<short>>(),
            Fn(One(t => t is Int32Type or DateType or YearMonthIntervalType)).ReturnsArgument(0).Into<MaxState<int>>(),
            Fn(One(t => t is Int64Type or TimestampType or DayTimeIntervalType)).ReturnsArgument(0).Into<MaxState<long>>(),
            Fn(One(t => t is DecimalType)).ReturnsArgument(0).Into<MaxState<long>, MaxState<Int128>>(),
            Fn(One(t => t is FloatType)).ReturnsArgument(0).Into<MaxState<float>>(),
            Fn(One(t => t is DoubleType)).ReturnsArgument(0).Into<MaxState<double>>(),
            Fn(Orderable).ReturnsArgument(0).Into<MaxTextAggregate>(),
        ],
        Summary = "Largest value; NaN is above every number. NULL without rows.",
    };

    public static readonly SqlFunction First = new("first")
    {
        Kind = FunctionKind.Aggregate,
        Aliases = ["first_value", "any_value"],
        SkipsNulls = false,
        NeedsOrder = true,
        Overloads =
        [
            Fn(One(t => t is BooleanType)).ReturnsArgument(0).Into<FirstState<bool>>(),
            Fn(One(t => t is Int8Type)).ReturnsArgument(0).Into<FirstState<sbyte>>(),
            Fn(One(t => t is Int16Type)).ReturnsArgument(0).Into<FirstState<short>>(),
            Fn(One(t => t is Int32Type or DateType or YearMonthIntervalType)).ReturnsArgument(0).Into<FirstState<int>>(),
            Fn(One(t => t is Int64Type or TimestampType or DayTimeIntervalType)).ReturnsArgument(0).Into<FirstState<long>>(),
            Fn(One(t => t is DecimalType)).ReturnsArgument(0).Into<FirstState<long>, FirstState<Int128>>(),
            Fn(One(t => t is FloatType)).ReturnsArgument(0).Into<FirstState<float>>(),
            Fn(One(t => t is DoubleType)).ReturnsArgument(0).Into<FirstState<double>>(),
            Fn(Any).ReturnsArgument(0).Into<FirstAggregate>(),
            Fn(Any, Constant(Bool)).ReturnsArgument(0).Into<FirstAggregate>(),
        ],
        Summary = "Value of the first row; with a second argument TRUE, or IGNORE NULLS, the first that is not NULL.",
    };

    public static readonly SqlFunction Last = new("last")
    {
        Kind = FunctionKind.Aggregate,
        Aliases = ["last_value"],
        SkipsNulls = false,
        NeedsOrder = true,
        Overloads =
        [
            Fn(One(t => t is BooleanType)).ReturnsArgument(0).Into<LastState<bool>>(),
            Fn(One(t => t is Int8Type)).ReturnsArgument(0).Into<LastState<sbyte>>(),
            Fn(One(t => t is Int16Type)).ReturnsArgument(0).Into<LastState<short>>(),
            Fn(One(t => t is Int32Type or DateType or YearMonthIntervalType)).ReturnsArgument(0).Into<LastState<int>>(),
            Fn(One(t => t is Int64Type or TimestampType or DayTimeIntervalType)).ReturnsArgument(0).Into<LastState<long>>(),
            Fn(One(t => t is DecimalType)).ReturnsArgument(0).Into<LastState<long>, LastState<Int128>>(),
            Fn(One(t => t is FloatType)).ReturnsArgument(0).Into<LastState<float>>(),
            Fn(One(t => t is DoubleType)).ReturnsArgument(0).Into<LastState<double>>(),
            Fn(Any).ReturnsArgument(0).Into<LastAggregate>(),
            Fn(Any, Constant(Bool)).ReturnsArgument(0).Into<LastAggregate>(),
        ],
        Summary = "Value of the last row; with a second argument TRUE, or IGNORE NULLS, the last that is not NULL.",
    };

    public static readonly SqlFunction BoolAnd = new("bool_and")
    {
        Kind = FunctionKind.Aggregate,
        Aliases = ["every"],
        Overloads =
        [
            Fn(Bool).Returns(DataType.Boolean).Into<BoolAndState>(),
        ],
        Summary = "Whether every value is TRUE.",
    };

    public static readonly SqlFunction BoolOr = new("bool_or")
    {
        Kind = FunctionKind.Aggregate,
        Aliases = ["some", "any"],
        Overloads =
        [
            Fn(Bool).Returns(DataType.Boolean).Into<BoolOrState>(),
        ],
        Summary = "Whether some value is TRUE.",
    };

    public static readonly SqlFunction BitAnd = new("bit_and")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(AnyInteger).ReturnsArgument(0).Into<BitAndState>(),
        ],
        Summary = "Bitwise AND of all values.",
    };

    public static readonly SqlFunction BitOr = new("bit_or")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(AnyInteger).ReturnsArgument(0).Into<BitOrState>(),
        ],
        Summary = "Bitwise OR of all values.",
    };

    public static readonly SqlFunction BitXor = new("bit_xor")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(AnyInteger).ReturnsArgument(0).Into<BitXorState>(),
        ],
        Summary = "Bitwise XOR of all values.",
    };

    public static readonly SqlFunction VarSamp = new("var_samp")
    {
        Kind = FunctionKind.Aggregate,
        Aliases = ["variance"],
        Overloads =
        [
            Fn(Float64).Returns(DataType.Double).Into<VarianceSampleState>(),
        ],
        Summary = "Sample variance, as DOUBLE.",
    };

    public static readonly SqlFunction VarPop = new("var_pop")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Float64).Returns(DataType.Double).Into<VariancePopulationState>(),
        ],
        Summary = "Population variance, as DOUBLE.",
    };

    public static readonly SqlFunction StddevSamp = new("stddev_samp")
    {
        Kind = FunctionKind.Aggregate,
        Aliases = ["stddev", "std"],
        Overloads =
        [
            Fn(Float64).Returns(DataType.Double).Into<DeviationSampleState>(),
        ],
        Summary = "Sample standard deviation, as DOUBLE.",
    };

    public static readonly SqlFunction StddevPop = new("stddev_pop")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Float64).Returns(DataType.Double).Into<DeviationPopulationState>(),
        ],
        Summary = "Population standard deviation, as DOUBLE.",
    };

    public static readonly SqlFunction Skewness = new("skewness")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Float64).Returns(DataType.Double).Into<SkewnessState>(),
        ],
        Summary = "Skewness, as DOUBLE.",
    };

    public static readonly SqlFunction Kurtosis = new("kurtosis")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Float64).Returns(DataType.Double).Into<KurtosisState>(),
        ],
        Summary = "Excess kurtosis, as DOUBLE.",
    };

    public static readonly SqlFunction Corr = new("corr")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Float64, Float64).Returns(DataType.Double).Into<CorrelationState>().Failing(),
        ],
        Summary = "Pearson correlation, as DOUBLE. NULL for one row; LF5001 where a side is constant.",
    };

    public static readonly SqlFunction CovarSamp = new("covar_samp")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Float64, Float64).Returns(DataType.Double).Into<CovarianceSampleState>(),
        ],
        Summary = "Sample covariance, as DOUBLE.",
    };

    public static readonly SqlFunction CovarPop = new("covar_pop")
    {
        Kind = FunctionKind.Aggregate,
        Overloads =
        [
            Fn(Float64, Float64).Returns(DataType.Double).Into<CovariancePopulationState>(),
        ],
        Summary = "Population covariance, as DOUBLE.",
    };

    private static OneOf One(Func<DataType, bool> accepts) => new("that type", accepts);

    private static int[] Size(ImmutableArray<DataType> types, DataType result) => [((DecimalType)result).Precision, ((DecimalType)result).Scale];

    private static int[] AverageSize(ImmutableArray<DataType> types, DataType result) =>
        [((DecimalType)result).Scale - ((DecimalType)types[0]).Scale, ((DecimalType)result).Precision, ((DecimalType)result).Scale];
}
