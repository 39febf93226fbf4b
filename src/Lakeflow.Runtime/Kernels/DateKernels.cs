using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>DATE: days since 1970-01-01.</summary>
public static class DateKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static int Year(int date)
    {
        Calendar.Split(date, out var year, out _, out _);
        return year;
    }

    [MethodImpl(Inline)]
    public static int Month(int date)
    {
        Calendar.Split(date, out _, out var month, out _);
        return month;
    }

    [MethodImpl(Inline)]
    public static int Day(int date)
    {
        Calendar.Split(date, out _, out _, out var day);
        return day;
    }

    public static int Quarter(int date) => ((Month(date) - 1) / 3) + 1;

    public static int DayOfYear(int date)
    {
        Calendar.Split(date, out var year, out _, out _);
        return date - Calendar.DaysFrom(year, 1, 1) + 1;
    }

    /// <summary>1 = Sunday … 7 = Saturday.</summary>
    public static int DayOfWeek(int date) => (Calendar.IsoDayOfWeek(date) % 7) + 1;

    /// <summary>1 = Monday … 7 = Sunday.</summary>
    public static int DayOfWeekIso(int date) => Calendar.IsoDayOfWeek(date);

    /// <summary>0 = Monday … 6 = Sunday.</summary>
    public static int Weekday(int date) => Calendar.IsoDayOfWeek(date) - 1;

    public static int WeekOfYear(int date) => Calendar.IsoWeek(date).Week;

    public static int YearOfWeek(int date) => Calendar.IsoWeek(date).Year;

    public static Utf8 DayName(int date, scoped ref TextArena scratch) => scratch.Copy(Names.Days[Calendar.IsoDayOfWeek(date) - 1].AsSpan(0, 3));

    public static Utf8 MonthName(int date, scoped ref TextArena scratch) => scratch.Copy(Names.Months[Month(date) - 1].AsSpan(0, 3));

    [MethodImpl(Inline)]
    public static int AddDays(int date, int days, int site) => IntegerKernels.AddInt32(date, days, site);

    [MethodImpl(Inline)]
    public static int SubtractDays(int date, int days, int site) => IntegerKernels.SubtractInt32(date, days, site);

    /// <summary>An interval of whole days, from microseconds.</summary>
    public static int AddWholeDays(int date, long micros, int site) => IntegerKernels.AddInt32(date, (int)(micros / Calendar.MicrosPerDay), site);

    public static int SubtractWholeDays(int date, long micros, int site) => IntegerKernels.SubtractInt32(date, (int)(micros / Calendar.MicrosPerDay), site);

    /// <summary>The last day of the month where the day does not exist there.</summary>
    public static int AddMonths(int date, int months, int site)
    {
        if (!Calendar.TryAddMonths(date, months, out var result)) OutOfDates(site, date, '+', months);
        return result;
    }

    public static int SubtractMonths(int date, int months, int site)
    {
        if (months == int.MinValue || !Calendar.TryAddMonths(date, -months, out var result))
        {
            OutOfDates(site, date, '-', months);
            return 0;
        }

        return result;
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void OutOfDates(int site, int date, char sign, int months)
    {
        Calendar.Split(date, out var year, out var month, out var day);
        Throw.Overflow(site, string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00} {sign} {months} months"), "DATE");
    }

    public static int DaysBetween(int end, int start, int site) => IntegerKernels.SubtractInt32(end, start, site);

    /// <summary>DATE − DATE as an interval.</summary>
    public static long Difference(int a, int b) => ((long)a - b) * Calendar.MicrosPerDay;

    public static int LastDay(int date)
    {
        Calendar.Split(date, out var year, out var month, out _);
        return Calendar.DaysFrom(year, month, Calendar.DaysInMonth(year, month));
    }

    /// <summary>The first such weekday after the date; the day by its English name, or the first two or three letters of it.</summary>
    public static int NextDay(int date, Utf8 day, int site)
    {
        var wanted = Names.DayOfWeek(day.ToString().Trim());
        if (wanted == 0) Throw.Raise(site, $"'{day.ToString()}' is not a day of the week.", "ILLEGAL_DAY_OF_WEEK", "Use MON, TUE, WED, THU, FRI, SAT or SUN.");
        var ahead = (wanted - Calendar.IsoDayOfWeek(date) + 7) % 7;
        return date + (ahead == 0 ? 7 : ahead);
    }

    /// <summary>The first day of the unit; NULL for a unit that is none of a date's.</summary>
    public static bool TryTrunc(int date, DateUnit unit, out int result)
    {
        result = 0;
        if (unit.Micros != 0 || unit.Kind == DateUnitKind.None) return false;
        result = unit.TruncateDate(date);
        return true;
    }

    public static int MakeDate(int year, int month, int day, int site)
    {
        if (!Calendar.TryDays(year, month, day, out var days)) Throw.DateTimeField(site, $"There is no date {year}-{month}-{day}.");
        return days;
    }

    public static int UnixDate(int date) => date;

    public static int DateFromUnixDate(int days) => days;
}
