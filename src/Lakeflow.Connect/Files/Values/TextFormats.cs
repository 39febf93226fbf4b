using System.Text;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files.Values;

/// <summary>How dates and timestamps are written in a scan's text, and which zone they are in where they name none.</summary>
internal sealed class TextFormats
{
    private readonly TimeZoneInfo? zone;

    public TextFormats(FileScanSpec spec)
    {
        DateFormat = spec.Options.TextOrNull("dateFormat");
        TimestampFormat = spec.Options.TextOrNull("timestampFormat");
        TimestampNtzFormat = spec.Options.TextOrNull("timestampNTZFormat");
        if (spec.Options.TextOrNull("timeZone") is { } id && id is not ("UTC" or "Z" or "GMT")) zone = TimeZoneInfo.FindSystemTimeZoneById(id);
    }

    public string? DateFormat { get; }

    public string? TimestampFormat { get; }

    public string? TimestampNtzFormat { get; }

    public bool TryDate(ReadOnlySpan<byte> text, out int days) => TimeText.TryDate(text, out days);

    /// <summary>The instant, in microseconds UTC.</summary>
    public bool TryTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        if (!TimeText.TryTimestamp(text, out micros, out var offset, out var kind, out var region)) return false;
        switch (kind)
        {
            case ZoneText.Offset:
                micros -= offset;
                return true;
            case ZoneText.Region:
                if (!TimeZoneInfo.TryFindSystemTimeZoneById(Encoding.UTF8.GetString(text.Trim((byte)' ')[region]), out var named)) return false;
                micros = ToUtc(micros, named);
                return true;
            default:
                if (zone is not null) micros = ToUtc(micros, zone);
                return true;
        }
    }

    /// <summary>The wall clock, in microseconds; a zone in the text is left out.</summary>
    public bool TryTimestampNtz(ReadOnlySpan<byte> text, out long micros) => TimeText.TryTimestamp(text, out micros, out _, out _, out _);

    private static long ToUtc(long local, TimeZoneInfo zone)
    {
        var clock = DateTime.UnixEpoch.AddTicks(local * TimeSpan.TicksPerMicrosecond);
        return local - (zone.GetUtcOffset(DateTime.SpecifyKind(clock, DateTimeKind.Unspecified)).Ticks / TimeSpan.TicksPerMicrosecond);
    }
}
