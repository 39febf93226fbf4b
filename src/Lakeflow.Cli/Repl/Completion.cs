using System.Text.RegularExpressions;
using Lakeflow.Compiler.Functions;

namespace Lakeflow.Cli.Repl;

/// <summary>What Tab makes of the word before the cursor.</summary>
internal static partial class Completion
{
    public static readonly string[] Keywords =
    [
        "SELECT", "DISTINCT", "FROM", "WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "JOIN", "LEFT JOIN", "FULL JOIN", "CROSS JOIN", "UNION ALL",
        "INTERSECT", "EXCEPT", "WITH", "VALUES", "CASE", "WHEN", "THEN", "ELSE", "END", "BETWEEN", "LIKE", "IS NULL", "IS NOT NULL", "OVER", "PARTITION BY",
        "QUALIFY", "LATERAL VIEW", "PIVOT", "CREATE STREAMING TABLE", "CREATE OR REFRESH STREAMING TABLE", "CREATE MATERIALIZED VIEW", "CREATE TEMPORARY VIEW", "CREATE VIEW", "CREATE FLOW", "CONSTRAINT",
        "EXPECT", "ON VIOLATION DROP ROW", "ON VIOLATION FAIL UPDATE", "STREAM", "REFRESH", "EXPLAIN", "read_files",
    ];

    /// <summary>More choices than this are only named.</summary>
    private const int MostDescribed = 6;

    /// <summary>More than this are not even named.</summary>
    private const int MostListed = 60;

    /// <summary>Names of functions; the operators' signs are none that one types.</summary>
    public static IEnumerable<string> Functions => FunctionTable.Names.Where(n => char.IsLetter(n[0]));

    /// <summary>The word that ends at the cursor: letters, digits, '_' and a leading dot.</summary>
    public static string WordBefore(string line, int cursor)
    {
        var start = cursor;
        while (start > 0 && (char.IsLetterOrDigit(line[start - 1]) || line[start - 1] is '_')) start--;
        if (start == 1 && line[0] == '.') start = 0;
        return line[start..cursor];
    }

    /// <summary>The path that ends at the cursor, inside quotes or behind a command that takes one; null where there is none.</summary>
    /// <returns>As it is written there, and whether that is SQL, where <c>\\'</c> is a quote.</returns>
    public static (string Written, bool IsSql)? PathBefore(string line, int cursor)
    {
        var words = line[..cursor].TrimStart().Split(' ', 2);
        if (words.Length == 2 && words[0] is ".read" or ".open" or ".save") return (words[1].TrimStart().TrimStart('\'', '"'), false);
        return Highlight.TextBefore(line, cursor) is { } quoted ? (quoted, true) : null;
    }

    /// <summary>The name behind whose dot the word at the cursor stands; null where there is none.</summary>
    public static string? QualifierBefore(string text, int cursor)
    {
        var end = cursor - WordBefore(text, cursor).Length - 1;
        if (end < 1 || text[end] != '.') return null;
        if (text[end - 1] == '`') return end > 1 && text.LastIndexOf('`', end - 2) is var open and >= 0 ? text[(open + 1)..(end - 1)] : null;
        var name = WordBefore(text, end);
        return name.Length == 0 || char.IsDigit(name[0]) || name[0] == '.' ? null : name;
    }

    /// <summary>What a name stands for in a statement, as it is written behind FROM or JOIN: a table, or a file in quotes. The name itself where it is no alias.</summary>
    public static string SourceOf(string text, string name) =>
        Sources().Matches(text).FirstOrDefault(m => m.Groups["alias"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))?.Groups["source"].Value ?? name;

    /// <summary>The files that a statement reads, in quotes as they are written: no catalog knows their columns.</summary>
    public static IEnumerable<string> FilesIn(string text) => Files().Matches(text).Select(m => m.Groups["source"].Value);

    /// <summary>What a command takes, where it is one of a few words; null where the cursor is elsewhere.</summary>
    public static IEnumerable<string>? ArgumentsAt(string line, int cursor)
    {
        var words = line[..cursor].TrimStart().Split(' ', 2);
        return words.Length == 2 ? PromptCommands.ChoicesOf(words[0]) : null;
    }

    /// <summary>A name as SQL has it.</summary>
    public static string Written(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]) ? name : $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>Files and folders that a path may go on with, as they are written there.</summary>
    public static IEnumerable<string> Paths(string folder, string written, bool isSql)
    {
        if (!isSql) return Paths(folder, written);
        var start = written.Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return Paths(folder, start).Select(p => p.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Paths(string folder, string start)
    {
        var cut = start.LastIndexOfAny(['/', '\\']) + 1;
        var (head, name) = (start[..cut], start[cut..]);
        var place = Path.GetFullPath(head.Length == 0 ? "." : AtHome(head), folder);
        return !Directory.Exists(place)
            ? []
            : new DirectoryInfo(place).EnumerateFileSystemInfos()
                .Where(f => f.Name.StartsWith(name, StringComparison.Ordinal) && (name.Length > 0 || f.Name[0] != '.'))
                .Select(f => head + f.Name + (f is DirectoryInfo ? "/" : ""))
                .Order(StringComparer.Ordinal);
    }

    /// <summary>A path as a shell has it: <c>~/</c> is the user's folder.</summary>
    public static string AtHome(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..] : path;

    /// <summary>The words that begin as a word does, in the case in which it was begun.</summary>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> words)
    {
        var isLower = word.Length > 0 && word.All(c => !char.IsUpper(c));
        return [.. words
            .Where(w => w.AsSpan().TrimStart('`').StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(w => isLower ? w.ToLowerInvariant() : w)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The longest beginning that all have in common, compared without regard to case.</summary>
    public static string Common(IReadOnlyList<string> words)
    {
        var common = words[0];
        foreach (var word in words)
        {
            var length = 0;
            while (length < common.Length && length < word.Length && char.ToUpperInvariant(common[length]) == char.ToUpperInvariant(word[length])) length++;
            common = common[..length];
        }

        return common;
    }

    /// <summary>The function whose bracket was opened just before the cursor, if there is one.</summary>
    public static IEnumerable<string> CallAt(string text, int cursor)
    {
        if (cursor == 0 || text[cursor - 1] != '(') return [];
        var name = WordBefore(text, cursor - 1);
        return FunctionTable.Find(name) is null ? [] : [name];
    }

    /// <summary>A few choices with the ways to call those that are functions; of more, the names.</summary>
    public static IEnumerable<string> Described(IReadOnlyList<string> choices, int width) =>
        choices.Count <= MostDescribed && choices.Any(c => FunctionTable.Find(c) is not null) ? choices.SelectMany(Signatures) : Listed(choices, width);

    /// <summary>Names side by side, as many as a row of the terminal holds.</summary>
    public static IEnumerable<string> Listed(IReadOnlyList<string> choices, int width)
    {
        var shown = choices.Take(MostListed).Append(choices.Count > MostListed ? "..." : "").Where(c => c.Length > 0).ToList();
        var column = shown.Max(c => c.Length) + 2;
        return shown.Chunk(Math.Max(1, (width - 1) / column)).Select(row => string.Concat(row.Select(c => c.PadRight(column))).TrimEnd());
    }

    /// <summary>How a function is called, one line an overload, and what it does; any other word as it is.</summary>
    private static IEnumerable<string> Signatures(string word)
    {
        if (FunctionTable.Find(word) is not { } function) return [word];
        var calls = function.Overloads.Select(o => word + o).Distinct().Take(MostDescribed);
        return calls.Select((call, n) => n == 0 ? $"{call}  {function.Summary}" : call);
    }

    [GeneratedRegex(@"(?:\bFROM\b|\bJOIN\b|,)\s*(?<source>'(?:[^'\\]|\\.)*'|[\w.`]+)\s+(?:AS\s+)?(?<alias>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Sources();

    [GeneratedRegex(@"\b(?:FROM|JOIN)\s*(?<source>'(?:[^'\\]|\\.)*')", RegexOptions.IgnoreCase)]
    private static partial Regex Files();
}
