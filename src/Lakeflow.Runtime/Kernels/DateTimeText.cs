using System.Collections.Concurrent;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Dates and timestamps from text and to text, as CAST has them (patterns are another matter).</summary>
public static class DateTimeText
{
    private static readonly ConcurrentDictionary<string, SessionZone?> Zones = new(StringComparer.Ordinal);

    /// <summary><c>[+-]yyyy[y…]</c>, <c>yyyy-[m]m</c>, <c>yyyy-[m]m-[d]d</c>, the last also before a blank or <c>T</c> and anything.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        text = NumberText.Trim(text);
        return ReadDate(ref text, out days) && (text.IsEmpty || text[0] is (byte)' ' or (byte)'T');
    }

    /// <summary>A date, or date and time to nanoseconds (cut to microseconds), with an optional zone.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">Where a clock without a zone stands; null to ignore zones (TIMESTAMP_NTZ).</param>
    /// <param name="micros">The instant, or the wall clock if <paramref name="zone"/> is null.</param>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, SessionZone? zone, out long micros)
    {
        text = NumberText.Trim(text);
        micros = 0;
        if (!ReadDate(ref text, out var days)) return false;
        long time = 0;
        SessionZone? own = null;
        if (!text.IsEmpty)
        {
            if (text[0] is not ((byte)' ' or (byte)'T')) return false;
            text = text[1..];
            if (!text.IsEmpty && (!ReadTime(ref text, out time) || !ReadZone(text, out own))) return false;
        }

        if (!IntegerKernels.TryMultiplyInt64(days, Calendar.MicrosPerDay, out var start) || !IntegerKernels.TryAddInt64(start, time, out var local)) return false;
        micros = zone is null ? local : (own ?? zone).ToUtc(local);
        return true;
    }

    /// <summary>A time alone, <c>[h]h:[m]m[:[s]s[.f]]</c>, as microseconds of the day.</summary>
    public static bool TryClock(ReadOnlySpan<byte> text, out long micros)
    {
        text = NumberText.Trim(text);
        var colon = text.IndexOf((byte)':');
        micros = 0;
        return colon is 1 or 2 && ReadTime(ref text, out micros) && text.IsEmpty;
    }

    /// <summary>Writes <c>yyyy-MM-dd</c>; at most 16 bytes.</summary>
    public static int WriteDate(int days, Span<byte> to)
    {
        Calendar.Split(days, out var year, out var month, out var day);
        var n = 0;
        if (year < 0)
        {
            to[n++] = (byte)'-';
            year = -year;
        }
        else if (year > 9999)
        {
            to[n++] = (byte)'+';
        }

        n += Digits(year, year > 999_999 ? 7 : year > 99_999 ? 6 : year > 9999 ? 5 : 4, to[n..]);
        to[n++] = (byte)'-';
        n += Digits(month, 2, to[n..]);
        to[n++] = (byte)'-';
        return n + Digits(day, 2, to[n..]);
    }

    /// <summary>Writes <c>yyyy-MM-dd HH:mm:ss[.ffffff]</c> without trailing zeros of the fraction; at most 32 bytes.</summary>
    public static int WriteTimestamp(long local, Span<byte> to)
    {
        var n = WriteDate(Calendar.DayOf(local), to);
        var time = Calendar.TimeOfDay(local);
        to[n++] = (byte)' ';
        n += Digits((int)(time / Calendar.MicrosPerHour), 2, to[n..]);
        to[n++] = (byte)':';
        n += Digits((int)(time / Calendar.MicrosPerMinute % 60), 2, to[n..]);
        to[n++] = (byte)':';
        n += Digits((int)(time / Calendar.MicrosPerSecond % 60), 2, to[n..]);
        var fraction = (int)(time % Calendar.MicrosPerSecond);
        if (fraction == 0) return n;
        to[n++] = (byte)'.';
        n += Digits(fraction, 6, to[n..]);
        while (to[n - 1] == '0') n--;
        return n;
    }

    internal static int Digits(int value, int width, Span<byte> to)
    {
        for (var i = width - 1; i >= 0; i--)
        {
            to[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        return width;
    }

    internal static SessionZone? ZoneOf(string id) => Zones.GetOrAdd(id, static name => SessionZone.Find(name));

    private static bool ReadDate(ref ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        var negative = !text.IsEmpty && text[0] == '-';
        if (negative || (!text.IsEmpty && text[0] == '+')) text = text[1..];
        if (!ReadNumber(ref text, 4, 7, out var year)) return false;
        int month = 1, day = 1;
        if (!text.IsEmpty && text[0] == '-')
        {
            text = text[1..];
            if (!ReadNumber(ref text, 1, 2, out month)) return false;
            if (!text.IsEmpty && text[0] == '-')
            {
                text = text[1..];
                if (!ReadNumber(ref text, 1, 2, out day)) return false;
            }
            else if (!text.IsEmpty)
            {
                return false;
            }
        }
        else if (!text.IsEmpty)
        {
            return false;
        }

        return Calendar.TryDays(negative ? -year : year, month, day, out days);
    }

    private static bool ReadTime(ref ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (!ReadNumber(ref text, 1, 2, out var hour) || hour > 23) return false;
        int minute = 0, second = 0, fraction = 0;
        if (!text.IsEmpty && text[0] == ':')
        {
            text = text[1..];
            if (!ReadNumber(ref text, 1, 2, out minute) || minute > 59) return false;
            if (!text.IsEmpty && text[0] == ':')
            {
                text = text[1..];
                if (!ReadNumber(ref text, 1, 2, out second) || second > 59) return false;
                if (!text.IsEmpty && text[0] == '.')
                {
                    var digits = 0;
                    var at = 1;
                    for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++, digits++)
                    {
                        if (digits < 6) fraction = (fraction * 10) + text[at] - '0';
                    }

                    for (; digits < 6; digits++) fraction *= 10;
                    text = text[at..];
                }
            }
        }

        micros = (hour * Calendar.MicrosPerHour) + (minute * Calendar.MicrosPerMinute) + (second * Calendar.MicrosPerSecond) + fraction;
        return true;
    }

    private static bool ReadZone(ReadOnlySpan<byte> text, out SessionZone? zone)
    {
        zone = null;
        text = NumberText.Trim(text);
        if (text.IsEmpty) return true;
        zone = text is [(byte)'Z'] ? SessionZone.Utc : ZoneOf(System.Text.Encoding.UTF8.GetString(text));
        return zone is not null;
    }

    private static bool ReadNumber(ref ReadOnlySpan<byte> text, int least, int most, out int value)
    {
        value = 0;
        var n = 0;
        for (; n < text.Length && (uint)(text[n] - '0') <= 9; n++)
        {
            if (n == most) return false;
            value = (value * 10) + text[n] - '0';
        }

        text = text[n..];
        return n >= least;
    }
}
