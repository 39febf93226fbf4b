using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Functions of dates.</summary>
internal static class DateFunctions
{
    public static readonly SqlFunction Year = new("year")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.Year)],
        Summary = "Year.",
        Examples = [("year('2024-02-29')", "2024")],
    };

    public static readonly SqlFunction Quarter = new("quarter")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.Quarter)],
        Summary = "Quarter, 1 to 4.",
        Examples = [("quarter('2024-08-31')", "3")],
    };

    public static readonly SqlFunction Month = new("month")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.Month)],
        Summary = "Month, 1 to 12.",
        Examples = [("month('2024-07-30')", "7")],
    };

    public static readonly SqlFunction Day = new("day")
    {
        Aliases = ["dayofmonth"],
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.Day)],
        Summary = "Day of the month.",
        Examples = [("day('2024-07-30')", "30")],
    };

    public static readonly SqlFunction Dayofyear = new("dayofyear")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.DayOfYear)],
        Summary = "Day of the year, from 1.",
        Examples = [("dayofyear('2024-12-31')", "366")],
    };

    public static readonly SqlFunction Dayofweek = new("dayofweek")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.DayOfWeek)],
        Summary = "1 = Sunday … 7 = Saturday.",
        Examples = [("dayofweek('2009-07-30')", "5")],
    };

    public static readonly SqlFunction DayofweekIso = new("dayofweek_iso")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.DayOfWeekIso)],
        Summary = "1 = Monday … 7 = Sunday.",
        Examples = [("dayofweek_iso('2009-07-30')", "4")],
    };

    public static readonly SqlFunction Weekday = new("weekday")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.Weekday)],
        Summary = "0 = Monday … 6 = Sunday.",
        Examples = [("weekday('2009-07-30')", "3")],
    };

    public static readonly SqlFunction Weekofyear = new("weekofyear")
    {
        Aliases = ["week"],
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.WeekOfYear)],
        Summary = "ISO week, 1 to 53.",
        Examples = [("weekofyear('2008-02-20')", "8")],
    };

    public static readonly SqlFunction Yearofweek = new("yearofweek")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.YearOfWeek)],
        Summary = "The year that the ISO week belongs to.",
        Examples = [("yearofweek('2024-12-30')", "2025")],
    };

    public static readonly SqlFunction Dayname = new("dayname")
    {
        Overloads = [Fn(Date).Returns(DataType.String).PerRow(DateKernels.DayName)],
        Summary = "Day of the week, three letters.",
        Examples = [("dayname('2024-01-01')", "'Mon'")],
    };

    public static readonly SqlFunction Monthname = new("monthname")
    {
        Overloads = [Fn(Date).Returns(DataType.String).PerRow(DateKernels.MonthName)],
        Summary = "Month, three letters.",
        Examples = [("monthname('2024-01-01')", "'Jan'")],
    };

    public static readonly SqlFunction DateAdd = new("date_add")
    {
        Overloads = [Fn(Date, Days).Returns(DataType.Date).PerRow(DateKernels.AddDays)],
        Summary = "So many days later.",
        Examples = [("date_add('2016-07-30', 1)", "DATE'2016-07-31'")],
    };

    public static readonly SqlFunction DateSub = new("date_sub")
    {
        Overloads = [Fn(Date, Days).Returns(DataType.Date).PerRow(DateKernels.SubtractDays)],
        Summary = "So many days before.",
        Examples = [("date_sub('2016-07-30', 1)", "DATE'2016-07-29'")],
    };

    public static readonly SqlFunction Datediff = new("datediff")
    {
        Aliases = ["date_diff"],
        Overloads = [Fn(Date, Date).Returns(DataType.Int32).PerRow(DateKernels.DaysBetween)],
        Summary = "Days from the second date to the first. `datediff(unit, start, end)` is timestampdiff.",
        Examples = [("datediff('2009-07-31', '2009-07-30')", "1")],
    };

    public static readonly SqlFunction AddMonths = new("add_months")
    {
        Overloads = [Fn(Date, Int).Returns(DataType.Date).PerRow(DateKernels.AddMonths)],
        Summary = "So many months later; the last day of the month where the day does not exist.",
        Examples = [("add_months('2016-08-31', 1)", "DATE'2016-09-30'")],
    };

    public static readonly SqlFunction LastDay = new("last_day")
    {
        Overloads = [Fn(Date).Returns(DataType.Date).PerRow(DateKernels.LastDay)],
        Summary = "The last day of the month.",
        Examples = [("last_day('2009-01-12')", "DATE'2009-01-31'")],
    };

    public static readonly SqlFunction NextDay = new("next_day")
    {
        Overloads = [Fn(Date, Text).Returns(DataType.Date).PerRow(DateKernels.NextDay)],
        Summary = "The first such weekday after the date.",
        Examples = [("next_day('2015-01-14', 'TU')", "DATE'2015-01-20'")],
    };

    public static readonly SqlFunction Trunc = new("trunc")
    {
        Overloads = [Fn(Date, Text).Returns(DataType.Date).PerRow(DateKernels.TryTrunc)],
        Summary = "First day of the year, quarter, month or week; NULL for another unit.",
        Examples = [("trunc('2019-08-04', 'week')", "DATE'2019-07-29'"), ("trunc('2009-02-12', 'MM')", "DATE'2009-02-01'")],
    };

    public static readonly SqlFunction MakeDate = new("make_date")
    {
        Overloads = [Fn(Int, Int, Int).Returns(DataType.Date).PerRow(DateKernels.MakeDate)],
        Summary = "A date from year, month and day.",
        Examples = [("make_date(2013, 7, 15)", "DATE'2013-07-15'")],
    };

    public static readonly SqlFunction UnixDate = new("unix_date")
    {
        Overloads = [Fn(Date).Returns(DataType.Int32).PerRow(DateKernels.UnixDate)],
        Summary = "Days since 1970-01-01.",
        Examples = [("unix_date(DATE'1970-01-02')", "1")],
    };

    public static readonly SqlFunction DateFromUnixDate = new("date_from_unix_date")
    {
        Overloads = [Fn(Int).Returns(DataType.Date).PerRow(DateKernels.DateFromUnixDate)],
        Summary = "The date so many days after 1970-01-01.",
        Examples = [("date_from_unix_date(1)", "DATE'1970-01-02'")],
    };

    public static readonly SqlFunction ToDate = new("to_date")
    {
        Overloads =
        [
            Fn(Any).Returns(DataType.Date),
            Fn(Text, Text).Returns(DataType.Date).PerRow(DateTimeFormatKernels.ToDate),
        ],
        Lowering = Lowering.Cast,
        Summary = "A date from a text, as CAST or by a pattern.",
        Examples = [("to_date('2016-12-31')", "DATE'2016-12-31'"), ("to_date('31.12.2016', 'dd.MM.yyyy')", "DATE'2016-12-31'")],
    };

    public static readonly SqlFunction TryToDate = new("try_to_date")
    {
        Overloads =
        [
            Fn(Any).Returns(DataType.Date),
            Fn(Text, Text).Returns(DataType.Date).PerRow(DateTimeFormatKernels.TryToDate),
        ],
        Lowering = Lowering.TryCast,
        Summary = "As to_date, but NULL where the text is no date.",
        Examples = [("try_to_date('x')", "NULL")],
    };

    public static readonly SqlFunction DatePart = new("date_part")
    {
        Aliases = ["datepart"],
        Overloads =
        [
            Fn(SecondField, NtzOnly).Returns(new DecimalType(8, 6)).PerRow(DatePartKernels.SecondsOfTimestampNtz),
            Fn(SecondField, DurationOnly).Returns(new DecimalType(8, 6)).PerRow(DatePartKernels.SecondsOfDuration),
            Fn(SecondField, Timestamp).Returns(new DecimalType(8, 6)).PerRow(DatePartKernels.SecondsOfTimestamp),
            Fn(Constant(Text), DateOnly).Returns(DataType.Int32).PerRow(DatePartKernels.OfDate),
            Fn(Constant(Text), NtzOnly).Returns(DataType.Int32).PerRow(DatePartKernels.OfTimestampNtz),
            Fn(Constant(Text), MonthsOnly).Returns(DataType.Int32).PerRow(DatePartKernels.OfMonths),
            Fn(Constant(Text), DurationOnly).Returns(DataType.Int32).PerRow(DatePartKernels.OfDuration),
            Fn(Constant(Text), Timestamp).Returns(DataType.Int32).PerRow(DatePartKernels.OfTimestamp),
        ],
        Summary = "A field of a date, timestamp or interval, also written extract(field FROM x): INT, but SECOND is DECIMAL(8,6).",
        Examples = [("date_part('YEAR', DATE'2024-01-01')", "2024"), ("extract(SECOND FROM TIMESTAMP'2024-01-01 00:00:01.5')", "1.5")],
    };

    public static readonly SqlFunction CurrentDate = new("current_date")
    {
        Aliases = ["curdate"],
        Overloads = [Fn().Returns(DataType.Date).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.RunConstant,
        DependsOnTime = true,
        Summary = "The day on which the update began, in the session's zone.",
    };

    /// <summary>INT or smaller, or a text that says one: Spark takes no BIGINT, DECIMAL or DOUBLE for days.</summary>
    private static Where Days => new(Int, a => a.Type is Int32Type or Int16Type or Int8Type or NullType or StringType);

    private static Where SecondField => new(Constant(Text), a => a.Value is string name && DateField.IsSecond(name));

    private static Where DateOnly => new(Date, a => a.Type is DateType);

    private static Where NtzOnly => new(TimestampNtz, a => a.Type is TimestampType { Zoned: false });

    private static Where MonthsOnly => new(Months, a => a.Type is YearMonthIntervalType);

    private static Where DurationOnly => new(Duration, a => a.Type is DayTimeIntervalType);
}
