namespace Lakeflow.Runtime.Kernels;

/// <summary>Seconds since the epoch from texts.</summary>
public static class TimestampTextKernels
{
    private static readonly DateTimePattern Standard = DateTimePattern.Compile("yyyy-MM-dd HH:mm:ss");

    /// <summary>By the pattern <c>yyyy-MM-dd HH:mm:ss</c>.</summary>
    public static long UnixSecondsOfText(Utf8 text, SessionZone zone, int site) => DateTimeFormatKernels.ToUnixSeconds(text, Standard, zone, site);

    /// <summary>The hour of a timestamp in text, or of a time alone (<c>10:11:12</c>).</summary>
    public static int HourOfText(Utf8 text, SessionZone zone, int site) => (int)(Clock(text, zone, site) / Calendar.MicrosPerHour);

    public static int MinuteOfText(Utf8 text, SessionZone zone, int site) => (int)(Clock(text, zone, site) / Calendar.MicrosPerMinute % 60);

    public static int SecondOfText(Utf8 text, SessionZone zone, int site) => (int)(Clock(text, zone, site) / Calendar.MicrosPerSecond % 60);

    private static long Clock(Utf8 text, SessionZone zone, int site) =>
        DateTimeText.TryClock(text.Bytes, out var time) ? time : Calendar.TimeOfDay(zone.ToLocal(TextCasts.TextToTimestamp(text, zone, site)));

    /// <summary>A timestamp needs no pattern; one that is given is not looked at.</summary>
    public static long UnixSecondsIgnoringPattern(long ts, Utf8 pattern) => TimestampKernels.UnixSeconds(ts);
}
