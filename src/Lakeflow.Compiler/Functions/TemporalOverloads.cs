using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>+ and − between dates, timestamps and intervals; × and ÷ of an interval by a number, exact but for floating numbers.</summary>
internal static class TemporalOverloads
{
    /// <summary>An interval known to be whole days keeps a DATE a DATE; any other makes it a TIMESTAMP.</summary>
    private static readonly TypePattern WholeDays = new Where(Duration, a => a is { IsConstant: true, Value: long micros } && micros % Calendar.MicrosPerDay == 0);

    private static readonly TypePattern DateArgument = Strictly(DataType.Date);
    private static readonly TypePattern DateInText = new Where(Date, a => a.Type is StringType or NullType);
    private static readonly TypePattern NoDuration = new Where(Duration, a => a.Type is NullType);
    private static readonly TypePattern NoDate = new Where(Date, a => a.Type is NullType);

    /// <summary>Spark adds INT and smaller to a DATE, never BIGINT, DECIMAL, DOUBLE or a text.</summary>
    private static readonly TypePattern Days = new Where(Int, a => a.Type is Int32Type or Int16Type or Int8Type);
    private static readonly TypePattern TimestampArgument = Strictly(DataType.Timestamp);
    private static readonly TypePattern NtzArgument = Strictly(DataType.TimestampNtz);

    public static ImmutableArray<Overload> Plus { get; } =
    [
        Fn(DateArgument, NoDuration).Returns(DataType.Timestamp).PerRow(TimestampKernels.DatePlusDuration),
        Fn(DateArgument, Days).Returns(DataType.Date).PerRow(DateKernels.AddDays),
        Fn(DateArgument, Months).Returns(DataType.Date).PerRow(DateKernels.AddMonths),
        Fn(DateArgument, WholeDays).Returns(DataType.Date).PerRow(DateKernels.AddWholeDays),
        Fn(DateArgument, Duration).Returns(DataType.Timestamp).PerRow(TimestampKernels.DatePlusDuration),
        Fn(TimestampArgument, Duration).Returns(DataType.Timestamp).PerRow(TimestampKernels.AddDuration),
        Fn(TimestampArgument, Months).Returns(DataType.Timestamp).PerRow(TimestampKernels.AddMonths),
        Fn(NtzArgument, Duration).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.AddDurationNtz),
        Fn(NtzArgument, Months).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.AddMonthsNtz),
        Fn(Strictly(DataType.YearMonthInterval), Months).Returns(DataType.YearMonthInterval).PerRow(IntegerKernels.AddInt32),
        Fn(Strictly(DataType.DayTimeInterval), Duration).Returns(DataType.DayTimeInterval).PerRow(IntegerKernels.AddInt64),
    ];

    public static ImmutableArray<Overload> Minus { get; } =
    [
        Fn(NoDate, DateArgument).Returns(DataType.DayTimeInterval).PerRow(DateKernels.Difference),
        Fn(new Where(Date, a => a.Type is StringType), DateArgument).Returns(DataType.DayTimeInterval).PerRow(DateKernels.Difference),
        Fn(DateArgument, DateInText).Returns(DataType.DayTimeInterval).PerRow(DateKernels.Difference),
        Fn(DateArgument, Days).Returns(DataType.Date).PerRow(DateKernels.SubtractDays),
        Fn(DateArgument, DateArgument).Returns(DataType.DayTimeInterval).PerRow(DateKernels.Difference),
        Fn(DateArgument, Months).Returns(DataType.Date).PerRow(DateKernels.SubtractMonths),
        Fn(DateArgument, WholeDays).Returns(DataType.Date).PerRow(DateKernels.SubtractWholeDays),
        Fn(DateArgument, Duration).Returns(DataType.Timestamp).PerRow(TimestampKernels.DateMinusDuration),
        Fn(TimestampArgument, Duration).Returns(DataType.Timestamp).PerRow(TimestampKernels.SubtractDuration),
        Fn(TimestampArgument, Months).Returns(DataType.Timestamp).PerRow(TimestampKernels.SubtractMonths),
        Fn(NtzArgument, Duration).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.SubtractDurationNtz),
        Fn(NtzArgument, Months).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.SubtractMonthsNtz),
        Fn(Timestamp, TimestampArgument).Returns(DataType.DayTimeInterval).PerRow(TimestampKernels.Difference),
        Fn(TimestampArgument, Timestamp).Returns(DataType.DayTimeInterval).PerRow(TimestampKernels.Difference),
        Fn(NtzArgument, NtzArgument).Returns(DataType.DayTimeInterval).PerRow(TimestampKernels.DifferenceNtz),
        Fn(Strictly(DataType.YearMonthInterval), Months).Returns(DataType.YearMonthInterval).PerRow(IntegerKernels.SubtractInt32),
        Fn(Strictly(DataType.DayTimeInterval), Duration).Returns(DataType.DayTimeInterval).PerRow(IntegerKernels.SubtractInt64),
    ];

    /// <summary>What try_add takes besides numbers: NULL where the sum is out of range.</summary>
    public static ImmutableArray<Overload> TryPlus { get; } =
    [
        Fn(DateArgument, Days).Returns(DataType.Date).PerRow(IntegerKernels.TryAddInt32),
        Fn(DateArgument, Months).Returns(DataType.Date).PerRow(TryTemporalKernels.AddMonths),
        Fn(DateArgument, Duration).Returns(DataType.Timestamp).PerRow(TryTemporalKernels.AddDurationToDate),
        Fn(TimestampArgument, Duration).Returns(DataType.Timestamp).PerRow(IntegerKernels.TryAddInt64),
        Fn(NtzArgument, Duration).Returns(DataType.TimestampNtz).PerRow(IntegerKernels.TryAddInt64),
        Fn(TimestampArgument, Months).Returns(DataType.Timestamp).PerRow(TryTemporalKernels.AddMonthsToTimestamp),
        Fn(Strictly(DataType.YearMonthInterval), Strictly(DataType.YearMonthInterval)).Returns(DataType.YearMonthInterval).PerRow(IntegerKernels.TryAddInt32),
        Fn(Strictly(DataType.DayTimeInterval), Strictly(DataType.DayTimeInterval)).Returns(DataType.DayTimeInterval).PerRow(IntegerKernels.TryAddInt64),
    ];

    /// <summary>What try_subtract takes besides numbers.</summary>
    public static ImmutableArray<Overload> TryMinus { get; } =
    [
        Fn(DateArgument, Days).Returns(DataType.Date).PerRow(IntegerKernels.TrySubtractInt32),
        Fn(TimestampArgument, Strictly(DataType.DayTimeInterval)).Returns(DataType.Timestamp).PerRow(IntegerKernels.TrySubtractInt64),
        Fn(NtzArgument, Strictly(DataType.DayTimeInterval)).Returns(DataType.TimestampNtz).PerRow(IntegerKernels.TrySubtractInt64),
        Fn(Strictly(DataType.YearMonthInterval), Strictly(DataType.YearMonthInterval)).Returns(DataType.YearMonthInterval).PerRow(IntegerKernels.TrySubtractInt32),
        Fn(Strictly(DataType.DayTimeInterval), Strictly(DataType.DayTimeInterval)).Returns(DataType.DayTimeInterval).PerRow(IntegerKernels.TrySubtractInt64),
    ];

    public static ImmutableArray<Overload> Times { get; } = Scaled(
        IntervalKernels.MultiplyMonths, IntervalKernels.MultiplyMonthsDecimal, IntervalKernels.MultiplyDuration, IntervalKernels.MultiplyDurationDecimal);

    public static ImmutableArray<Overload> Over { get; } = Scaled(
        IntervalKernels.DivideMonths, IntervalKernels.DivideMonthsDecimal, IntervalKernels.DivideDuration, IntervalKernels.DivideDurationDecimal);

    public static ImmutableArray<Overload> TryTimes { get; } = Scaled(
        IntervalKernels.TryMultiplyMonths, IntervalKernels.TryMultiplyMonthsDecimal, IntervalKernels.TryMultiplyDuration, IntervalKernels.TryMultiplyDurationDecimal);

    public static ImmutableArray<Overload> TryOver { get; } = Scaled(
        IntervalKernels.TryDivideMonths, IntervalKernels.TryDivideMonthsDecimal, IntervalKernels.TryDivideDuration, IntervalKernels.TryDivideDurationDecimal);

    /// <summary>An interval by a DOUBLE, which a FLOAT and a text become, or by a DECIMAL, which an integer becomes.</summary>
    private static ImmutableArray<Overload> Scaled(Delegate months, Delegate monthsDecimal, Delegate duration, Delegate durationDecimal) =>
    [
        Fn(Months, Float64).Returns(DataType.YearMonthInterval).PerRow(months),
        Fn(Months, AnyDecimal).Returns(DataType.YearMonthInterval).PerRow(monthsDecimal).With(Scale),
        Fn(Duration, Float64).Returns(DataType.DayTimeInterval).PerRow(duration),
        Fn(Duration, AnyDecimal).Returns(DataType.DayTimeInterval).PerRow(durationDecimal).With(Scale),
    ];

    private static int[] Scale(ImmutableArray<DataType> types, DataType result) => [DecimalRules.Of(types[1]).Scale];

    private static Where Strictly(DataType type) => new(type, a => a.Type.Equals(type));
}
