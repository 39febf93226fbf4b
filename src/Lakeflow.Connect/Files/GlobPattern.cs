using System.Text;

namespace Lakeflow.Connect.Files;

/// <summary>Globs as Hadoop has them: <c>?</c> <c>*</c> <c>[abc]</c> <c>[a-z]</c> <c>[^a]</c> <c>{ab,cd}</c>, braces nested; a backslash takes the next character literally.</summary>
internal static class GlobPattern
{
    public static bool IsGlob(string path) => path.AsSpan().IndexOfAny('*', '?', '[') >= 0 || path.Contains('{');

    /// <summary>One pattern for each choice that the braces give; <c>a/{b,c/d}</c> gives <c>a/b</c> and <c>a/c/d</c>.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        var open = -1;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\') i++;
            else if (pattern[i] == '{')
            {
                open = i;
                break;
            }
        }

        if (open < 0)
        {
            yield return pattern;
            yield break;
        }

        var choices = new List<string>();
        var depth = 0;
        var from = open + 1;
        var close = -1;
        for (var i = open; i < pattern.Length && close < 0; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    depth++;
                    break;
                case ',' when depth == 1:
                    choices.Add(pattern[from..i]);
                    from = i + 1;
                    break;
                case '}' when --depth == 0:
                    choices.Add(pattern[from..i]);
                    close = i;
                    break;
            }
        }

        if (close < 0) throw FileErrors.BadGlob(pattern, "a { is not closed");
        foreach (var choice in choices)
        {
            foreach (var expanded in Expand(pattern[..open] + choice + pattern[(close + 1)..])) yield return expanded;
        }
    }

    /// <summary>True if one name (no folder separator) meets a pattern without braces.</summary>
    public static bool Matches(string pattern, string name)
    {
        // Greedy with one point to return to: linear for patterns that people write, no recursion for those they do not.
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && MatchOne(pattern, p, name[n], out var next))
            {
                p = next;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    /// <summary>A part of a path without wildcards, its backslashes taken away.</summary>
    public static string Literal(string part)
    {
        if (!part.Contains('\\')) return part;
        var text = new StringBuilder();
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '\\' && i + 1 < part.Length) i++;
            text.Append(part[i]);
        }

        return text.ToString();
    }

    private static bool MatchOne(string pattern, int at, char c, out int next)
    {
        next = at + 1;
        switch (pattern[at])
        {
            case '?':
                return true;
            case '\\' when at + 1 < pattern.Length:
                next = at + 2;
                return pattern[at + 1] == c;
            case '[':
                return MatchClass(pattern, at, c, out next);
            default:
                return pattern[at] == c;
        }
    }

    private static bool MatchClass(string pattern, int at, char c, out int next)
    {
        var i = at + 1;
        var negated = i < pattern.Length && pattern[i] is '^' or '!';
        if (negated) i++;
        var found = false;
        for (var first = true; i < pattern.Length && (first || pattern[i] != ']'); first = false)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length) i++;
            var low = pattern[i++];
            var high = low;
            if (i + 1 < pattern.Length && pattern[i] == '-' && pattern[i + 1] != ']')
            {
                high = pattern[i + 1];
                i += 2;
            }

            found |= c >= low && c <= high;
        }

        if (i >= pattern.Length) throw FileErrors.BadGlob(pattern, "a [ is not closed");
        next = i + 1;
        return found != negated;
    }
}
