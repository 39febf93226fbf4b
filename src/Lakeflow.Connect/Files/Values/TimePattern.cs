using System.Text;

namespace Lakeflow.Connect.Files.Values;

/// <summary>A date and time pattern of the <c>dateFormat</c> and <c>timestampFormat</c> options, read by hand so that no text is made a string.</summary>
/// <remarks>
/// Letters: y (yy: 2000–2099), M (MM, MMM and MMMM in English), d, D, H, h with a, m, s, S (a fraction), E (skipped), X x Z z V
/// (zones by offset), <c>'text'</c>, and <c>[…]</c> for what may be absent. Source: Spark SQL, datetime patterns for parsing.
/// </remarks>
internal sealed class TimePattern
{
    private static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private readonly Part[] parts;

    private TimePattern(Part[] parts) => this.parts = parts;

    /// <summary>Null for no pattern; LF7017 for one that cannot be read.</summary>
    public static TimePattern? Compile(string option, string? pattern)
    {
        if (pattern is null) return null;
        var at = 0;
        var parts = Parts(option, pattern, ref at, nested: false);
        return new TimePattern(parts);
    }

    /// <summary>Reads a whole text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="local">The wall clock in microseconds since 1970-01-01 00:00; parts that the pattern lacks are those of that moment.</param>
    /// <param name="offset">Microseconds that the text's zone is ahead of UTC.</param>
    /// <param name="hasOffset">False if the text names no zone.</param>
    public bool TryRead(ReadOnlySpan<byte> text, out long local, out long offset, out bool hasOffset)
    {
        var clock = new Clock { Year = 1970, Month = 1, Day = 1 };
        var at = 0;
        (local, offset, hasOffset) = (0, 0, false);
        if (!TryRead(parts, text, ref at, ref clock) || at != text.Length) return false;
        if (clock.HalfDay >= 0) clock.Hour = (clock.Hour % 12) + (clock.HalfDay * 12);
        if (!TryDay(clock.Year, clock.Month, clock.Day, out var days)) return false;
        if (clock.DayOfYear > 0 && (clock.DayOfYear > 366 || !TryDay(clock.Year, 1, 1, out days))) return false;
        if (clock.DayOfYear > 0) days += clock.DayOfYear - 1;
        if (clock.Hour > 23 || clock.Minute > 59 || clock.Second > 59) return false;
        local = ((((((days * 24L) + clock.Hour) * 60) + clock.Minute) * 60) + clock.Second) * 1_000_000 + clock.Micros;
        (offset, hasOffset) = (clock.Offset, clock.HasOffset);
        return true;
    }

    /// <summary>Days since 1970-01-01 of a day that exists in the proleptic Gregorian calendar.</summary>
    public static bool TryDay(int year, int month, int day, out int days)
    {
        days = 0;
        if (month is < 1 or > 12 || day < 1 || day > DaysIn(year, month)) return false;
        // Years begin in March, so that the leap day is the last of its year.
        var y = month <= 2 ? year - 1 : year;
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        days = (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static Part[] Parts(string option, string pattern, ref int at, bool nested)
    {
        var parts = new List<Part>();
        while (at < pattern.Length)
        {
            var c = pattern[at];
            if (c == ']' && nested) break;
            if (c == '[')
            {
                at++;
                var inner = Parts(option, pattern, ref at, nested: true);
                if (at++ >= pattern.Length) throw FileErrors.BadPattern(option, pattern, "a [ is not closed");
                parts.Add(new Part('[', 0, []) { Optional = inner });
            }
            else if (c == '\'')
            {
                var end = pattern.IndexOf('\'', at + 1);
                if (end < 0) throw FileErrors.BadPattern(option, pattern, "a quote is not closed");
                parts.Add(new Part('\'', 0, Encoding.UTF8.GetBytes(end == at + 1 ? "'" : pattern[(at + 1)..end])));
                at = end + 1;
            }
            else if (char.IsAsciiLetter(c))
            {
                var count = 1;
                while (at + count < pattern.Length && pattern[at + count] == c) count++;
                if ("yuMLdDHhkmsSaEXxZzVO".IndexOf(c, StringComparison.Ordinal) < 0) throw FileErrors.BadPattern(option, pattern, $"the letter {c} is not read");
                parts.Add(new Part(c, count, []));
                at += count;
            }
            else
            {
                parts.Add(new Part('\'', 0, Encoding.UTF8.GetBytes(char.IsHighSurrogate(c) && at + 1 < pattern.Length ? pattern.Substring(at++, 2) : c.ToString())));
                at++;
            }
        }

        // Digits that follow one another without a sign between them (yyyyMMdd) have the width that the letters say.
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            if (parts[i].IsNumber && parts[i + 1].IsNumber) parts[i] = parts[i] with { IsFixed = true };
        }

        return [.. parts];
    }

    private static bool TryRead(Part[] parts, ReadOnlySpan<byte> text, ref int at, ref Clock clock)
    {
        foreach (var part in parts)
        {
            if (part.Optional is not null)
            {
                var (before, mark) = (clock, at);
                if (!TryRead(part.Optional, text, ref at, ref clock)) (clock, at) = (before, mark);
                continue;
            }

            if (!TryRead(part, text, ref at, ref clock)) return false;
        }

        return true;
    }

    private static bool TryRead(Part part, ReadOnlySpan<byte> text, ref int at, ref Clock clock)
    {
        switch (part.Letter)
        {
            case '\'':
                if (!text[at..].StartsWith(part.Literal)) return false;
                at += part.Literal.Length;
                return true;
            case 'y' or 'u':
                if (part.Count == 2)
                {
                    if (!TryDigits(text, ref at, 2, 2, out clock.Year)) return false;
                    clock.Year += 2000;
                    return true;
                }

                return TryDigits(text, ref at, part.IsFixed ? part.Count : Math.Min(part.Count, 4), part.IsFixed ? part.Count : 6, out clock.Year);
            case 'M' or 'L' when part.Count >= 3:
                return TryMonth(text, ref at, part.Count == 3, out clock.Month);
            case 'M' or 'L':
                return TryDigits(text, ref at, part, out clock.Month);
            case 'd':
                return TryDigits(text, ref at, part, out clock.Day);
            case 'D':
                return TryDigits(text, ref at, part.Count, 3, out clock.DayOfYear);
            case 'H' or 'h' or 'k':
                return TryDigits(text, ref at, part, out clock.Hour) && (part.Letter != 'h' || clock.Hour is >= 1 and <= 12);
            case 'm':
                return TryDigits(text, ref at, part, out clock.Minute);
            case 's':
                return TryDigits(text, ref at, part, out clock.Second);
            case 'S':
                return TryFraction(text, ref at, part, out clock.Micros);
            case 'a':
                return TryHalfDay(text, ref at, out clock.HalfDay);
            case 'E':
                while (at < text.Length && char.IsAsciiLetter((char)text[at])) at++;
                return true;
            default:
                return TryOffset(text, ref at, ref clock);
        }
    }

    private static bool TryMonth(ReadOnlySpan<byte> text, ref int at, bool isShort, out int month)
    {
        for (month = 1; month <= 12; month++)
        {
            var name = isShort ? Months[month - 1][..3] : Months[month - 1];
            if (text.Length - at < name.Length || !Ascii.EqualsIgnoreCase(text.Slice(at, name.Length), name)) continue;
            at += name.Length;
            return true;
        }

        return false;
    }

    private static bool TryHalfDay(ReadOnlySpan<byte> text, ref int at, out int half)
    {
        half = -1;
        if (text.Length - at < 2) return false;
        if (Ascii.EqualsIgnoreCase(text.Slice(at, 2), "AM"u8)) half = 0;
        else if (Ascii.EqualsIgnoreCase(text.Slice(at, 2), "PM"u8)) half = 1;
        at += 2;
        return half >= 0;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, ref int at, Part part, out int micros)
    {
        micros = 0;
        var from = at;
        var weight = 100_000;
        for (; at < text.Length && at - from < part.Count && text[at] is >= (byte)'0' and <= (byte)'9'; at++, weight /= 10) micros += (text[at] - '0') * weight;
        return at > from;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, ref int at, ref Clock clock)
    {
        clock.HasOffset = true;
        foreach (var word in (ReadOnlySpan<string>)["Z", "UTC", "GMT"])
        {
            if (text.Length - at < word.Length || !Ascii.Equals(text.Slice(at, word.Length), word)) continue;
            at += word.Length;
            if (word == "Z" || at == text.Length || text[at] is not ((byte)'+' or (byte)'-')) return true;
        }

        if (at >= text.Length || text[at] is not ((byte)'+' or (byte)'-')) return false;
        var negative = text[at++] == (byte)'-';
        if (!TryDigits(text, ref at, 2, 2, out var hours)) return false;
        var minutes = 0;
        if (at < text.Length && text[at] == (byte)':') at++;
        if (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9' && !TryDigits(text, ref at, 2, 2, out minutes)) return false;
        clock.Offset = (((hours * 60L) + minutes) * 60_000_000) * (negative ? -1 : 1);
        return hours <= 18 && minutes <= 59;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, ref int at, Part part, out int value) =>
        TryDigits(text, ref at, part.Count, part.IsFixed ? part.Count : Math.Max(2, part.Count), out value);

    private static bool TryDigits(ReadOnlySpan<byte> text, ref int at, int least, int most, out int value)
    {
        value = 0;
        var from = at;
        for (; at < text.Length && at - from < most && text[at] is >= (byte)'0' and <= (byte)'9'; at++) value = (value * 10) + (text[at] - '0');
        return at - from >= least;
    }

    /// <summary>What the text has said so far.</summary>
    private struct Clock
    {
        public int Year;
        public int Month;
        public int Day;
        public int DayOfYear;
        public int Hour;
        public int HalfDay = -1;
        public int Minute;
        public int Second;
        public int Micros;
        public long Offset;
        public bool HasOffset;

        public Clock()
        {
        }
    }

    private sealed record Part(char Letter, int Count, byte[] Literal)
    {
        public Part[]? Optional { get; init; }

        public bool IsFixed { get; init; }

        public bool IsNumber => Letter is 'y' or 'u' or 'd' or 'D' or 'H' or 'h' or 'k' or 'm' or 's' or 'S' || (Letter is 'M' or 'L' && Count < 3);
    }
}
