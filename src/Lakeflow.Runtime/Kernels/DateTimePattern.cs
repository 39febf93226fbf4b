using System.Globalization;
using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A date-time pattern such as <c>yyyy-MM-dd HH:mm:ss.SSS</c>, for writing and for reading.</summary>
/// <remarks>Letters of Spark 3 and later: <c>G y M L d D E F a h H k K m s S Q q V z O X x Z</c>, text in quotes, optional parts in brackets.</remarks>
public sealed class DateTimePattern : ICompiledText<DateTimePattern>
{
    private const string Letters = "GyMLdDEFahHkKmsSQqVzOXxZ";

    private const string OldLetters = "GyYMLwWDdFEuaHkKhmsSzZX";

    private readonly List<Item> items = [];

    private DateTimePattern(string text) => Text = text;

    public string Text { get; }

    public static DateTimePattern Compile(string text)
    {
        var pattern = new DateTimePattern(text);
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c == '\'')
            {
                i = pattern.AddQuoted(text, i);
            }
            else if (c is '[' or ']')
            {
                pattern.items.Add(new Item(c, 0, ""));
                i++;
            }
            else if (char.IsAsciiLetter(c))
            {
                var count = 1;
                while (i + count < text.Length && text[i + count] == c) count++;
                if (!Allowed(c, count)) throw Unknown(text, c, count);
                pattern.items.Add(new Item(c, count, ""));
                i += count;
            }
            else
            {
                pattern.items.Add(new Item('\'', 1, c.ToString()));
                i++;
            }
        }

        return pattern;
    }

    /// <summary>Writes a moment.</summary>
    /// <param name="local">The wall clock, microseconds.</param>
    /// <param name="offset">Its distance from UTC, microseconds.</param>
    /// <param name="zone">For the zone's name.</param>
    public string Format(long local, long offset, SessionZone zone)
    {
        var to = new StringBuilder();
        var days = Calendar.DayOf(local);
        var time = Calendar.TimeOfDay(local);
        Calendar.Split(days, out var year, out var month, out var day);
        var hour = (int)(time / Calendar.MicrosPerHour);
        foreach (var (letter, count, text) in items)
        {
            switch (letter)
            {
                case '\'': to.Append(text); break;
                case '[' or ']': break;
                case 'G': to.Append(count == 4 ? (year > 0 ? "Anno Domini" : "Before Christ") : year > 0 ? "AD" : "BC"); break;
                case 'y' when count == 2: Number(to, ((year % 100) + 100) % 100, 2); break;
                case 'y': Number(to, year > 0 ? year : 1 - year, count); break;
                case 'M' or 'L': Month(to, month, count); break;
                case 'd': Number(to, day, count); break;
                case 'D': Number(to, DateKernels.DayOfYear(days), count); break;
                case 'F': Number(to, ((day - 1) % 7) + 1, 1); break;
                case 'E': Name(to, Names.Days[Calendar.IsoDayOfWeek(days) - 1], count); break;
                case 'a': to.Append(hour < 12 ? "AM" : "PM"); break;
                case 'h': Number(to, hour % 12 == 0 ? 12 : hour % 12, count); break;
                case 'H': Number(to, hour, count); break;
                case 'k': Number(to, hour == 0 ? 24 : hour, count); break;
                case 'K': Number(to, hour % 12, count); break;
                case 'm': Number(to, (int)(time / Calendar.MicrosPerMinute % 60), count); break;
                case 's': Number(to, (int)(time / Calendar.MicrosPerSecond % 60), count); break;
                case 'S': to.Append((time % Calendar.MicrosPerSecond).ToString("D6", CultureInfo.InvariantCulture).PadRight(9, '0'), 0, count); break;
                case 'Q' or 'q': Quarter(to, ((month - 1) / 3) + 1, count); break;
                case 'z' when zone.IsRegion: throw new KernelFault(-1, "LF5007", $"The short name of the zone {zone.Id} is not known.", "Write VV for its identifier, or XXX for its offset.", null);
                case 'V' or 'z': to.Append(zone.Id); break;
                default: Offset(to, offset, letter, count); break;
            }
        }

        return to.ToString();
    }

    /// <summary>Reads a moment; the whole text must match.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">Where a clock without zone stands; null: the zone, if any, is ignored.</param>
    /// <param name="micros">The instant, or the wall clock if <paramref name="zone"/> is null.</param>
    public bool TryParse(string text, SessionZone? zone, out long micros)
    {
        micros = 0;
        var fields = new DateTimeFields();
        var at = 0;
        if (!Read(text, ref at, 0, items.Count, fields) || at != text.Length || !fields.TryLocal(out var local)) return false;
        if (zone is null) micros = local;
        else if (fields.Offset is { } offset) micros = local - offset;
        else micros = (fields.Zone ?? zone).ToUtc(local);
        return true;
    }

    private static KernelFault Unknown(string text, char letter, int count) => new(-1, "LF5007",
        $"'{new string(letter, Math.Min(count, 12))}' in the pattern '{text}' is not supported.", $"Letters are {string.Join(' ', Letters.ToCharArray())}; other text stands in single quotes.", ErrorClass(text));

    /// <summary>Spark tells apart what its own older versions understood, what counts weeks, and what nobody does.</summary>
    private static string ErrorClass(string text)
    {
        var letters = Unquoted(text);
        if (letters.All(c => OldLetters.Contains(c, StringComparison.Ordinal)) && !letters.Contains("XXXX", StringComparison.Ordinal))
            return "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION";
        return letters.Any(c => "YWwuec".Contains(c, StringComparison.Ordinal)) ? "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN" : "INVALID_DATETIME_PATTERN";
    }

    private static string Unquoted(string text) =>
        string.Concat(text.Split('\'').Where((_, i) => i % 2 == 0).SelectMany(part => part.Where(char.IsAsciiLetter)));

    private static bool Allowed(char letter, int count) => letter switch
    {
        'y' => count <= 6,
        'M' or 'L' or 'E' or 'G' or 'Q' or 'q' => count <= (letter is 'M' or 'L' ? 4 : 4),
        'd' or 'h' or 'H' or 'k' or 'K' or 'm' or 's' => count <= 2,
        'D' => count <= 3,
        'S' => count <= 9,
        'a' or 'F' => count == 1,
        'V' => count == 2,
        'z' => count <= 4,
        'O' => count is 1 or 4,
        'X' or 'x' or 'Z' => count <= 5,
        _ => false,
    };

    private int AddQuoted(string text, int start)
    {
        var literal = new StringBuilder();
        var i = start + 1;
        for (; i < text.Length; i++)
        {
            if (text[i] != '\'') literal.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == '\'') literal.Append(text[i++]);
            else break;
        }

        if (i >= text.Length) throw Unknown(text, '\'', 1);
        items.Add(new Item('\'', 1, literal.Length == 0 ? "'" : literal.ToString()));
        return i + 1;
    }

    private static void Number(StringBuilder to, int value, int width) => to.Append(value.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));

    private static void Name(StringBuilder to, string name, int count) => to.Append(count == 4 ? name : name[..3]);

    private static void Month(StringBuilder to, int month, int count)
    {
        if (count <= 2) Number(to, month, count);
        else Name(to, Names.Months[month - 1], count);
    }

    private static void Quarter(StringBuilder to, int quarter, int count)
    {
        if (count <= 2) Number(to, quarter, count);
        else if (count == 3) to.Append('Q').Append(quarter);
        else to.Append(quarter switch { 1 => "1st", 2 => "2nd", 3 => "3rd", _ => "4th" }).Append(" quarter");
    }

    private static void Offset(StringBuilder to, long offset, char letter, int count)
    {
        var seconds = (int)(Math.Abs(offset) / Calendar.MicrosPerSecond);
        var (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if (letter == 'O' || (letter == 'Z' && count == 4))
        {
            to.Append("GMT");
            if (offset == 0) return;
            to.Append(offset < 0 ? '-' : '+');
            Number(to, h, count == 4 ? 2 : 1);
            if (count == 4 || m != 0 || s != 0) Number(to.Append(':'), m, 2);
            if (s != 0) Number(to.Append(':'), s, 2);
            return;
        }

        if (offset == 0 && (letter == 'X' || (letter == 'Z' && count == 5)))
        {
            to.Append('Z');
            return;
        }

        to.Append(offset < 0 ? '-' : '+');
        Number(to, h, 2);
        var colon = (letter is 'X' or 'x' && count is 3 or 5) || (letter == 'Z' && count == 5);
        if (count > 1 || m != 0 || letter == 'Z') Number(colon ? to.Append(':') : to, m, 2);
        if (s != 0 && (count == 5 || (count == 4 && letter != 'Z'))) Number(colon ? to.Append(':') : to, s, 2);
    }

    private bool Read(string text, ref int at, int from, int to, DateTimeFields fields)
    {
        for (var i = from; i < to; i++)
        {
            var item = items[i];
            if (item.Letter == '[')
            {
                var close = i + 1;
                for (var depth = 1; close < to; close++)
                {
                    depth += items[close].Letter == '[' ? 1 : items[close].Letter == ']' ? -1 : 0;
                    if (depth == 0) break;
                }

                var tried = at;
                if (Read(text, ref tried, i + 1, close, fields)) at = tried;
                i = close;
            }
            else if (item.Letter == '\'')
            {
                if (!text.AsSpan(at).StartsWith(item.Text, StringComparison.Ordinal)) return false;
                at += item.Text.Length;
            }
            else if (item.Letter != ']')
            {
                // A number straight before another number has exactly its pattern's width.
                var tight = i + 1 < to && "yMdDhHkKmsS".Contains(items[i + 1].Letter, StringComparison.Ordinal);
                if (!fields.Read(item.Letter, item.Count, text, ref at, tight)) return false;
            }
        }

        return true;
    }

    private readonly record struct Item(char Letter, int Count, string Text);
}
