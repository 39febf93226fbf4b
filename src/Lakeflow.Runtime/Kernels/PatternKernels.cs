using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>LIKE, ILIKE, and the regular expression functions.</summary>
public static class PatternKernels
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Like(Utf8 s, LikePattern pattern) => pattern.Matches(s.Bytes);

    public static bool ILike(Utf8 s, ILikePattern pattern, scoped ref TextArena scratch) => pattern.Matches(s, ref scratch);

    /// <summary>LIKE … ESCAPE from columns; where both are constant the binder writes the pattern with <c>\</c> (<see cref="WithBackslash"/>).</summary>
    public static bool LikeEscape(Utf8 s, Utf8 pattern, Utf8 escape) =>
        LikePattern.CompileWith(pattern.ToString(), escape.ToString() is [var c, ..] ? c : '\\').Matches(s.Bytes);

    public static bool ILikeEscape(Utf8 s, Utf8 pattern, Utf8 escape, scoped ref TextArena scratch) =>
        ILikePattern.CompileWith(pattern.ToString(), escape.ToString() is [var c, ..] ? c : '\\').Matches(s, ref scratch);

    /// <summary>The same pattern with <c>\</c> as its escape.</summary>
    public static string WithBackslash(string pattern, char escape)
    {
        var to = new System.Text.StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == escape && i + 1 < pattern.Length)
            {
                i++;
                if (pattern[i] is '%' or '_' or '\\') to.Append('\\');
                to.Append(pattern[i]);
            }
            else
            {
                to.Append(pattern[i] == '\\' ? "\\\\" : pattern[i].ToString());
            }
        }

        return to.ToString();
    }

    public static bool RLike(Utf8 s, RegexPattern pattern) => pattern.IsMatch(s);

    public static Utf8 RegexReplace(Utf8 s, RegexPattern pattern, RegexReplacement with, scoped ref TextArena scratch)
    {
        var text = s.ToString();
        var result = pattern.Regex.Replace(text, with.Text);
        return ReferenceEquals(result, text) ? s : scratch.Copy(result.AsSpan());
    }

    /// <summary>Only from a character position (1-based) on.</summary>
    public static Utf8 RegexReplaceFrom(Utf8 s, RegexPattern pattern, RegexReplacement with, int position, scoped ref TextArena scratch)
    {
        var head = TextKernels.Left(s, position - 1);
        return TextKernels.Concat2(head, RegexReplace(TextKernels.SubstringFrom(s, position), pattern, with, ref scratch), ref scratch);
    }

    /// <summary>The group of the first match; '' if there is no match or the group took no part.</summary>
    public static Utf8 RegexGroup(Utf8 s, RegexPattern pattern, int group, scoped ref TextArena scratch, int site)
    {
        CheckGroup(pattern, group, site);
        return scratch.Copy(pattern.Regex.Match(s.ToString()).Groups[group].ValueSpan);
    }

    public static Utf8 RegexFirstGroup(Utf8 s, RegexPattern pattern, scoped ref TextArena scratch, int site) => RegexGroup(s, pattern, 1, ref scratch, site);

    public static object RegexAllGroups(Utf8 s, RegexPattern pattern, int group, int site)
    {
        CheckGroup(pattern, group, site);
        return pattern.Regex.Matches(s.ToString()).Select(m => (object?)m.Groups[group].Value).ToArray();
    }

    public static object RegexAllFirstGroups(Utf8 s, RegexPattern pattern, int site) => RegexAllGroups(s, pattern, 1, site);

    public static bool TryRegexSubstring(Utf8 s, RegexPattern pattern, scoped ref TextArena scratch, out Utf8 result)
    {
        var match = pattern.Regex.Match(s.ToString());
        result = scratch.Copy(match.ValueSpan);
        return match.Length > 0;
    }

    public static int RegexCount(Utf8 s, RegexPattern pattern) => pattern.Regex.Count(s.ToString());

    /// <summary>1-based place of the first match, 0 if there is none.</summary>
    public static int RegexInStr(Utf8 s, RegexPattern pattern)
    {
        var text = s.ToString();
        var match = pattern.Regex.Match(text);
        return match.Success ? text.AsSpan(0, match.Index).EnumerateRunes().Count() + 1 : 0;
    }

    public static int RegexInStrOfGroup(Utf8 s, RegexPattern pattern, int group) => RegexInStr(s, pattern);

    /// <summary>Parts between matches; trailing empty ones stay.</summary>
    public static object Split(Utf8 s, RegexPattern pattern) => pattern.Split(s, -1);

    /// <summary>At most <paramref name="limit"/> parts if that is positive.</summary>
    public static object SplitLimit(Utf8 s, RegexPattern pattern, int limit) => pattern.Split(s, limit);

    private static int Count(this System.Text.SpanRuneEnumerator runes)
    {
        var count = 0;
        while (runes.MoveNext()) count++;
        return count;
    }

    private static void CheckGroup(RegexPattern pattern, int group, int site)
    {
        if (group < 0 || group >= pattern.Groups)
            Throw.Raise(site, $"The pattern has groups 0 to {pattern.Groups - 1}, not {group}.", "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX");
    }
}
