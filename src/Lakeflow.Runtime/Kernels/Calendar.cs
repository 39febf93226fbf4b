using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>The proleptic Gregorian calendar in days since 1970-01-01 and microseconds since then; no zones here.</summary>
public static class Calendar
{
    public const long MicrosPerSecond = 1_000_000;
    public const long MicrosPerMinute = 60 * MicrosPerSecond;
    public const long MicrosPerHour = 60 * MicrosPerMinute;
    public const long MicrosPerDay = 24 * MicrosPerHour;

    private const int DaysPerEra = 146_097;
    private const int EpochInEra = 719_468;

    /// <summary>Day number of a date that exists.</summary>
    public static int DaysFrom(int year, int month, int day)
    {
        // Years begin in March, so that the leap day is the last.
        var y = month <= 2 ? year - 1 : year;
        var era = FloorDiv(y, 400);
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * DaysPerEra) + dayOfEra - EpochInEra;
    }

    /// <summary>Year, month 1–12 and day 1–31 of a day number.</summary>
    public static void Split(int days, out int year, out int month, out int day)
    {
        var shifted = (long)days + EpochInEra;
        var era = (int)FloorDiv(shifted, DaysPerEra);
        var dayOfEra = (uint)(shifted - ((long)era * DaysPerEra));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var m = ((5 * dayOfYear) + 2) / 153;
        day = (int)(dayOfYear - (((153 * m) + 2) / 5) + 1);
        month = (int)(m < 10 ? m + 3 : m - 9);
        year = (int)yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
    }

    public static bool IsLeap(int year) => (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);

    public static int DaysInMonth(int year, int month) => month == 2 ? (IsLeap(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);

    /// <summary>False if there is no such date.</summary>
    public static bool TryDays(long year, int month, int day, out int days)
    {
        days = 0;
        if (year is < -5_877_000 or > 5_877_000 || month is < 1 or > 12 || day < 1 || day > DaysInMonth((int)year, month)) return false;
        days = DaysFrom((int)year, month, day);
        return true;
    }

    /// <summary>The same day of the month so many months later, or the month's last day.</summary>
    public static bool TryAddMonths(int days, int months, out int result)
    {
        Split(days, out var year, out var month, out var day);
        var total = (year * 12L) + (month - 1) + months;
        var newYear = FloorDiv(total, 12);
        var newMonth = (int)(total - (newYear * 12)) + 1;
        result = 0;
        return newYear is > -5_877_000 and < 5_877_000
            && TryDays(newYear, newMonth, Math.Min(day, DaysInMonth((int)newYear, newMonth)), out result);
    }

    /// <summary>1 = Monday … 7 = Sunday.</summary>
    public static int IsoDayOfWeek(int days) => (int)FloorMod(days + 3L, 7) + 1;

    /// <summary>The year that the ISO week belongs to, and its number 1–53.</summary>
    public static (int Year, int Week) IsoWeek(int days)
    {
        // The week's Thursday decides its year.
        var thursday = days - IsoDayOfWeek(days) + 4;
        Split(thursday, out var year, out _, out _);
        return (year, ((thursday - DaysFrom(year, 1, 1)) / 7) + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DayOf(long micros) => (int)FloorDiv(micros, MicrosPerDay);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long TimeOfDay(long micros) => FloorMod(micros, MicrosPerDay);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorDiv(long a, long b)
    {
        var q = a / b;
        return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorMod(long a, long b) => a - (FloorDiv(a, b) * b);

    private static int FloorDiv(int a, int b) => (int)FloorDiv((long)a, b);
}
