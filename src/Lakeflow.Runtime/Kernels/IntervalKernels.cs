using System.Numerics;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Intervals times and divided by numbers; sums and differences of intervals are those of the integers that hold them.</summary>
public static class IntervalKernels
{
    public static int MultiplyMonths(int months, double by, int site) => ToMonths(months * by, site);

    public static int DivideMonths(int months, double by, int site)
    {
        if (by == 0) Throw.DivideByZero(site, IntervalText.OfMonths(months));
        return ToMonths(months / by, site);
    }

    public static long MultiplyDuration(long micros, double by, int site) => ToMicros(micros * by, site);

    public static long DivideDuration(long micros, double by, int site)
    {
        if (by == 0) Throw.DivideByZero(site, IntervalText.OfDuration(micros));
        return ToMicros(micros / by, site);
    }

    public static bool TryMultiplyMonths(int months, double by, out int result) => TryToMonths(months * by, out result);

    public static bool TryDivideMonths(int months, double by, out int result) => TryToMonths(months / by, out result) && by != 0;

    public static bool TryMultiplyDuration(long micros, double by, out long result) => TryToMicros(micros * by, out result);

    public static bool TryDivideDuration(long micros, double by, out long result) => TryToMicros(micros / by, out result) && by != 0;

    /// <summary>Times a decimal of that scale; half a month away from zero.</summary>
    public static int MultiplyMonthsDecimal(int months, Int128 by, int scale, int site)
    {
        if (!TryMultiplyMonthsDecimal(months, by, scale, out var result)) Throw.Overflow(site, $"{IntervalText.OfMonths(months)} * {DecimalMath.Text(by, scale)}", "INTERVAL YEAR TO MONTH");
        return result;
    }

    public static int DivideMonthsDecimal(int months, Int128 by, int scale, int site)
    {
        if (by == 0) Throw.DivideByZero(site, IntervalText.OfMonths(months));
        if (!TryDivideMonthsDecimal(months, by, scale, out var result)) Throw.Overflow(site, $"{IntervalText.OfMonths(months)} / {DecimalMath.Text(by, scale)}", "INTERVAL YEAR TO MONTH");
        return result;
    }

    /// <summary>Times a decimal of that scale; half a microsecond away from zero.</summary>
    public static long MultiplyDurationDecimal(long micros, Int128 by, int scale, int site)
    {
        if (!TryMultiplyDurationDecimal(micros, by, scale, out var result)) Throw.Overflow(site, $"{IntervalText.OfDuration(micros)} * {DecimalMath.Text(by, scale)}", "INTERVAL DAY TO SECOND");
        return result;
    }

    public static long DivideDurationDecimal(long micros, Int128 by, int scale, int site)
    {
        if (by == 0) Throw.DivideByZero(site, IntervalText.OfDuration(micros));
        if (!TryDivideDurationDecimal(micros, by, scale, out var result)) Throw.Overflow(site, $"{IntervalText.OfDuration(micros)} / {DecimalMath.Text(by, scale)}", "INTERVAL DAY TO SECOND");
        return result;
    }

    public static bool TryMultiplyMonthsDecimal(int months, Int128 by, int scale, out int result) =>
        Fits(DecimalKernels.TryMultiplyDecimal(months, by, scale, 38, out var exact), exact, out result);

    public static bool TryDivideMonthsDecimal(int months, Int128 by, int scale, out int result) =>
        Fits(DecimalKernels.TryDivideDecimal(months, by, scale, 38, out var exact), exact, out result);

    public static bool TryMultiplyDurationDecimal(long micros, Int128 by, int scale, out long result) =>
        Fits(DecimalKernels.TryMultiplyDecimal(micros, by, scale, 38, out var exact), exact, out result);

    public static bool TryDivideDurationDecimal(long micros, Int128 by, int scale, out long result) =>
        Fits(DecimalKernels.TryDivideDecimal(micros, by, scale, 38, out var exact), exact, out result);

    public static int MakeMonths(int years, int months, int site) =>
        IntegerKernels.AddInt32(IntegerKernels.MultiplyInt32(years, 12, site), months, site);

    /// <summary>Days, hours, minutes, and seconds in millionths (DECIMAL(18,6)).</summary>
    public static long MakeDuration(int days, int hours, int minutes, long seconds, int site)
    {
        var micros = (days * (Int128)Calendar.MicrosPerDay) + (hours * (Int128)Calendar.MicrosPerHour) + (minutes * (Int128)Calendar.MicrosPerMinute) + seconds;
        if (micros > long.MaxValue || micros < long.MinValue) Throw.Overflow(site, "A number of microseconds,", micros, "INTERVAL DAY TO SECOND");
        return (long)micros;
    }

    public static int YearsOf(int months) => months / 12;

    public static sbyte MonthsOf(int months) => (sbyte)(months % 12);

    public static int DaysOf(long micros) => (int)(micros / Calendar.MicrosPerDay);

    public static sbyte HoursOf(long micros) => (sbyte)(micros % Calendar.MicrosPerDay / Calendar.MicrosPerHour);

    public static sbyte MinutesOf(long micros) => (sbyte)(micros % Calendar.MicrosPerHour / Calendar.MicrosPerMinute);

    /// <summary>Seconds with fraction, DECIMAL(8,6).</summary>
    public static long SecondsOf(long micros) => micros % Calendar.MicrosPerMinute;

    private static int ToMonths(double months, int site)
    {
        if (!TryToMonths(months, out var result)) Throw.Overflow(site, $"{NumberText.OfDouble(months)} months", "INTERVAL YEAR TO MONTH");
        return result;
    }

    private static long ToMicros(double micros, int site)
    {
        if (!TryToMicros(micros, out var result)) Throw.Overflow(site, $"{NumberText.OfDouble(micros)} microseconds", "INTERVAL DAY TO SECOND");
        return result;
    }

    private static bool TryToMonths(double months, out int result)
    {
        var rounded = Math.Round(months, MidpointRounding.AwayFromZero);
        var fits = rounded is >= int.MinValue and <= int.MaxValue;
        result = fits ? (int)rounded : 0;
        return fits;
    }

    private static bool TryToMicros(double micros, out long result)
    {
        var rounded = Math.Round(micros, MidpointRounding.AwayFromZero);
        var fits = rounded is >= long.MinValue and < long.MaxValue;
        result = fits ? (long)rounded : 0;
        return fits;
    }

    private static bool Fits<T>(bool known, Int128 exact, out T result)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var fits = known && exact >= Int128.CreateChecked(T.MinValue) && exact <= Int128.CreateChecked(T.MaxValue);
        result = fits ? T.CreateTruncating(exact) : T.Zero;
        return fits;
    }
}
