using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Values of SQL as the C# types of <c>[SqlFunction]</c> methods, and back.</summary>
public static class MethodValues
{
    private const long TicksPerMicro = TimeSpan.TicksPerMicrosecond;

    /// <summary>The largest magnitude that <see cref="decimal"/> holds, unscaled: 96 bits.</summary>
    private static readonly UInt128 MostDecimal = (UInt128.One << 96) - 1;

    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>DECIMAL as C#'s; false above its 28 to 29 digits.</summary>
    public static bool TryDecimal(Int128 unscaled, int scale, out decimal result)
    {
        var size = (UInt128)Int128.Abs(unscaled);
        result = 0;
        // Zeros at the end carry nothing: 1.000…0 with 38 digits is a 1.
        while (scale > 0 && (scale > 28 || size > MostDecimal))
        {
            var (quotient, rest) = UInt128.DivRem(size, 10);
            if (rest != 0) return false;
            (size, scale) = (quotient, scale - 1);
        }

        if (size > MostDecimal) return false;
        result = new decimal((int)(uint)size, (int)(uint)(size >> 32), (int)(uint)(size >> 64), Int128.IsNegative(unscaled), (byte)scale);
        return true;
    }

    /// <summary>DECIMAL of up to 18 digits.</summary>
    public static decimal Decimal64(long unscaled, int scale)
    {
        var size = (ulong)Math.Abs(unscaled);
        return new decimal((int)(uint)size, (int)(size >> 32), 0, unscaled < 0, (byte)scale);
    }

    /// <summary>DECIMAL above 18 digits. LF5002 above the 28 to 29 digits of <see cref="decimal"/>.</summary>
    public static decimal Decimal(Int128 unscaled, int scale, int site)
    {
        if (!TryDecimal(unscaled, scale, out var result)) Throw.Overflow(site, DecimalMath.Text(unscaled, scale), "C#'s decimal");
        return result;
    }

    /// <summary>Half up to the scale. LF5005 if it has too many digits before the point.</summary>
    public static Int128 FromDecimal(decimal value, int precision, int scale, int site)
    {
        Span<int> bits = stackalloc int[4];
        _ = decimal.GetBits(value, bits);
        var size = ((Int128)(uint)bits[2] << 64) | ((Int128)(uint)bits[1] << 32) | (uint)bits[0];
        if (!DecimalMath.TryRescale(decimal.IsNegative(value) ? -size : size, value.Scale, scale, precision, out var result))
            Throw.OutOfRange(site, value.ToString(CultureInfo.InvariantCulture), precision, scale);
        return result;
    }

    /// <inheritdoc cref="FromDecimal"/>
    public static long FromDecimal64(decimal value, int precision, int scale, int site) => (long)FromDecimal(value, precision, scale, site);

    /// <summary>DATE. LF5002 outside of the years 1 to 9999.</summary>
    public static DateOnly Date(int days, int site)
    {
        if (!TryDate(days, out var date)) Outside(site, days, "days", "DateOnly");
        return date;
    }

    /// <summary>False outside of the years 1 to 9999.</summary>
    public static bool TryDate(int days, out DateOnly date)
    {
        var fits = days >= -EpochDay && days <= DateOnly.MaxValue.DayNumber - EpochDay;
        date = fits ? DateOnly.FromDayNumber(EpochDay + days) : default;
        return fits;
    }

    public static int FromDate(DateOnly date) => date.DayNumber - EpochDay;

    /// <summary>TIMESTAMP: an instant, with the offset 0. LF5002 outside of the years 1 to 9999.</summary>
    public static DateTimeOffset Timestamp(long micros, int site) => new(Ticks(micros, "DateTimeOffset", site), TimeSpan.Zero);

    /// <summary>What is finer than a microsecond is cut off.</summary>
    public static long FromTimestamp(DateTimeOffset time) => Calendar.FloorDiv(time.UtcTicks - DateTime.UnixEpoch.Ticks, TicksPerMicro);

    /// <summary>TIMESTAMP_NTZ: a wall clock's time, of no zone. LF5002 outside of the years 1 to 9999.</summary>
    public static DateTime TimestampNtz(long micros, int site) => new(Ticks(micros, "DateTime", site), DateTimeKind.Unspecified);

    /// <summary>The clock as it stands, whatever its <see cref="DateTime.Kind"/>.</summary>
    public static long FromTimestampNtz(DateTime time) => Calendar.FloorDiv(time.Ticks - DateTime.UnixEpoch.Ticks, TicksPerMicro);

    /// <summary>INTERVAL DAY TO SECOND. LF5002 above some 29,000 years.</summary>
    public static TimeSpan Duration(long micros, int site)
    {
        if (!TryDuration(micros, out var span)) Outside(site, micros, "microseconds", "TimeSpan");
        return span;
    }

    /// <summary>False above some 29,000 years.</summary>
    public static bool TryDuration(long micros, out TimeSpan span)
    {
        var fits = micros is <= long.MaxValue / TicksPerMicro and >= long.MinValue / TicksPerMicro;
        span = fits ? new TimeSpan(micros * TicksPerMicro) : default;
        return fits;
    }

    public static long FromDuration(TimeSpan span) => Calendar.FloorDiv(span.Ticks, TicksPerMicro);

    /// <summary>Microseconds since 1970 as the ticks of a <see cref="DateTime"/>; false outside of the years 1 to 9999.</summary>
    public static bool TryTicks(long micros, out long ticks)
    {
        var fits = micros >= -(DateTime.UnixEpoch.Ticks / TicksPerMicro) && micros <= (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TicksPerMicro;
        ticks = fits ? DateTime.UnixEpoch.Ticks + (micros * TicksPerMicro) : 0;
        return fits;
    }

    private static long Ticks(long micros, string type, int site)
    {
        if (!TryTicks(micros, out var ticks)) Outside(site, micros, "microseconds", type);
        return ticks;
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void Outside(int site, long value, string unit, string type) =>
        Throw.Overflow(site, string.Create(CultureInfo.InvariantCulture, $"{value} {unit} since 1970"), "C#'s " + type);
}
