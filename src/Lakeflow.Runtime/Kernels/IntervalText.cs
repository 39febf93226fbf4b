using System.Globalization;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Intervals from and to text: <c>1-2</c>, <c>1 02:03:04.5</c>, and the literal's own form <c>INTERVAL '1-2' YEAR TO MONTH</c>.</summary>
public static class IntervalText
{
    /// <summary><c>[-]y-m</c>, or a whole literal.</summary>
    public static bool TryMonths(string text, out int months)
    {
        months = 0;
        var body = Body(text, "YEAR TO MONTH", out var negative);
        var parts = body.Split('-');
        if (parts.Length != 2 || !Number(parts[0], out var years) || !Number(parts[1], out var rest) || rest > 11) return false;
        var total = (years * 12L) + rest;
        if (negative) total = -total;
        months = (int)total;
        return months == total;
    }

    /// <summary><c>[-]d h:m:s[.f]</c>, or a whole literal.</summary>
    public static bool TryDuration(string text, out long micros)
    {
        micros = 0;
        var body = Body(text, "DAY TO SECOND", out var negative);
        var space = body.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !Number(body[..space], out var days)) return false;
        var clock = body[(space + 1)..].Split(':');
        if (clock.Length != 3 || !Number(clock[0], out var hours) || !Number(clock[1], out var minutes) || hours > 23 || minutes > 59) return false;
        if (!decimal.TryParse(clock[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds >= 60) return false;
        var total = (days * (Int128)Calendar.MicrosPerDay) + (hours * Calendar.MicrosPerHour) + (minutes * Calendar.MicrosPerMinute) + (long)(seconds * 1_000_000);
        if (negative) total = -total;
        micros = unchecked((long)total);
        return micros == total;
    }

    public static string OfMonths(int months)
    {
        var size = Math.Abs((long)months);
        return string.Create(CultureInfo.InvariantCulture, $"INTERVAL '{(months < 0 ? "-" : "")}{size / 12}-{size % 12}' YEAR TO MONTH");
    }

    public static string OfDuration(long micros)
    {
        var size = (UInt128)Int128.Abs(micros);
        var second = (decimal)(ulong)(size % Calendar.MicrosPerMinute) / 1_000_000m;
        return string.Create(CultureInfo.InvariantCulture,
            $"INTERVAL '{(micros < 0 ? "-" : "")}{size / Calendar.MicrosPerDay} {(ulong)(size % Calendar.MicrosPerDay / Calendar.MicrosPerHour):00}:{(ulong)(size % Calendar.MicrosPerHour / Calendar.MicrosPerMinute):00}:{second:00.######}' DAY TO SECOND");
    }

    /// <summary>What stands in the quotes of a literal, or the text itself; with its signs taken off.</summary>
    private static string Body(string text, string unit, out bool negative)
    {
        negative = false;
        text = text.Trim();
        if (text.StartsWith("INTERVAL", StringComparison.OrdinalIgnoreCase) && text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
        {
            text = text["INTERVAL".Length..^unit.Length].Trim();
            if (text.StartsWith('-'))
            {
                negative = true;
                text = text[1..].Trim();
            }

            text = text.Trim('\'').Trim();
        }

        if (text.StartsWith('-')) negative = !negative;
        return text.TrimStart('+', '-');
    }

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < 1_000_000_000;
}
