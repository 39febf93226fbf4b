namespace Lakeflow.Runtime.Kernels;

/// <summary>Dates and timestamps by pattern.</summary>
public static class DateTimeFormatKernels
{
    public static Utf8 FormatTimestamp(long ts, DateTimePattern pattern, SessionZone zone, scoped ref TextArena scratch)
    {
        var offset = zone.OffsetAt(ts);
        return scratch.Copy(pattern.Format(ts + offset, offset, zone).AsSpan());
    }

    public static Utf8 FormatTimestampNtz(long local, DateTimePattern pattern, scoped ref TextArena scratch) =>
        scratch.Copy(pattern.Format(local, 0, SessionZone.Utc).AsSpan());

    /// <summary>Seconds since the epoch as <c>yyyy-MM-dd HH:mm:ss</c>.</summary>
    public static Utf8 FromUnixTime(long seconds, SessionZone zone, scoped ref TextArena scratch) =>
        TextOutput.TimestampToText(unchecked(seconds * Calendar.MicrosPerSecond), zone, ref scratch);

    public static Utf8 FromUnixTimePattern(long seconds, DateTimePattern pattern, SessionZone zone, scoped ref TextArena scratch) =>
        FormatTimestamp(unchecked(seconds * Calendar.MicrosPerSecond), pattern, zone, ref scratch);

    public static long ToTimestamp(Utf8 text, DateTimePattern pattern, SessionZone zone, int site)
    {
        var s = text.ToString();
        if (!pattern.TryParse(s, zone, out var micros)) Throw.DateTimeText(site, s, pattern.Text);
        return micros;
    }

    public static bool TryToTimestamp(Utf8 text, DateTimePattern pattern, SessionZone zone, out long result) => pattern.TryParse(text.ToString(), zone, out result);

    public static long ToTimestampNtz(Utf8 text, DateTimePattern pattern, int site)
    {
        var s = text.ToString();
        if (!pattern.TryParse(s, null, out var micros)) Throw.DateTimeText(site, s, pattern.Text);
        return micros;
    }

    public static int ToDate(Utf8 text, DateTimePattern pattern, int site) => Calendar.DayOf(ToTimestampNtz(text, pattern, site));

    public static bool TryToDate(Utf8 text, DateTimePattern pattern, out int result)
    {
        var done = pattern.TryParse(text.ToString(), null, out var micros);
        result = Calendar.DayOf(micros);
        return done;
    }

    public static long ToUnixSeconds(Utf8 text, DateTimePattern pattern, SessionZone zone, int site) =>
        TimestampKernels.UnixSeconds(ToTimestamp(text, pattern, zone, site));

    /// <summary><c>make_timestamp(y, m, d, h, mi, s)</c>: seconds in millionths (DECIMAL(16,6)); 60 seconds are the next minute.</summary>
    public static long MakeTimestamp(int year, int month, int day, int hour, int minute, long second, SessionZone zone, int site) =>
        zone.ToUtc(MakeTimestampNtz(year, month, day, hour, minute, second, site));

    public static long MakeTimestampNtz(int year, int month, int day, int hour, int minute, long second, int site)
    {
        if (second is > 60_000_000 and < 61_000_000)
            Throw.Raise(site, $"{second / 1e6} seconds are no second of a minute: only a whole 60 is the next minute.", "INVALID_FRACTION_OF_SECOND", "Use try_make_timestamp_ntz to get NULL instead.");
        if (!TryMakeTimestampNtz(year, month, day, hour, minute, second, out var local))
            Throw.DateTimeField(site, $"There is no time {year}-{month}-{day} {hour}:{minute}:{second / 1e6}.");
        return local;
    }

    /// <summary>In the zone that is named.</summary>
    public static long MakeTimestampIn(int year, int month, int day, int hour, int minute, long second, SessionZone there, int site) =>
        there.ToUtc(MakeTimestampNtz(year, month, day, hour, minute, second, site));

    public static bool TryMakeTimestamp(int year, int month, int day, int hour, int minute, long second, SessionZone zone, out long result) =>
        TryMakeTimestampIn(year, month, day, hour, minute, second, zone, out result);

    public static bool TryMakeTimestampIn(int year, int month, int day, int hour, int minute, long second, SessionZone there, out long result)
    {
        var done = TryMakeTimestampNtz(year, month, day, hour, minute, second, out var local);
        result = there.ToUtc(local);
        return done;
    }

    public static bool TryMakeTimestampNtz(int year, int month, int day, int hour, int minute, long second, out long result)
    {
        result = 0;
        if (!Calendar.TryDays(year, month, day, out var days) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60_000_000) return false;
        result = (days * Calendar.MicrosPerDay) + (hour * Calendar.MicrosPerHour) + (minute * Calendar.MicrosPerMinute) + second;
        return true;
    }
}
