namespace Lakeflow.Cli.Repl;

/// <summary>What a character of a statement belongs to.</summary>
internal enum Mark : byte
{
    Plain,
    Keyword,
    Text,
    Number,
    Comment,
}

/// <summary>Colours of what is typed. It need not be right SQL, nor whole: this reads words, not sentences.</summary>
internal static class Highlight
{
    private static readonly HashSet<string> Words = new(
        Completion.Keywords.SelectMany(k => k.Split(' ')).Where(k => char.IsUpper(k[0])).Concat(
        [
            "ALTER", "AND", "ANTI", "APPLY", "AS", "ASC", "CAST", "CHANGES", "DELETE", "DESC", "EXISTS", "FALSE", "FOLLOWING", "FULL", "IF", "IN", "INNER", "INSERT",
            "INTERVAL", "INTO", "KEYS", "LEFT", "NAME", "NATURAL", "NOT", "NULL", "NULLS", "ONCE", "OR", "OUTER", "PRECEDING", "RANGE", "RECURSIVE", "RIGHT", "ROWS",
            "SCHEDULE", "SEMI", "SEQUENCE", "SET", "STORED", "TBLPROPERTIES", "TRUE", "UNBOUNDED", "USING", "WATERMARK", "WINDOW", "WITHIN",
        ]),
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Known = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A mark for each character.</summary>
    public static Mark[] Of(string text)
    {
        var marks = new Mark[text.Length];
        for (var at = 0; at < text.Length;)
        {
            var (end, mark) = Next(text, at);
            marks.AsSpan(at, end - at).Fill(mark);
            at = end;
        }

        return marks;
    }

    /// <summary>The text in single quotes that a place is in, up to it; null where it is in none.</summary>
    public static string? TextBefore(string text, int cursor)
    {
        for (var at = 0; at < cursor;)
        {
            var (end, mark) = Next(text, at);
            var isClosed = end - at > 1 && text[end - 1] == '\'';
            if (mark == Mark.Text && text[at] == '\'' && (cursor < end || (cursor == end && !isClosed))) return text[(at + 1)..cursor];
            at = end;
        }

        return null;
    }

    /// <summary>The escape code that begins a mark.</summary>
    public static string Code(Mark mark) => mark switch
    {
        Mark.Keyword => "\u001b[1;34m",
        Mark.Text => "\u001b[32m",
        Mark.Number => "\u001b[36m",
        Mark.Comment => "\u001b[2m",
        _ => "\u001b[0m",
    };

    private static (int End, Mark Mark) Next(string text, int at)
    {
        var rest = text.AsSpan(at);
        switch (rest[0])
        {
            case '\'' or '"':
                return (at + Quoted(rest), Mark.Text);
            case '`':
                return (at + Quoted(rest), Mark.Plain);
            case '-' when rest.StartsWith("--"):
                return (at + (rest.IndexOf('\n') is var line and >= 0 ? line : rest.Length), Mark.Comment);
            case '/' when rest.StartsWith("/*"):
                return (at + (rest[2..].IndexOf("*/") is var close and >= 0 ? close + 4 : rest.Length), Mark.Comment);
            case var c when char.IsLetterOrDigit(c) || c == '_':
                var length = 1;
                while (length < rest.Length && (char.IsLetterOrDigit(rest[length]) || rest[length] == '_' || (char.IsAsciiDigit(c) && rest[length] == '.'))) length++;
                var mark = char.IsAsciiDigit(c) ? Mark.Number : Known.Contains(rest[..length]) && (at == 0 || text[at - 1] != '.') ? Mark.Keyword : Mark.Plain;
                return (at + length, mark);
            default:
                return (at + 1, Mark.Plain);
        }
    }

    /// <summary>From a quote to behind the one that closes it, or to the end.</summary>
    private static int Quoted(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && text[0] != '`') i++;
            else if (text[i] == text[0]) return i + 1;
        }

        return text.Length;
    }
}
