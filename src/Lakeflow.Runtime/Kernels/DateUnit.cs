namespace Lakeflow.Runtime.Kernels;

/// <summary>A unit of calendar or clock.</summary>
public enum DateUnitKind
{
    None,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
}

/// <summary>The unit of <c>date_trunc</c>, <c>trunc</c>, <c>timestampadd</c>, <c>timestampdiff</c>, from its name.</summary>
public sealed class DateUnit : ICompiledText<DateUnit>
{
    private DateUnit(DateUnitKind kind, string name)
    {
        Kind = kind;
        Name = name;
        Micros = kind switch
        {
            DateUnitKind.Microsecond => 1,
            DateUnitKind.Millisecond => 1000,
            DateUnitKind.Second => Calendar.MicrosPerSecond,
            DateUnitKind.Minute => Calendar.MicrosPerMinute,
            DateUnitKind.Hour => Calendar.MicrosPerHour,
            _ => 0,
        };
        Months = kind switch
        {
            DateUnitKind.Month => 1,
            DateUnitKind.Quarter => 3,
            DateUnitKind.Year => 12,
            DateUnitKind.Decade => 120,
            DateUnitKind.Century => 1200,
            DateUnitKind.Millennium => 12000,
            _ => 0,
        };
    }

    public DateUnitKind Kind { get; }

    public string Name { get; }

    /// <summary>Length of a clock unit; 0 for calendar units.</summary>
    public long Micros { get; }

    /// <summary>Length of a unit of whole months; 0 for others.</summary>
    public int Months { get; }

    public static DateUnit Compile(string text) => new(
        text.Trim().ToUpperInvariant() switch
        {
            "MICROSECOND" or "MICROSECONDS" => DateUnitKind.Microsecond,
            "MILLISECOND" or "MILLISECONDS" => DateUnitKind.Millisecond,
            "SECOND" or "SECONDS" => DateUnitKind.Second,
            "MINUTE" or "MINUTES" => DateUnitKind.Minute,
            "HOUR" or "HOURS" => DateUnitKind.Hour,
            "DAY" or "DD" or "DAYS" or "DAYOFYEAR" => DateUnitKind.Day,
            "WEEK" or "WEEKS" => DateUnitKind.Week,
            "MONTH" or "MON" or "MM" or "MONTHS" => DateUnitKind.Month,
            "QUARTER" or "QUARTERS" => DateUnitKind.Quarter,
            "YEAR" or "YYYY" or "YY" or "YEARS" => DateUnitKind.Year,
            "DECADE" => DateUnitKind.Decade,
            "CENTURY" => DateUnitKind.Century,
            "MILLENNIUM" => DateUnitKind.Millennium,
            _ => DateUnitKind.None,
        },
        text);

    /// <summary>The first day of the unit that a day lies in; weeks begin on Monday.</summary>
    public int TruncateDate(int date)
    {
        if (Kind == DateUnitKind.Day) return date;
        if (Kind == DateUnitKind.Week) return date - Calendar.IsoDayOfWeek(date) + 1;
        Calendar.Split(date, out var year, out var month, out _);
        return Kind switch
        {
            DateUnitKind.Month => Calendar.DaysFrom(year, month, 1),
            DateUnitKind.Quarter => Calendar.DaysFrom(year, ((month - 1) / 3 * 3) + 1, 1),
            DateUnitKind.Year => Calendar.DaysFrom(year, 1, 1),
            DateUnitKind.Decade => Calendar.DaysFrom((int)Calendar.FloorDiv(year, 10) * 10, 1, 1),
            DateUnitKind.Century => Calendar.DaysFrom(((int)Calendar.FloorDiv(year - 1, 100) * 100) + 1, 1, 1),
            DateUnitKind.Millennium => Calendar.DaysFrom(((int)Calendar.FloorDiv(year - 1, 1000) * 1000) + 1, 1, 1),
            _ => date,
        };
    }

    /// <summary>The begin of the unit that a wall clock lies in.</summary>
    public long TruncateLocal(long local) => Micros != 0
        ? local - Calendar.FloorMod(local, Micros)
        : TruncateDate(Calendar.DayOf(local)) * Calendar.MicrosPerDay;
}
