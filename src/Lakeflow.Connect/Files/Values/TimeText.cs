using System.Runtime.CompilerServices;

namespace Lakeflow.Connect.Files.Values;

/// <summary>Dates and timestamps in ISO 8601 text, in place, in the forms that Spark casts from.</summary>
/// <remarks>
/// <c>yyyy</c>, <c>yyyy-[M]M</c>, <c>yyyy-[M]M-[d]d</c>, and for a timestamp after a blank or T <c>[H]H:[m]m[:[s]s[.f]]</c>
/// with an optional zone (Z, UTC, GMT, ±H, ±HH:mm, ±HHmm, a region). Digits after the sixth of a second are cut off.
/// Source: Spark SQL's DateTimeUtils, stringToDate and stringToTimestamp.
/// </remarks>
internal static class TimeText
{
    private const long MicrosPerSecond = 1_000_000;
    private const long MicrosPerDay = 86_400 * MicrosPerSecond;

    /// <summary>Days since 1970-01-01. Text after a T or a blank behind a whole date is left out, as Spark's cast does.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        if (text.Length == 10 && TryTenDigitDate(text, out days)) return true;
        text = text.Trim((byte)' ');
        var at = 0;
        if (!TryDatePart(text, ref at, out days, out var whole)) return false;
        return at == text.Length || (whole && text[at] is (byte)'T' or (byte)' ');
    }

    /// <summary>Microseconds since the epoch; <paramref name="offset"/> is the zone's, 0 where the text names none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="local">The wall clock's microseconds, as if it were UTC.</param>
    /// <param name="offset">Microseconds that the named zone is ahead of UTC.</param>
    /// <param name="zone">What is known of the zone.</param>
    /// <param name="region">Where the name of a region stands in <paramref name="text"/>.</param>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long local, out long offset, out ZoneText zone, out Range region)
    {
        (local, offset, zone, region) = (0, 0, ZoneText.None, default);
        if (text.Length > 0 && (text[0] == (byte)' ' || text[^1] == (byte)' ')) text = text.Trim((byte)' ');
        var at = 10;
        if (text.Length < 10 || !TryTenDigitDate(text[..10], out var days))
        {
            at = 0;
            if (!TryDatePart(text, ref at, out days, out var whole)) return false;
            if (!whole && at < text.Length) return false;
        }

        // TIMESTAMP ends in the year 294247; further days would overflow its microseconds.
        if (Math.Abs((long)days) > 106_751_990) return false;
        local = days * MicrosPerDay;
        if (at == text.Length) return true;
        if (text[at] is not ((byte)'T' or (byte)' ')) return false;
        at++;
        if (!TryClock(text, ref at, out var micros)) return false;
        local += micros;
        return at == text.Length || TryZone(text, at, out offset, out zone, out region);
    }

    /// <summary>Days since 1970-01-01 of a day in the proleptic Gregorian calendar; the day must exist.</summary>
    public static int DaysFrom(int year, int month, int day)
    {
        // Years begin in March, so that the leap day is the last of its year.
        var y = month <= 2 ? year - 1 : year;
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTenDigitDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text.Length < 10 || text[4] != (byte)'-' || text[7] != (byte)'-') return false;
        var (a, b, c, d) = ((uint)text[0] - '0', (uint)text[1] - '0', (uint)text[2] - '0', (uint)text[3] - '0');
        var (e, f, g, h) = ((uint)text[5] - '0', (uint)text[6] - '0', (uint)text[8] - '0', (uint)text[9] - '0');
        if (a > 9 || b > 9 || c > 9 || d > 9 || e > 9 || f > 9 || g > 9 || h > 9) return false;
        return TryDay((int)((a * 1000) + (b * 100) + (c * 10) + d), (int)((e * 10) + f), (int)((g * 10) + h), out days);
    }

    private static bool TryDay(int year, int month, int day, out int days)
    {
        days = 0;
        if (month is < 1 or > 12 || day < 1 || day > DaysIn(year, month)) return false;
        days = DaysFrom(year, month, day);
        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool TryDatePart(ReadOnlySpan<byte> text, ref int at, out int days, out bool whole)
    {
        (days, whole) = (0, false);
        var negative = false;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+') negative = text[at++] == (byte)'-';
        // Years have 4 digits, up to 6 for a TIMESTAMP and 7 for a DATE.
        if (!TryDigits(text, ref at, 4, 7, out var year)) return false;
        if (negative) year = -year;
        var (month, day) = (1, 1);
        if (at < text.Length && text[at] == (byte)'-')
        {
            at++;
            if (!TryDigits(text, ref at, 1, 2, out month)) return false;
            if (at < text.Length && text[at] == (byte)'-')
            {
                at++;
                if (!TryDigits(text, ref at, 1, 2, out day)) return false;
                whole = true;
            }
        }

        return TryDay(year, month, day, out days);
    }

    private static bool TryClock(ReadOnlySpan<byte> text, ref int at, out long micros)
    {
        micros = 0;
        if (!TryDigits(text, ref at, 1, 2, out var hour) || hour > 23) return false;
        var (minute, second, fraction) = (0, 0, 0L);
        if (at < text.Length && text[at] == (byte)':')
        {
            at++;
            if (!TryDigits(text, ref at, 1, 2, out minute) || minute > 59) return false;
            if (at < text.Length && text[at] == (byte)':')
            {
                at++;
                if (!TryDigits(text, ref at, 1, 2, out second) || second > 59) return false;
                if (at < text.Length && text[at] == (byte)'.')
                {
                    at++;
                    var weight = MicrosPerSecond / 10;
                    for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++, weight /= 10) fraction += (text[at] - '0') * weight;
                }
            }
        }

        micros = ((((hour * 60L) + minute) * 60) + second) * MicrosPerSecond + fraction;
        return true;
    }

    private static bool TryZone(ReadOnlySpan<byte> text, int at, out long offset, out ZoneText zone, out Range region)
    {
        (offset, zone, region) = (0, ZoneText.Offset, default);
        if (text[at] == (byte)' ') at++;
        var rest = text[at..];
        if (rest is [(byte)'Z'] || rest.SequenceEqual("UTC"u8) || rest.SequenceEqual("GMT"u8) || rest.SequenceEqual("UT"u8)) return true;
        if (rest.Length > 3 && rest[3] is (byte)'+' or (byte)'-' && (rest.StartsWith("UTC"u8) || rest.StartsWith("GMT"u8)))
        {
            rest = rest[3..];
        }

        if (rest.IsEmpty) return false;
        if (rest[0] is not ((byte)'+' or (byte)'-'))
        {
            (zone, region) = (ZoneText.Region, at..text.Length);
            return true;
        }

        var i = 1;
        var (minutes, seconds) = (0, 0);
        if (!TryDigits(rest, ref i, 1, 2, out var hours)) return false;
        if (i < rest.Length)
        {
            if (rest[i] == (byte)':') i++;
            if (!TryDigits(rest, ref i, 2, 2, out minutes)) return false;
            if (i < rest.Length && (rest[i++] != (byte)':' || !TryDigits(rest, ref i, 2, 2, out seconds))) return false;
        }

        if (i != rest.Length || hours > 18 || minutes > 59 || seconds > 59) return false;
        offset = ((((hours * 60L) + minutes) * 60) + seconds) * MicrosPerSecond;
        if (rest[0] == (byte)'-') offset = -offset;
        return Math.Abs(offset) <= 18 * 3600 * MicrosPerSecond;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, ref int at, int least, int most, out int value)
    {
        value = 0;
        var from = at;
        for (; at < text.Length && at - from < most && text[at] is >= (byte)'0' and <= (byte)'9'; at++) value = (value * 10) + (text[at] - '0');
        return at - from >= least && (at == text.Length || text[at] is not (>= (byte)'0' and <= (byte)'9') || most - (at - from) > 0);
    }
}

/// <summary>What a timestamp's text says of its zone.</summary>
internal enum ZoneText
{
    None,
    Offset,
    Region,
}
