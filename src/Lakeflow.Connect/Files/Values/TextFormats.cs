using System.Runtime.CompilerServices;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Connect.Files.Values;

/// <summary>How dates and timestamps are written in a scan's text, and which zone they are in where they name none.</summary>
internal sealed class TextFormats
{
    private const long MicrosPerSecond = 1_000_000;

    private readonly SessionZone zone;

    public TextFormats(FileScanSpec spec)
    {
        DatePattern = TimePattern.Compile("dateFormat", spec.Options.TextOrNull("dateFormat"));
        TimestampPattern = TimePattern.Compile("timestampFormat", spec.Options.TextOrNull("timestampFormat"));
        TimestampNtzPattern = TimePattern.Compile("timestampNTZFormat", spec.Options.TextOrNull("timestampNTZFormat"));
        zone = spec.Options.TextOrNull("timeZone") is { } id ? SessionZone.Find(id) ?? throw FileErrors.UnknownZone(id) : spec.Zone;
    }

    /// <summary>Null: ISO 8601, as CAST reads it.</summary>
    public TimePattern? DatePattern { get; }

    public TimePattern? TimestampPattern { get; }

    public TimePattern? TimestampNtzPattern { get; }

    public bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        if (DatePattern is null) return (text.Length == 10 && TryIsoDate(text, out days)) || DateTimeText.TryDate(text, out days);
        var good = DatePattern.TryRead(NumberText.Trim(text), out var local, out _, out _);
        days = (int)Math.DivRem(local, 86_400 * MicrosPerSecond, out var rest) - (rest < 0 ? 1 : 0);
        return good;
    }

    /// <summary>The instant, in microseconds UTC.</summary>
    public bool TryTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        if (TimestampPattern is null)
        {
            if (!TryIsoClock(text, out micros)) return DateTimeText.TryTimestamp(text, zone, out micros);
            if (!zone.IsUtc) micros = zone.ToUtc(micros);
            return true;
        }

        if (!TimestampPattern.TryRead(NumberText.Trim(text), out micros, out var offset, out var hasOffset)) return false;
        micros = hasOffset ? micros - offset : zone.ToUtc(micros);
        return true;
    }

    /// <summary>The wall clock, in microseconds; a zone in the text is left out.</summary>
    public bool TryTimestampNtz(ReadOnlySpan<byte> text, out long micros)
    {
        if (TimestampNtzPattern is null) return TryIsoClock(text, out micros) || DateTimeText.TryTimestamp(text, null, out micros);
        return TimestampNtzPattern.TryRead(NumberText.Trim(text), out micros, out _, out _);
    }

    /// <summary><c>yyyy-MM-dd</c>, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryIsoDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text.Length < 10 || text[4] != (byte)'-' || text[7] != (byte)'-') return false;
        var (a, b, c, d) = ((uint)text[0] - '0', (uint)text[1] - '0', (uint)text[2] - '0', (uint)text[3] - '0');
        var (e, f, g, h) = ((uint)text[5] - '0', (uint)text[6] - '0', (uint)text[8] - '0', (uint)text[9] - '0');
        if (a > 9 || b > 9 || c > 9 || d > 9 || e > 9 || f > 9 || g > 9 || h > 9) return false;
        return TimePattern.TryDay((int)((a * 1000) + (b * 100) + (c * 10) + d), (int)((e * 10) + f), (int)((g * 10) + h), out days);
    }

    /// <summary><c>yyyy-MM-dd HH:mm:ss</c> with a blank or a T, and up to nine digits of a fraction; no zone.</summary>
    private static bool TryIsoClock(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length is < 19 or > 29 || !TryIsoDate(text, out var days)) return false;
        if (text[10] is not ((byte)' ' or (byte)'T') || text[13] != (byte)':' || text[16] != (byte)':') return false;
        if (!TryTwo(text, 11, 23, out var hour) || !TryTwo(text, 14, 59, out var minute) || !TryTwo(text, 17, 59, out var second)) return false;
        var fraction = 0L;
        if (text.Length > 19)
        {
            if (text[19] != (byte)'.') return false;
            var weight = MicrosPerSecond / 10;
            for (var i = 20; i < text.Length; i++, weight /= 10)
            {
                var digit = (uint)text[i] - '0';
                if (digit > 9) return false;
                fraction += digit * weight;
            }
        }

        micros = (((((days * 24L) + hour) * 60 + minute) * 60) + second) * MicrosPerSecond + fraction;
        return true;
    }

    private static bool TryTwo(ReadOnlySpan<byte> text, int at, int most, out int value)
    {
        var (tens, ones) = ((uint)text[at] - '0', (uint)text[at + 1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9 && value <= most;
    }
}
