using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Functions of timestamps and intervals.</summary>
internal static class TimestampFunctions
{
    public static readonly SqlFunction Hour = new("hour")
    {
        Overloads =
        [
            Fn(OnlyText).Returns(DataType.Int32).PerRow(TimestampTextKernels.HourOfText),
            Fn(NtzOnly).Returns(DataType.Int32).PerRow(TimestampKernels.HourNtz),
            Fn(Timestamp).Returns(DataType.Int32).PerRow(TimestampKernels.Hour),
        ],
        Summary = "Hour, 0 to 23.",
        Examples = [("hour('2009-07-30 12:58:59')", "12")],
    };

    public static readonly SqlFunction Minute = new("minute")
    {
        Overloads =
        [
            Fn(OnlyText).Returns(DataType.Int32).PerRow(TimestampTextKernels.MinuteOfText),
            Fn(NtzOnly).Returns(DataType.Int32).PerRow(TimestampKernels.MinuteNtz),
            Fn(Timestamp).Returns(DataType.Int32).PerRow(TimestampKernels.Minute),
        ],
        Summary = "Minute.",
        Examples = [("minute('2009-07-30 12:58:59')", "58")],
    };

    public static readonly SqlFunction Second = new("second")
    {
        Overloads =
        [
            Fn(OnlyText).Returns(DataType.Int32).PerRow(TimestampTextKernels.SecondOfText),
            Fn(NtzOnly).Returns(DataType.Int32).PerRow(TimestampKernels.SecondNtz),
            Fn(Timestamp).Returns(DataType.Int32).PerRow(TimestampKernels.Second),
        ],
        Summary = "Second, without fraction.",
        Examples = [("second('2009-07-30 12:58:59')", "59")],
    };

    public static readonly SqlFunction SecondWithFraction = new("second_with_fraction")
    {
        Overloads =
        [
            Fn(NtzOnly).Returns(new DecimalType(8, 6)).PerRow(TimestampKernels.SecondWithFractionNtz),
            Fn(Timestamp).Returns(new DecimalType(8, 6)).PerRow(TimestampKernels.SecondWithFraction),
        ],
        Summary = "`extract(SECOND FROM ts)`: with six decimals.",
    };

    public static readonly SqlFunction DateTrunc = new("date_trunc")
    {
        Overloads =
        [
            Fn(Text, NtzOnly).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.TryTruncateNtz),
            Fn(Text, Timestamp).Returns(DataType.Timestamp).PerRow(TimestampKernels.TryTruncate),
        ],
        Summary = "The begin of the unit that a timestamp lies in; NULL for an unknown unit.",
        Examples = [("date_trunc('HOUR', TIMESTAMP'2015-03-05 09:32:05')", "TIMESTAMP'2015-03-05 09:00:00'"), ("date_trunc('MONTH', TIMESTAMP'2015-03-05 09:32:05')", "TIMESTAMP'2015-03-01 00:00:00'")],
    };

    public static readonly SqlFunction Timestampadd = new("timestampadd")
    {
        Aliases = ["dateadd"],
        Overloads =
        [
            Fn(Constant(Text), BigInt, NtzOnly).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.AddUnitsNtz),
            Fn(Constant(Text), BigInt, Timestamp).Returns(DataType.Timestamp).PerRow(TimestampKernels.AddUnits),
        ],
        Summary = "So many units later; the unit is a word. `dateadd(date, n)` is date_add.",
        Examples = [("timestampadd(MONTH, 1, TIMESTAMP'2024-01-31 00:00:00')", "TIMESTAMP'2024-02-29 00:00:00'")],
    };

    public static readonly SqlFunction Timestampdiff = new("timestampdiff")
    {
        Overloads =
        [
            Fn(Constant(Text), NtzOnly, NtzOnly).Returns(DataType.Int64).PerRow(TimestampKernels.UnitsBetweenNtz),
            Fn(Constant(Text), Timestamp, Timestamp).Returns(DataType.Int64).PerRow(TimestampKernels.UnitsBetween),
        ],
        Summary = "Whole units from the first to the second; the unit is a word.",
        Examples = [("timestampdiff(MONTH, TIMESTAMP'2021-02-28 12:00:00', TIMESTAMP'2021-03-28 12:00:00')", "1L")],
    };

    public static readonly SqlFunction MonthsBetween = new("months_between")
    {
        Overloads =
        [
            Fn(Timestamp, Timestamp).Returns(DataType.Double).PerRow(TimestampKernels.MonthsBetweenRounded),
            Fn(Timestamp, Timestamp, Bool).Returns(DataType.Double).PerRow(TimestampKernels.MonthsBetween),
        ],
        Summary = "Months between, a day being a 31st; to 8 decimals unless the third argument is FALSE.",
        Examples = [("months_between('1997-02-28 10:30:00', '1996-10-30')", "3.94959677D")],
    };

    public static readonly SqlFunction FromUtcTimestamp = new("from_utc_timestamp")
    {
        Overloads = [Fn(Timestamp, Text).Returns(DataType.Timestamp).PerRow(TimestampKernels.FromUtc)],
        Summary = "What a clock in that zone shows when a clock in UTC shows this.",
        Examples = [("from_utc_timestamp('2016-08-31', 'Asia/Seoul')", "TIMESTAMP'2016-08-31 09:00:00'")],
    };

    public static readonly SqlFunction ToUtcTimestamp = new("to_utc_timestamp")
    {
        Overloads = [Fn(Timestamp, Text).Returns(DataType.Timestamp).PerRow(TimestampKernels.ToUtc)],
        Summary = "What a clock in UTC shows when a clock in that zone shows this.",
        Examples = [("to_utc_timestamp('2016-08-31', 'Asia/Seoul')", "TIMESTAMP'2016-08-30 15:00:00'")],
    };

    public static readonly SqlFunction ConvertTimezone = new("convert_timezone")
    {
        Overloads = [Fn(Text, TimestampNtz).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.ConvertSessionZone), Fn(Text, Text, TimestampNtz).Returns(DataType.TimestampNtz).PerRow(TimestampKernels.ConvertZone)],
        Summary = "A wall clock of one zone (the session's if not said) as that of another.",
        Examples = [("convert_timezone('UTC', 'Europe/Oslo', TIMESTAMP_NTZ'2024-07-01 12:00:00')", "TIMESTAMP_NTZ'2024-07-01 14:00:00'")],
    };

    public static readonly SqlFunction DateFormat = new("date_format")
    {
        Overloads =
        [
            Fn(NtzOnly, Text).Returns(DataType.String).PerRow(DateTimeFormatKernels.FormatTimestampNtz),
            Fn(Timestamp, Text).Returns(DataType.String).PerRow(DateTimeFormatKernels.FormatTimestamp),
        ],
        Summary = "A timestamp by a pattern.",
        Examples = [("date_format('2016-04-08', 'y')", "'2016'"), ("date_format(TIMESTAMP'2024-02-03 04:05:06', 'dd.MM.yyyy HH:mm')", "'03.02.2024 04:05'")],
    };

    public static readonly SqlFunction ToTimestamp = new("to_timestamp")
    {
        Aliases = ["to_timestamp_ltz"],
        Overloads =
        [
            Fn(Any).Returns(DataType.Timestamp),
            Fn(Text, Text).Returns(DataType.Timestamp).PerRow(DateTimeFormatKernels.ToTimestamp),
        ],
        Lowering = Lowering.Cast,
        Summary = "A timestamp from a text, as CAST or by a pattern.",
        Examples = [("to_timestamp('2016-12-31 00:12:00')", "TIMESTAMP'2016-12-31 00:12:00'"), ("to_timestamp('31/12/2016', 'dd/MM/yyyy')", "TIMESTAMP'2016-12-31 00:00:00'")],
    };

    public static readonly SqlFunction TryToTimestamp = new("try_to_timestamp")
    {
        Overloads =
        [
            Fn(Any).Returns(DataType.Timestamp),
            Fn(Text, Text).Returns(DataType.Timestamp).PerRow(DateTimeFormatKernels.TryToTimestamp),
        ],
        Lowering = Lowering.TryCast,
        Summary = "As to_timestamp, but NULL where the text does not match.",
        Examples = [("try_to_timestamp('x')", "NULL")],
    };

    public static readonly SqlFunction ToTimestampNtz = new("to_timestamp_ntz")
    {
        Overloads =
        [
            Fn(Any).Returns(DataType.TimestampNtz),
            Fn(Text, Text).Returns(DataType.TimestampNtz).PerRow(DateTimeFormatKernels.ToTimestampNtz),
        ],
        Lowering = Lowering.Cast,
        Summary = "A wall clock from a text, as CAST or by a pattern.",
    };

    public static readonly SqlFunction UnixTimestamp = new("unix_timestamp")
    {
        Overloads =
        [
            Fn().Returns(DataType.Int64).NeverNull(),
            Fn(OnlyText).Returns(DataType.Int64).PerRow(TimestampTextKernels.UnixSecondsOfText),
            Fn(Timestamp).Returns(DataType.Int64).PerRow(TimestampKernels.UnixSeconds),
            Fn(Text, Text).Returns(DataType.Int64).PerRow(DateTimeFormatKernels.ToUnixSeconds),
            Fn(Timestamp, Text).Returns(DataType.Int64).PerRow(TimestampTextKernels.UnixSecondsIgnoringPattern),
        ],
        Summary = "Seconds since the epoch, of a timestamp or of a text by a pattern; without arguments, of the begin of the update.",
        Examples = [("unix_timestamp('1970-01-01 00:01:00')", "60L")],
    };

    public static readonly SqlFunction ToUnixTimestamp = new("to_unix_timestamp")
    {
        Overloads =
        [
            Fn(OnlyText).Returns(DataType.Int64).PerRow(TimestampTextKernels.UnixSecondsOfText),
            Fn(Timestamp).Returns(DataType.Int64).PerRow(TimestampKernels.UnixSeconds),
            Fn(Text, Text).Returns(DataType.Int64).PerRow(DateTimeFormatKernels.ToUnixSeconds),
        ],
        Summary = "Seconds since the epoch.",
        Examples = [("to_unix_timestamp('2016-04-08', 'yyyy-MM-dd')", "1460073600L")],
    };

    public static readonly SqlFunction FromUnixtime = new("from_unixtime")
    {
        Overloads =
        [
            Fn(BigInt).Returns(DataType.String).PerRow(DateTimeFormatKernels.FromUnixTime),
            Fn(BigInt, Text).Returns(DataType.String).PerRow(DateTimeFormatKernels.FromUnixTimePattern),
        ],
        Summary = "Seconds since the epoch as text, by a pattern if there is one.",
        Examples = [("from_unixtime(0)", "'1970-01-01 00:00:00'"), ("from_unixtime(0, 'yyyy')", "'1970'")],
    };

    public static readonly SqlFunction TimestampSeconds = new("timestamp_seconds")
    {
        Overloads =
        [
            Fn(BigInt).Returns(DataType.Timestamp).PerRow(TimestampKernels.FromSeconds),
            Fn(Float64).Returns(DataType.Timestamp).PerRow(TimestampKernels.FromSecondsDouble),
        ],
        Summary = "The timestamp so many seconds after the epoch.",
        Examples = [("timestamp_seconds(60)", "TIMESTAMP'1970-01-01 00:01:00'")],
    };

    public static readonly SqlFunction TimestampMillis = new("timestamp_millis")
    {
        Overloads = [Fn(BigInt).Returns(DataType.Timestamp).PerRow(TimestampKernels.FromMillis)],
        Summary = "The timestamp so many milliseconds after the epoch.",
        Examples = [("timestamp_millis(1000)", "TIMESTAMP'1970-01-01 00:00:01'")],
    };

    public static readonly SqlFunction TimestampMicros = new("timestamp_micros")
    {
        Overloads = [Fn(BigInt).Returns(DataType.Timestamp).PerRow(TimestampKernels.FromMicros)],
        Summary = "The timestamp so many microseconds after the epoch.",
        Examples = [("timestamp_micros(1000000)", "TIMESTAMP'1970-01-01 00:00:01'")],
    };

    public static readonly SqlFunction UnixSeconds = new("unix_seconds")
    {
        Overloads = [Fn(Timestamp).Returns(DataType.Int64).PerRow(TimestampKernels.UnixSeconds)],
        Summary = "Seconds since the epoch.",
        Examples = [("unix_seconds(TIMESTAMP'1970-01-01 00:00:01')", "1L")],
    };

    public static readonly SqlFunction UnixMillis = new("unix_millis")
    {
        Overloads = [Fn(Timestamp).Returns(DataType.Int64).PerRow(TimestampKernels.UnixMillis)],
        Summary = "Milliseconds since the epoch.",
    };

    public static readonly SqlFunction UnixMicros = new("unix_micros")
    {
        Overloads = [Fn(Timestamp).Returns(DataType.Int64).PerRow(TimestampKernels.UnixMicros)],
        Summary = "Microseconds since the epoch.",
    };

    public static readonly SqlFunction MakeTimestamp = new("make_timestamp")
    {
        Aliases = ["make_timestamp_ltz"],
        Overloads =
        [
            Fn(Int, Int, Int, Int, Int, Seconds).Returns(DataType.Timestamp).PerRow(DateTimeFormatKernels.MakeTimestamp),
            Fn(Int, Int, Int, Int, Int, Seconds, Text).Returns(DataType.Timestamp).PerRow(DateTimeFormatKernels.MakeTimestampIn),
        ],
        Summary = "A timestamp from year, month, day, hour, minute and second (with fraction), in the session's zone or the one named last.",
        Examples = [("make_timestamp(2014, 12, 28, 6, 30, 45.887)", "TIMESTAMP'2014-12-28 06:30:45.887'")],
    };

    public static readonly SqlFunction MakeTimestampNtz = new("make_timestamp_ntz")
    {
        Overloads = [Fn(Int, Int, Int, Int, Int, Seconds).Returns(DataType.TimestampNtz).PerRow(DateTimeFormatKernels.MakeTimestampNtz)],
        Summary = "A wall clock from year, month, day, hour, minute and second.",
    };

    public static readonly SqlFunction TryMakeTimestamp = new("try_make_timestamp")
    {
        Aliases = ["try_make_timestamp_ltz"],
        Overloads =
        [
            Fn(Int, Int, Int, Int, Int, Seconds).Returns(DataType.Timestamp).PerRow(DateTimeFormatKernels.TryMakeTimestamp),
            Fn(Int, Int, Int, Int, Int, Seconds, Text).Returns(DataType.Timestamp).PerRow(DateTimeFormatKernels.TryMakeTimestampIn),
        ],
        Summary = "As make_timestamp, but NULL where there is no such time.",
        Examples = [("try_make_timestamp(2024, 13, 1, 0, 0, 0)", "NULL")],
    };

    public static readonly SqlFunction TryMakeTimestampNtz = new("try_make_timestamp_ntz")
    {
        Overloads = [Fn(Int, Int, Int, Int, Int, Seconds).Returns(DataType.TimestampNtz).PerRow(DateTimeFormatKernels.TryMakeTimestampNtz)],
        Summary = "As make_timestamp_ntz, but NULL where there is no such time.",
        Examples = [("try_make_timestamp_ntz(2024, 2, 30, 0, 0, 0)", "NULL")],
    };

    public static readonly SqlFunction MakeYmInterval = new("make_ym_interval")
    {
        Overloads = [Fn(Int, Int).Returns(DataType.YearMonthInterval).PerRow(IntervalKernels.MakeMonths)],
        Summary = "An interval from years and months.",
    };

    public static readonly SqlFunction MakeDtInterval = new("make_dt_interval")
    {
        Overloads = [Fn(Int, Int, Int, Seconds).Returns(DataType.DayTimeInterval).PerRow(IntervalKernels.MakeDuration)],
        Summary = "An interval from days, hours, minutes and seconds.",
    };

    public static readonly SqlFunction CurrentTimestamp = new("current_timestamp")
    {
        Aliases = ["now", "getdate"],
        Overloads = [Fn().Returns(DataType.Timestamp).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.RunConstant,
        DependsOnTime = true,
        Summary = "The moment at which the update began.",
    };

    public static readonly SqlFunction Localtimestamp = new("localtimestamp")
    {
        Overloads = [Fn().Returns(DataType.TimestampNtz).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.RunConstant,
        DependsOnTime = true,
        Summary = "The wall clock of the session's zone when the update began.",
    };

    public static readonly SqlFunction CurrentTimezone = new("current_timezone")
    {
        Overloads = [Fn().Returns(DataType.String).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.RunConstant,
        Summary = "The session's zone.",
    };

    private static TypePattern NtzOnly => new Where(TimestampNtz, a => a.Type is TimestampType { Zoned: false });

    private static TypePattern OnlyText => new Where(Text, a => a.Type is StringType);

    private static TypePattern Seconds => new Exactly(new DecimalType(16, 6));
}
