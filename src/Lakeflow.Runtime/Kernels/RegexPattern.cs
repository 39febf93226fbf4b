using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A Java regular expression, compiled to one of .NET's.</summary>
/// <remarks>
/// Translated: <c>\d \w \s</c> are ASCII, <c>\Q…\E</c>, <c>\h</c>, <c>\R</c>, <c>\p{Alpha}</c> and its kin, possessive quantifiers as greedy
/// ones. Not translated: intersections of classes (<c>[a&amp;&amp;[b]]</c>). There is no time limit. A malformed pattern fails when compiled.
/// </remarks>
public sealed class RegexPattern : ICompiledText<RegexPattern>
{
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["Alpha"] = "a-zA-Z",
        ["Digit"] = "0-9",
        ["Alnum"] = "a-zA-Z0-9",
        ["Upper"] = "A-Z",
        ["Lower"] = "a-z",
        ["Space"] = @" \t\n\x0B\f\r",
        ["Punct"] = @"!-/:-@\[-`{-~",
        ["XDigit"] = "0-9a-fA-F",
        ["ASCII"] = @"\x00-\x7F",
        ["Cntrl"] = @"\x00-\x1F\x7F",
        ["Graph"] = "!-~",
        ["Print"] = " -~",
        ["Blank"] = @" \t",
        ["IsAlphabetic"] = @"\p{L}",
        ["IsLetter"] = @"\p{L}",
        ["IsDigit"] = @"\p{Nd}",
        ["javaLowerCase"] = @"\p{Ll}",
        ["javaUpperCase"] = @"\p{Lu}",
    };

    private static readonly SearchValues<char> Special = SearchValues.Create(@"\^$.|?*+()[]{}");

    // A pattern without anything special is a plain search of bytes.
    private readonly byte[]? literal;

    private RegexPattern(string text, Regex regex)
    {
        Regex = regex;
        Groups = regex.GetGroupNumbers().Length;
        literal = text.Length > 0 && !text.AsSpan().ContainsAny(Special) ? Encoding.UTF8.GetBytes(text) : null;
    }

    public Regex Regex { get; }

    /// <summary>Groups with the whole match.</summary>
    public int Groups { get; }

    public static RegexPattern Compile(string text)
    {
        try
        {
            return new RegexPattern(text, new Regex(Translate(text), RegexOptions.CultureInvariant));
        }
        catch (ArgumentException error)
        {
            throw new KernelFault(-1, "LF5009", $"'{text}' is not a regular expression: {error.Message}", null, "INVALID_PARAMETER_VALUE.PATTERN");
        }
    }

    public bool IsMatch(Utf8 text)
    {
        if (literal is not null) return text.Bytes.IndexOf(literal) >= 0;
        if (text.Length <= 256)
        {
            Span<char> small = stackalloc char[256];
            return Regex.IsMatch(small[..Encoding.UTF8.GetChars(text.Bytes, small)]);
        }

        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        var matches = Regex.IsMatch(rented.AsSpan(0, Encoding.UTF8.GetChars(text.Bytes, rented)));
        ArrayPool<char>.Shared.Return(rented);
        return matches;
    }

    /// <summary>Parts between matches as Java's split: an empty match at the start gives no empty first part.</summary>
    public object?[] Split(Utf8 text, int limit)
    {
        var whole = text.ToString();
        var parts = new List<object?>();
        var from = 0;
        foreach (Match match in Regex.Matches(whole))
        {
            if (limit > 0 && parts.Count == limit - 1) break;
            if (match.Length == 0 && (match.Index == 0 || match.Index == whole.Length)) continue;
            parts.Add(whole[from..match.Index]);
            from = match.Index + match.Length;
        }

        // An empty pattern also leaves the empty rest after the last character, as in Spark.
        parts.Add(whole[from..]);
        return [.. parts];
    }

    private static string Translate(string text)
    {
        if (text.IndexOf('\\', StringComparison.Ordinal) < 0 && text.IndexOf('+', StringComparison.Ordinal) < 0) return text;
        var to = new StringBuilder();
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '[') depth++;
            else if (c == ']' && depth > 0) depth--;
            else if (c == '+' && depth == 0 && i > 0 && text[i - 1] is '+' or '*' or '?' && (i < 2 || text[i - 2] != '\\')) continue;
            if (c != '\\' || i + 1 == text.Length)
            {
                to.Append(c);
                continue;
            }

            i++;
            var inClass = depth > 0;
            switch (text[i])
            {
                case 'd': to.Append(inClass ? "0-9" : "[0-9]"); break;
                case 'w': to.Append(inClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]"); break;
                case 's': to.Append(inClass ? @" \t\n\x0B\f\r" : @"[ \t\n\x0B\f\r]"); break;
                case 'D' when !inClass: to.Append("[^0-9]"); break;
                case 'W' when !inClass: to.Append("[^a-zA-Z0-9_]"); break;
                case 'S' when !inClass: to.Append(@"[^ \t\n\x0B\f\r]"); break;
                case 'h': to.Append(inClass ? @" \t\xA0" : @"[ \t\xA0]"); break;
                case 'R': to.Append(@"(?:\r\n|[\n-\r\u0085\u2028\u2029])"); break;
                case 'z': to.Append(@"\z"); break;
                case 'Q':
                    var end = text.IndexOf(@"\E", i, StringComparison.Ordinal);
                    to.Append(Regex.Escape(text[(i + 1)..(end < 0 ? text.Length : end)]).Replace("]", @"\]", StringComparison.Ordinal));
                    i = end < 0 ? text.Length : end + 1;
                    break;
                case 'p' or 'P' when i + 1 < text.Length && text[i + 1] == '{' && text.IndexOf('}', i) is > 0 and var close:
                    var name = text[(i + 2)..close];
                    if (!Classes.TryGetValue(name, out var members)) to.Append('\\').Append(text, i, close + 1 - i);
                    else if (inClass) to.Append(members);
                    else to.Append(text[i] == 'p' ? "[" : "[^").Append(members).Append(']');
                    i = close;
                    break;
                default:
                    to.Append('\\').Append(text[i]);
                    break;
            }
        }

        return to.ToString();
    }
}
