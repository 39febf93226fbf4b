namespace Lakeflow.Runtime.Kernels;

/// <summary>What a pattern has read of a text so far.</summary>
internal sealed class DateTimeFields
{
    private int? year, month, day, dayOfYear, hour, hour12, minute, second, micro;
    private bool? pm;
    private bool beforeChrist;

    public long? Offset { get; private set; }

    public SessionZone? Zone { get; private set; }

    /// <summary>Reads one field at a place; false if it is not there.</summary>
    public bool Read(char letter, int count, string text, ref int at, bool tight)
    {
        switch (letter)
        {
            case 'y':
                if (count == 2)
                {
                    if (!Number(text, ref at, 2, 2, out var y)) return false;
                    year = 2000 + y;
                    return true;
                }

                var negative = at < text.Length && text[at] == '-' && count >= 4;
                if (negative || (at < text.Length && text[at] == '+' && count > 4)) at++;
                if (!Number(text, ref at, count == 1 ? 1 : count, tight ? count : Math.Max(count, 6), out var full) || full > 290_000) return false;
                year = negative ? -full : full;
                return true;
            case 'M' or 'L' when count >= 3: return Name(text, ref at, Names.Months, count, ref month);
            case 'M' or 'L': return Number(text, ref at, count, tight, ref month);
            case 'd': return Number(text, ref at, count, tight, ref day);
            case 'D':
                if (!Number(text, ref at, count, 3, out var d)) return false;
                dayOfYear = d;
                return true;
            case 'H': return Number(text, ref at, count, tight, ref hour);
            case 'k':
                if (!Number(text, ref at, count, tight, ref hour) || hour is < 1 or > 24) return false;
                hour %= 24;
                return true;
            case 'h': return Number(text, ref at, count, tight, ref hour12) && hour12 is >= 1 and <= 12;
            case 'K': return Number(text, ref at, count, tight, ref hour12) && hour12 is >= 0 and <= 11;
            case 'm': return Number(text, ref at, count, tight, ref minute);
            case 's': return Number(text, ref at, count, tight, ref second);
            case 'S':
                var start = at;
                if (!Number(text, ref at, tight ? count : 1, count, out var fraction)) return false;
                for (var n = at - start; n < 6; n++) fraction *= 10;
                for (var n = at - start; n > 6; n--) fraction /= 10;
                micro = fraction;
                return true;
            case 'a':
                if (at + 2 > text.Length) return false;
                var half = text.AsSpan(at, 2);
                if (half.Equals("AM", StringComparison.OrdinalIgnoreCase)) pm = false;
                else if (half.Equals("PM", StringComparison.OrdinalIgnoreCase)) pm = true;
                else return false;
                at += 2;
                return true;
            case 'G':
                if (at + 2 > text.Length) return false;
                beforeChrist = text.AsSpan(at, 2).Equals("BC", StringComparison.OrdinalIgnoreCase);
                at += 2;
                return true;
            case 'E':
                int? ignored = null;
                return Name(text, ref at, Names.Days, count, ref ignored);
            case 'V' or 'z' or 'O' or 'X' or 'x' or 'Z': return ReadZone(letter, text, ref at);
            default: return false;
        }
    }

    /// <summary>The wall clock; false if the fields name none.</summary>
    public bool TryLocal(out long micros)
    {
        micros = 0;
        var y = year ?? 1970;
        if (beforeChrist) y = 1 - y;
        int days;
        if (dayOfYear is { } ofYear)
        {
            if (ofYear < 1 || ofYear > (Calendar.IsLeap(y) ? 366 : 365)) return false;
            days = Calendar.DaysFrom(y, 1, 1) + ofYear - 1;
            // Fields that say the same in two ways must agree.
            Calendar.Split(days, out _, out var itsMonth, out var itsDay);
            if ((month ?? itsMonth) != itsMonth || (day ?? itsDay) != itsDay) return false;
        }
        else if (!Calendar.TryDays(y, month ?? 1, day ?? 1, out days))
        {
            return false;
        }

        var h = hour ?? (hour12 is { } twelve ? (twelve % 12) + (pm == true ? 12 : 0) : 0);
        if (h > 23 || minute > 59 || second > 59) return false;
        micros = (days * Calendar.MicrosPerDay) + (h * Calendar.MicrosPerHour) + ((minute ?? 0) * Calendar.MicrosPerMinute)
            + ((second ?? 0) * Calendar.MicrosPerSecond) + (micro ?? 0);
        return true;
    }

    private bool ReadZone(char letter, string text, ref int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '-' or ':' or '/' or '_')) end++;
        var name = text[at..end];
        if (name.Length == 0) return false;
        if (letter == 'X' && name == "Z")
        {
            Offset = 0;
        }
        else
        {
            if (DateTimeText.ZoneOf(name) is not { } zone) return false;
            if (letter is 'X' or 'x' or 'Z' or 'O') Offset = zone.OffsetAt(0);
            else Zone = zone;
        }

        at = end;
        return true;
    }

    private static bool Number(string text, ref int at, int count, bool tight, ref int? field)
    {
        if (!Number(text, ref at, count, tight ? count : 2, out var value)) return false;
        field = value;
        return true;
    }

    private static bool Number(string text, ref int at, int least, int most, out int value)
    {
        value = 0;
        var start = at;
        while (at < text.Length && at - start < most && char.IsAsciiDigit(text[at])) value = (value * 10) + text[at++] - '0';
        return at - start >= least;
    }

    private static bool Name(string text, ref int at, string[] names, int count, ref int? field)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var name = count == 4 ? names[i] : names[i][..3];
            if (!text.AsSpan(at).StartsWith(name, StringComparison.Ordinal)) continue;
            field = i + 1;
            at += name.Length;
            return true;
        }

        return false;
    }
}
