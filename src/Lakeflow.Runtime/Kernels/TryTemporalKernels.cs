namespace Lakeflow.Runtime.Kernels;

/// <summary>Sums of dates, timestamps and intervals that are NULL where they do not fit.</summary>
public static class TryTemporalKernels
{
    public static bool AddMonths(int date, int months, out int result)
    {
        Calendar.Split(date, out var year, out var month, out var day);
        var total = (year * 12L) + month - 1 + months;
        var (toYear, toMonth) = (Calendar.FloorDiv(total, 12), (int)Calendar.FloorMod(total, 12) + 1);
        result = 0;
        if (toYear is < -5_000_000 or > 5_000_000) return false;
        result = Calendar.DaysFrom((int)toYear, toMonth, Math.Min(day, Calendar.DaysInMonth((int)toYear, toMonth)));
        return true;
    }

    public static bool AddDurationToDate(int date, long micros, SessionZone zone, out long result)
    {
        result = 0;
        return IntegerKernels.TryMultiplyInt64(date, Calendar.MicrosPerDay, out var local) && IntegerKernels.TryAddInt64(zone.ToUtc(local), micros, out result);
    }

    /// <summary>Months later on the session's wall clock.</summary>
    public static bool AddMonthsToTimestamp(long ts, int months, SessionZone zone, out long result)
    {
        var local = zone.ToLocal(ts);
        result = 0;
        if (!AddMonths(Calendar.DayOf(local), months, out var date) || !IntegerKernels.TryMultiplyInt64(date, Calendar.MicrosPerDay, out var start)) return false;
        result = zone.ToUtc(start + Calendar.TimeOfDay(local));
        return true;
    }
}
