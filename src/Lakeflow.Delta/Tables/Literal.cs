using System.Globalization;
using System.Numerics;

namespace Lakeflow.Delta;

/// <summary>Dates, timestamps, decimals and doubles as the log's text writes them.</summary>
internal static class Literal
{
    private const long MicrosInADay = 86_400_000_000;

    /// <summary>yyyy-MM-dd, proleptic Gregorian; years beyond 9999 with a sign.</summary>
    public static string Date(int days)
    {
        var (year, month, day) = ToCivil(days);
        var head = year is >= 0 and <= 9999 ? year.ToString("D4", CultureInfo.InvariantCulture) : year.ToString("+00000;-0000", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{head}-{month:D2}-{day:D2}");
    }

    /// <summary>yyyy-MM-dd?HH:mm:ss.f…, with 0, 3 or 6 digits of the second.</summary>
    public static string Timestamp(long micros, char separator, int digits)
    {
        var day = (int)FloorDiv(micros, MicrosInADay);
        var rest = micros - (day * MicrosInADay);
        var (hour, minute, second, fraction) = (rest / 3_600_000_000, rest / 60_000_000 % 60, rest / 1_000_000 % 60, rest % 1_000_000);
        var text = string.Create(CultureInfo.InvariantCulture, $"{Date(day)}{separator}{hour:D2}:{minute:D2}:{second:D2}.{fraction:D6}");
        return text[..(text.Length - (digits == 3 ? 3 : 0))];
    }

    public static string Decimal(Int128 unscaled, int scale)
    {
        if (scale == 0) return unscaled.ToString(CultureInfo.InvariantCulture);
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    /// <summary>A double as Java prints it, so far as it matters: 1.0, NaN, Infinity.</summary>
    public static string Double(double value, string shortest)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "Infinity" : "-Infinity";
        return shortest.AsSpan().IndexOfAny("eE.") >= 0 ? shortest : shortest + ".0";
    }

    public static double ParseDouble(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    public static int ParseDate(string text)
    {
        var negative = text.StartsWith('-');
        var parts = text.TrimStart('-', '+').Split('-');
        if (parts.Length != 3) throw new FormatException();
        var year = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture);
        var (month, day) = (int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture), int.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture));
        if (month is < 1 or > 12 || day is < 1 or > 31) throw new FormatException();
        return FromCivil(negative ? -year : year, month, day);
    }

    /// <summary>Date, then optionally a time to the microsecond, then optionally Z or an offset; UTC without one.</summary>
    public static long ParseTimestamp(string text)
    {
        var cut = text.AsSpan(1).IndexOfAny('T', ' ') + 1;
        if (cut == 0) return ParseDate(text) * MicrosInADay;
        var day = ParseDate(text[..cut]) * MicrosInADay;
        var time = text[(cut + 1)..];
        long offset = 0;
        if (time.EndsWith('Z'))
        {
            time = time[..^1];
        }
        else if (time.LastIndexOfAny(['+', '-']) is > 0 and var sign)
        {
            var zone = time[(sign + 1)..].Replace(":", "", StringComparison.Ordinal);
            offset = ((int.Parse(zone.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60L)
                + (zone.Length > 2 ? int.Parse(zone.AsSpan(2, 2), CultureInfo.InvariantCulture) : 0)) * 60_000_000;
            if (time[sign] == '-') offset = -offset;
            time = time[..sign];
        }

        var parts = time.Split(':');
        if (parts.Length is < 2 or > 3) throw new FormatException();
        var micros = (int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture) * 3600L
            + int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) * 60L) * 1_000_000;
        if (parts.Length == 3)
        {
            var second = parts[2].Split('.');
            micros += int.Parse(second[0], NumberStyles.None, CultureInfo.InvariantCulture) * 1_000_000L;
            if (second.Length == 2) micros += long.Parse(second[1].PadRight(6, '0')[..6], NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return day + micros - offset;
    }

    /// <summary>The unscaled value of a decimal's text at a scale; further digits must be zero. An exponent is understood.</summary>
    public static Int128 ParseDecimal(string text, int scale)
    {
        var exponent = 0;
        if (text.AsSpan().IndexOfAny('e', 'E') is >= 0 and var e)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var point = text.IndexOf('.');
        var fraction = point < 0 ? 0 : text.Length - point - 1;
        var digits = BigInteger.Parse(point < 0 ? text : text.Remove(point, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var shift = scale - fraction + exponent;
        if (Math.Abs(shift) > 100) throw new FormatException();
        if (shift >= 0) return (Int128)(digits * BigInteger.Pow(10, shift));
        var (quotient, rest) = BigInteger.DivRem(digits, BigInteger.Pow(10, -shift));
        return rest.IsZero ? (Int128)quotient : throw new FormatException();
    }

    public static long FloorDiv(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    /// <summary>Days since 1970-01-01 as year, month, day. Counts in 400-year eras that begin in March, so that a leap day is a year's last.</summary>
    private static (int Year, int Month, int Day) ToCivil(int days)
    {
        var shifted = days + 719_468L;
        var era = FloorDiv(shifted, 146_097);
        var dayOfEra = shifted - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * month) + 2) / 5) + 1;
        var civilMonth = month < 10 ? month + 3 : month - 9;
        return ((int)(yearOfEra + (era * 400) + (civilMonth <= 2 ? 1 : 0)), (int)civilMonth, (int)day);
    }

    private static int FromCivil(int year, int month, int day)
    {
        long y = month <= 2 ? year - 1 : year;
        var era = FloorDiv(y, 400);
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return checked((int)((era * 146_097) + dayOfEra - 719_468));
    }
}
