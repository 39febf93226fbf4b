namespace Lakeflow.Runtime.Kernels;

/// <summary><c>extract(field FROM x)</c>: a field of a date, timestamp or interval; seconds with their fraction, in millionths.</summary>
public static class DatePartKernels
{
    public static int OfDate(DateField field, int date, int site) => OfTimestampNtz(field, date * Calendar.MicrosPerDay, site);

    public static int OfTimestamp(DateField field, long ts, SessionZone zone, int site) => OfTimestampNtz(field, zone.ToLocal(ts), site);

    public static int OfTimestampNtz(DateField field, long local, int site)
    {
        var date = Calendar.DayOf(local);
        switch (field.Name)
        {
            case "YEAR": return DateKernels.Year(date);
            case "YEAROFWEEK": return DateKernels.YearOfWeek(date);
            case "QUARTER": return DateKernels.Quarter(date);
            case "MONTH": return DateKernels.Month(date);
            case "WEEK": return DateKernels.WeekOfYear(date);
            case "DAY": return DateKernels.Day(date);
            case "DAYOFWEEK": return DateKernels.DayOfWeek(date);
            case "DAYOFWEEK_ISO": return DateKernels.DayOfWeekIso(date);
            case "DOY": return DateKernels.DayOfYear(date);
            case "HOUR": return TimestampKernels.HourNtz(local);
            case "MINUTE": return TimestampKernels.MinuteNtz(local);
            case "SECOND": return TimestampKernels.SecondNtz(local);
            default:
                Unknown(field, site);
                return 0;
        }
    }

    public static int OfMonths(DateField field, int months, int site)
    {
        if (field.Name is not ("YEAR" or "MONTH")) Unknown(field, site);
        return field.Name == "YEAR" ? IntervalKernels.YearsOf(months) : IntervalKernels.MonthsOf(months);
    }

    public static int OfDuration(DateField field, long micros, int site)
    {
        if (field.Name is not ("DAY" or "HOUR" or "MINUTE")) Unknown(field, site);
        return field.Name switch
        {
            "DAY" => IntervalKernels.DaysOf(micros),
            "HOUR" => IntervalKernels.HoursOf(micros),
            _ => IntervalKernels.MinutesOf(micros),
        };
    }

    public static long SecondsOfTimestamp(DateField field, long ts, SessionZone zone) => TimestampKernels.SecondWithFraction(ts, zone);

    public static long SecondsOfTimestampNtz(DateField field, long local) => TimestampKernels.SecondWithFractionNtz(local);

    public static long SecondsOfDuration(DateField field, long micros) => IntervalKernels.SecondsOf(micros);

    private static void Unknown(DateField field, int site) =>
        Throw.Raise(site, $"'{field.Text}' is not a field of that type.", "INVALID_EXTRACT_FIELD", "Use YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFWEEK, DOY, HOUR, MINUTE or SECOND.");
}
