namespace Lakeflow.Runtime.Kernels;

/// <summary>Seconds since the epoch from texts.</summary>
public static class TimestampTextKernels
{
    private static readonly DateTimePattern Standard = DateTimePattern.Compile("yyyy-MM-dd HH:mm:ss");

    /// <summary>By the pattern <c>yyyy-MM-dd HH:mm:ss</c>.</summary>
    public static long UnixSecondsOfText(Utf8 text, SessionZone zone, int site) => DateTimeFormatKernels.ToUnixSeconds(text, Standard, zone, site);

    /// <summary>A timestamp needs no pattern; one that is given is not looked at.</summary>
    public static long UnixSecondsIgnoringPattern(long ts, Utf8 pattern) => TimestampKernels.UnixSeconds(ts);
}
