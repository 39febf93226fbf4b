using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Cli.Repl;

/// <summary>Cuts what was typed, pasted or read into statements and the prompt's commands.</summary>
internal static class Entries
{
    /// <summary>What one types who does not know that commands begin with a dot.</summary>
    private static readonly string[] Bare = ["exit", "quit", "help"];

    /// <returns>What is whole, and what is still open behind it: empty if nothing but space and comments is left.</returns>
    public static (IReadOnlyList<Entry> Whole, string Open) Cut(string text)
    {
        var whole = new List<Entry>();
        var from = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is var feed and >= 0 ? feed : text.Length;
            // A line that begins with a dot may be in the midst of a statement: what is before it tells.
            if (CommandOf(text[at..end]) is { } command && Statements(text, from, at, whole).Length == 0)
            {
                whole.Add(new Entry(command, LineOf(text, at), IsCommand: true));
                from = Math.Min(end + 1, text.Length);
            }

            at = end + 1;
        }

        return (whole, Statements(text, from, text.Length, whole));
    }

    /// <summary>Takes the statements of a stretch if what is behind the last is what the stretch ends with; gives what is open behind them.</summary>
    private static string Statements(string text, int from, int to, List<Entry> whole)
    {
        var (statements, rest) = Parser.Cut(text[from..to]);
        if (IsBlank(rest)) rest = "";
        // What is open goes on behind a line that only looked like a command: it is cut again, with that line.
        if (rest.Length > 0 && to < text.Length) return rest;
        foreach (var statement in statements)
        {
            from = text.IndexOf(statement, from, StringComparison.Ordinal);
            if (!IsBlank(statement)) whole.Add(new Entry(statement.Trim(), LineOf(text, from + statement.Length - statement.TrimStart().Length), IsCommand: false));
            from += statement.Length;
        }

        return rest;
    }

    private static string? CommandOf(string line)
    {
        var command = line.Trim();
        if (command.StartsWith('.')) return command;
        var bare = command.TrimEnd(';', ' ');
        if (Bare.Contains(bare, StringComparer.OrdinalIgnoreCase)) return "." + bare;
        // What Spark and others call them; in a pipeline's files there is no place for these.
        var words = command.EndsWith(';') ? bare.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : [];
        return words switch
        {
            [var show, var tables] when Is(show, "SHOW") && Is(tables, "TABLES") => ".tables",
            [var describe, var name] when Is(describe, "DESCRIBE") || Is(describe, "DESC") => ".schema " + name,
            [var describe, var table, var name] when (Is(describe, "DESCRIBE") || Is(describe, "DESC")) && Is(table, "TABLE") => ".schema " + name,
            _ => null,
        };

        static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True for a text of space, semicolons and comments that are closed.</summary>
    private static bool IsBlank(string text)
    {
        var marks = Highlight.Of(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (marks[i] != Mark.Comment && text[i] != ';' && !char.IsWhiteSpace(text[i])) return false;
        }

        // An open comment is one that goes on in the next line.
        var open = text.LastIndexOf("/*", StringComparison.Ordinal);
        return open < 0 || marks[open] != Mark.Comment || text.AsSpan(open + 2).Contains("*/", StringComparison.Ordinal) || text[..open].Split('\n')[^1].Contains("--", StringComparison.Ordinal);
    }

    private static int LineOf(string text, int at) => 1 + text.AsSpan(0, at).Count('\n');
}

/// <summary>A statement without its semicolon, or a command with its dot.</summary>
/// <param name="Text">As written.</param>
/// <param name="Line">The line of the whole text where it begins.</param>
/// <param name="IsCommand">True for a command.</param>
internal sealed record Entry(string Text, int Line, bool IsCommand);
