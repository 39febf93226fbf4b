using System.Globalization;
using System.Text;

namespace Lakeflow.Compiler.Syntax;

/// <summary>What a string literal means.</summary>
internal static class StringText
{
    /// <summary>The text of a literal with its quotes: backslash escapes and doubled quotes resolved, <c>r'…'</c> as it stands.</summary>
    /// <remarks>
    /// <c>\n \r \t \b \0 \Z</c>, <c>\uXXXX</c>, <c>\UXXXXXXXX</c>, three octal digits; <c>\%</c> and <c>\_</c> keep their backslash, which LIKE wants;
    /// any other character stands for itself. Source: Spark SQL, literals, 4.1.
    /// </remarks>
    public static string Of(string literal)
    {
        if (literal[0] is 'r' or 'R') return literal[2..^1];
        var quote = literal[0];
        var body = literal.AsSpan(1, literal.Length - 2);
        if (body.IndexOfAny('\\', quote) < 0) return body.ToString();

        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (c == quote)
            {
                text.Append(c);
                i++;
            }
            else if (c == '\\' && i + 1 < body.Length)
            {
                i = Escape(body, i + 1, text);
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    /// <summary>Appends what the escape at <paramref name="at"/>, behind its backslash, means; returns the index of its last character.</summary>
    private static int Escape(ReadOnlySpan<char> body, int at, StringBuilder text)
    {
        if (body[at] == 'u' && Hex(body, at + 1, 4) is { } unit)
        {
            text.Append((char)unit);
            return at + 4;
        }

        if (body[at] == 'U' && Hex(body, at + 1, 8) is { } point && Rune.IsValid(point))
        {
            text.Append(new Rune(point).ToString());
            return at + 8;
        }

        if (body[at] is '0' or '1' && at + 2 < body.Length && body[at + 1] is >= '0' and <= '7' && body[at + 2] is >= '0' and <= '7')
        {
            text.Append((char)(((body[at] - '0') << 6) + ((body[at + 1] - '0') << 3) + body[at + 2] - '0'));
            return at + 2;
        }

        switch (body[at])
        {
            case '0': text.Append('\0'); break;
            case 'b': text.Append('\b'); break;
            case 'n': text.Append('\n'); break;
            case 'r': text.Append('\r'); break;
            case 't': text.Append('\t'); break;
            case 'Z': text.Append('\u001a'); break;
            case '%': text.Append("\\%"); break;
            case '_': text.Append("\\_"); break;
            default: text.Append(body[at]); break;
        }

        return at;
    }

    private static int? Hex(ReadOnlySpan<char> body, int at, int digits) =>
        at + digits <= body.Length && int.TryParse(body.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
