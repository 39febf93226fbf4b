using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>TIMESTAMP (instants; a calendar needs the session's zone) and TIMESTAMP_NTZ (wall clocks; the …Ntz forms). Microseconds.</summary>
public static class TimestampKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static int Hour(long ts, SessionZone zone) => HourNtz(zone.ToLocal(ts));

    [MethodImpl(Inline)]
    public static int HourNtz(long local) => (int)(Calendar.TimeOfDay(local) / Calendar.MicrosPerHour);

    [MethodImpl(Inline)]
    public static int Minute(long ts, SessionZone zone) => MinuteNtz(zone.ToLocal(ts));

    [MethodImpl(Inline)]
    public static int MinuteNtz(long local) => (int)(Calendar.TimeOfDay(local) / Calendar.MicrosPerMinute % 60);

    [MethodImpl(Inline)]
    public static int Second(long ts, SessionZone zone) => SecondNtz(zone.ToLocal(ts));

    [MethodImpl(Inline)]
    public static int SecondNtz(long local) => (int)(Calendar.TimeOfDay(local) / Calendar.MicrosPerSecond % 60);

    /// <summary><c>extract(SECOND …)</c>: DECIMAL(8,6), with the fraction.</summary>
    public static long SecondWithFraction(long ts, SessionZone zone) => SecondWithFractionNtz(zone.ToLocal(ts));

    public static long SecondWithFractionNtz(long local) => Calendar.TimeOfDay(local) % Calendar.MicrosPerMinute;

    /// <summary>Whole days move the calendar, the rest moves the clock: across a change of offset the two differ.</summary>
    public static long AddDuration(long ts, long micros, SessionZone zone, int site)
    {
        var days = micros / Calendar.MicrosPerDay;
        var rest = micros % Calendar.MicrosPerDay;
        if (days != 0)
        {
            var local = IntegerKernels.AddInt64(zone.ToLocal(ts), days * Calendar.MicrosPerDay, site);
            ts = zone.ToUtc(local);
        }

        return IntegerKernels.AddInt64(ts, rest, site);
    }

    public static long SubtractDuration(long ts, long micros, SessionZone zone, int site) =>
        AddDuration(ts, IntegerKernels.NegateInt64(micros, site), zone, site);

    [MethodImpl(Inline)]
    public static long AddDurationNtz(long local, long micros, int site) => IntegerKernels.AddInt64(local, micros, site);

    [MethodImpl(Inline)]
    public static long SubtractDurationNtz(long local, long micros, int site) => IntegerKernels.SubtractInt64(local, micros, site);

    public static long AddMonths(long ts, int months, SessionZone zone, int site) => zone.ToUtc(AddMonthsNtz(zone.ToLocal(ts), months, site));

    public static long SubtractMonths(long ts, int months, SessionZone zone, int site) =>
        AddMonths(ts, IntegerKernels.NegateInt32(months, site), zone, site);

    public static long AddMonthsNtz(long local, int months, int site) =>
        (DateKernels.AddMonths(Calendar.DayOf(local), months, site) * Calendar.MicrosPerDay) + Calendar.TimeOfDay(local);

    public static long SubtractMonthsNtz(long local, int months, int site) => AddMonthsNtz(local, IntegerKernels.NegateInt32(months, site), site);

    /// <summary>DATE + interval with a time part.</summary>
    public static long DatePlusDuration(int date, long micros, SessionZone zone, int site) =>
        AddDuration(zone.ToUtc(date * Calendar.MicrosPerDay), micros, zone, site);

    public static long DateMinusDuration(int date, long micros, SessionZone zone, int site) =>
        SubtractDuration(zone.ToUtc(date * Calendar.MicrosPerDay), micros, zone, site);

    /// <summary>TIMESTAMP − TIMESTAMP on the session's wall clock.</summary>
    public static long Difference(long a, long b, SessionZone zone, int site) => IntegerKernels.SubtractInt64(zone.ToLocal(a), zone.ToLocal(b), site);

    public static long DifferenceNtz(long a, long b, int site) => IntegerKernels.SubtractInt64(a, b, site);

    /// <summary>The begin of the unit; NULL if there is no such unit.</summary>
    public static bool TryTruncate(DateUnit unit, long ts, SessionZone zone, out long result)
    {
        // Clock units below the day keep the offset of the moment itself.
        var offset = zone.OffsetAt(ts);
        result = unit.Micros != 0 ? unit.TruncateLocal(ts + offset) - offset : zone.ToUtc(unit.TruncateLocal(ts + offset));
        return unit.Kind != DateUnitKind.None;
    }

    public static bool TryTruncateNtz(DateUnit unit, long local, out long result)
    {
        result = unit.TruncateLocal(local);
        return unit.Kind != DateUnitKind.None;
    }

    /// <summary><c>timestampadd(unit, n, ts)</c>.</summary>
    public static long AddUnits(DateUnit unit, long n, long ts, SessionZone zone, int site)
    {
        RequireUnit(unit, site);
        if (unit.Micros != 0) return IntegerKernels.AddInt64(ts, IntegerKernels.MultiplyInt64(n, unit.Micros, site), site);
        return zone.ToUtc(AddUnitsNtz(unit, n, zone.ToLocal(ts), site));
    }

    public static long AddUnitsNtz(DateUnit unit, long n, long local, int site)
    {
        RequireUnit(unit, site);
        if (unit.Months != 0) return AddMonthsNtz(local, checked((int)IntegerKernels.MultiplyInt64(n, unit.Months, site)), site);
        var size = unit.Kind switch { DateUnitKind.Week => 7 * Calendar.MicrosPerDay, DateUnitKind.Day => Calendar.MicrosPerDay, _ => unit.Micros };
        return IntegerKernels.AddInt64(local, IntegerKernels.MultiplyInt64(n, size, site), site);
    }

    /// <summary><c>timestampdiff(unit, start, end)</c>: whole units between the two, toward zero.</summary>
    public static long UnitsBetween(DateUnit unit, long start, long end, SessionZone zone, int site) => unit.Micros != 0
        ? IntegerKernels.SubtractInt64(end, start, site) / unit.Micros
        : UnitsBetweenNtz(unit, zone.ToLocal(start), zone.ToLocal(end), site);

    public static long UnitsBetweenNtz(DateUnit unit, long start, long end, int site)
    {
        RequireUnit(unit, site);
        if (unit.Months == 0)
        {
            var size = unit.Kind switch { DateUnitKind.Week => 7 * Calendar.MicrosPerDay, DateUnitKind.Day => Calendar.MicrosPerDay, _ => unit.Micros };
            return IntegerKernels.SubtractInt64(end, start, site) / size;
        }

        Calendar.Split(Calendar.DayOf(start), out var y1, out var m1, out var d1);
        Calendar.Split(Calendar.DayOf(end), out var y2, out var m2, out var d2);
        long months = ((y2 - y1) * 12L) + m2 - m1;
        var inMonth = (d2 * Calendar.MicrosPerDay) + Calendar.TimeOfDay(end) - (d1 * Calendar.MicrosPerDay) - Calendar.TimeOfDay(start);
        if (months > 0 && inMonth < 0) months--;
        else if (months < 0 && inMonth > 0) months++;
        return months / unit.Months;
    }

    /// <summary>Months with a 31st part for the days; whole if both are the same day of the month or both the last.</summary>
    public static double MonthsBetween(long end, long start, bool round, SessionZone zone)
    {
        long a = zone.ToLocal(end), b = zone.ToLocal(start);
        Calendar.Split(Calendar.DayOf(a), out var y1, out var m1, out var d1);
        Calendar.Split(Calendar.DayOf(b), out var y2, out var m2, out var d2);
        var months = (double)(((y1 - y2) * 12L) + m1 - m2);
        if (d1 == d2 || (d1 == Calendar.DaysInMonth(y1, m1) && d2 == Calendar.DaysInMonth(y2, m2))) return months;
        const double SecondsPerMonth = 31 * 86_400.0;
        var seconds = ((d1 - d2) * 86_400.0) + (Calendar.TimeOfDay(a) / Calendar.MicrosPerSecond) - (Calendar.TimeOfDay(b) / Calendar.MicrosPerSecond);
        var exact = months + (seconds / SecondsPerMonth);
        return round ? Math.Round(exact * 1e8, MidpointRounding.AwayFromZero) / 1e8 : exact;
    }

    public static double MonthsBetweenRounded(long end, long start, SessionZone zone) => MonthsBetween(end, start, true, zone);

    /// <summary>The instant at which a clock in UTC shows what a clock in that zone shows at <paramref name="ts"/>.</summary>
    public static long FromUtc(long ts, SessionZone there, SessionZone zone) => zone.ToUtc(there.ToLocal(zone.ToLocal(ts)));

    public static long ToUtc(long ts, SessionZone there, SessionZone zone) => zone.ToUtc(there.ToUtc(zone.ToLocal(ts)));

    public static long ConvertZone(SessionZone from, SessionZone to, long local) => to.ToLocal(from.ToUtc(local));

    public static long ConvertSessionZone(SessionZone to, long local, SessionZone zone) => to.ToLocal(zone.ToUtc(local));

    public static long UnixSeconds(long ts) => Calendar.FloorDiv(ts, Calendar.MicrosPerSecond);

    public static long UnixMillis(long ts) => Calendar.FloorDiv(ts, 1000);

    public static long UnixMicros(long ts) => ts;

    public static long FromSeconds(long seconds, int site) => IntegerKernels.MultiplyInt64(seconds, Calendar.MicrosPerSecond, site);

    public static long FromSecondsDouble(double seconds, int site) => NumberCasts.DoubleToTimestamp(seconds, site);

    public static long FromMillis(long millis, int site) => IntegerKernels.MultiplyInt64(millis, 1000, site);

    public static long FromMicros(long micros) => micros;

    private static void RequireUnit(DateUnit unit, int site)
    {
        if (unit.Kind is DateUnitKind.None or > DateUnitKind.Year)
            Throw.Raise(site, $"'{unit.Name}' is not a unit of time.", "INVALID_PARAMETER_VALUE.DATETIME_UNIT", "Use YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND, MILLISECOND or MICROSECOND.");
    }
}
