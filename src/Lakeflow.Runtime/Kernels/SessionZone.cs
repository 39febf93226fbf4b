namespace Lakeflow.Runtime.Kernels;

/// <summary>A time zone: between instants (microseconds since the epoch, UTC) and wall clocks (microseconds since 1970-01-01 00:00 there).</summary>
public sealed class SessionZone : ICompiledText<SessionZone>
{
    public static readonly SessionZone Utc = new("UTC", null, 0);

    private const long Second = 1_000_000;

    private readonly TimeZoneInfo? rules;
    private readonly long offset;
    private readonly (long Until, long Offset)[] history;

    // Offsets change a few times a year: one remembered stretch answers almost every question. Replaced whole, so reads need no lock.
    private volatile Stretch? last;

    private SessionZone(string id, TimeZoneInfo? rules, long offset)
    {
        Id = id;
        this.rules = rules;
        this.offset = offset;
        history = rules is null ? [] : ZoneHistory.Of(id);
    }

    public string Id { get; }

    /// <summary>True for a region, whose offset changes.</summary>
    public bool IsRegion => rules is not null;

    public bool IsUtc => rules is null && offset == 0;

    /// <summary>A zone by region (<c>Europe/Oslo</c>), by offset (<c>+02:00</c>, <c>UTC+2</c>) or <c>Z</c>; null if there is none.</summary>
    public static SessionZone? Find(string id)
    {
        var name = id.Trim();
        if (name is "Z" or "z" or "UTC" or "GMT" or "UT" or "Etc/UTC") return Utc;
        if (TryOffset(name, out var micros)) return micros == 0 ? Utc : new SessionZone(name, null, micros);
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var rules) ? new SessionZone(name, rules, 0) : null;
    }

    public static SessionZone Compile(string text) =>
        Find(text) ?? throw new KernelFault(-1, "LF5009", $"There is no time zone '{text}'.", "Use a region such as Europe/Oslo, or an offset such as +02:00.", "INVALID_TIMEZONE");

    /// <summary>The wall clock of an instant.</summary>
    public long ToLocal(long utc) => utc + OffsetAt(utc);

    /// <summary>The instant of a wall clock. In a gap the clock is pushed forward by the gap's length; in an overlap the earlier instant is meant.</summary>
    public long ToUtc(long local)
    {
        if (rules is null) return local - offset;
        // The offset before and after any change near by; the earlier instant is the one with the larger offset.
        var before = OffsetAt(local - (24 * 3600 * Second));
        var after = OffsetAt(local + (24 * 3600 * Second));
        if (before == after) return local - before;
        var first = local - before;
        if (OffsetAt(first) == before) return first;
        var second = local - after;
        return OffsetAt(second) == after ? second : first;
    }

    /// <summary>Microseconds to add to UTC at that instant.</summary>
    public long OffsetAt(long utc)
    {
        if (rules is null) return offset;
        var seen = last;
        if (seen is not null && utc >= seen.From && utc < seen.Until) return seen.Offset;
        return Look(utc);
    }

    private long Look(long utc)
    {
        const long Hour = 3600 * Second;
        var here = Raw(utc);
        // A stretch is only as long as its ends agree in steps of six hours: no change lasts less.
        var from = utc - Mod(utc, 6 * Hour);
        var until = from + (6 * Hour);
        if (Raw(from) != here || Raw(until - 1) != here)
        {
            from = utc;
            until = utc + 1;
        }

        last = new Stretch(from, until, here);
        return here;
    }

    private long Raw(long utc)
    {
        foreach (var (until, exact) in history)
        {
            if (utc < until) return exact;
        }

        var ticks = Math.Clamp(utc, -62_135_596_800L * Second, 253_402_300_799L * Second) * 10;
        return rules!.GetUtcOffset(new DateTime(DateTime.UnixEpoch.Ticks + ticks, DateTimeKind.Utc)).Ticks / 10;
    }

    private static long Mod(long a, long b) => ((a % b) + b) % b;

    private static bool TryOffset(string name, out long micros)
    {
        micros = 0;
        foreach (var prefix in (ReadOnlySpan<string>)["UTC", "GMT", "UT"])
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            name = name[prefix.Length..];
            break;
        }

        if (name.Length < 2 || name[0] is not ('+' or '-')) return false;
        var parts = name[1..].Split(':');
        if (parts.Length == 1 && parts[0].Length is 4 or 6) parts = [.. parts[0].Chunk(2).Select(c => new string(c))];
        if (parts.Length > 3) return false;
        long seconds = 0;
        var unit = 3600;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 2 || !int.TryParse(part, System.Globalization.NumberStyles.None, null, out var n) || (unit < 3600 && n > 59)) return false;
            seconds += n * unit;
            unit /= 60;
        }

        if (seconds > 18 * 3600) return false;
        micros = (name[0] == '-' ? -seconds : seconds) * Second;
        return true;
    }

    private sealed record Stretch(long From, long Until, long Offset);
}
