using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A number pattern such as <c>S999G999D99</c>, for <c>to_number</c> and <c>to_char</c>.</summary>
/// <remarks>
/// Spark's form: <c>[MI|S][$]digits[.digits][$][PR|MI|S]</c>. A run of digits that begins with 0 before the point asks for exactly so many,
/// any other for at most so many; G or a comma stands between runs; D is the point.
/// </remarks>
public sealed partial class NumberPattern : ICompiledText<NumberPattern>
{
    /// <summary>Parts in order: <c>&lt; &gt; S M $ .</c> stand for themselves (M is MI), <c>9</c> and <c>f</c> for the digits before and after the point.</summary>
    private readonly string parts;

    private readonly string[] runs;

    private NumberPattern(string text, Match match)
    {
        Text = text;
        runs = match.Groups["whole"].Value.Split([',', 'G'], StringSplitOptions.RemoveEmptyEntries);
        Scale = match.Groups["fraction"].Length;
        Precision = runs.Sum(r => r.Length) + Scale;
        var order = new StringBuilder();
        if (match.Groups["last"].Value == "PR") order.Append('<');
        order.Append(Sign(match.Groups["first"].Value)).Append(match.Groups["dollar"].Value);
        if (runs.Length > 0) order.Append('9');
        if (match.Groups["point"].Success) order.Append('.');
        if (Scale > 0) order.Append('f');
        parts = order.Append(match.Groups["lastDollar"].Value).Append(Sign(match.Groups["last"].Value)).ToString();
    }

    public string Text { get; }

    /// <summary>Digits in all.</summary>
    public int Precision { get; }

    /// <summary>Digits after the point.</summary>
    public int Scale { get; }

    public static NumberPattern Compile(string text)
    {
        if (!IsValid(text)) throw new KernelFault(-1, "LF5009", $"'{text}' is not a pattern of numbers.", "Write [MI|S][$]9,990.99[$][PR|MI|S].", "INVALID_FORMAT");
        return new NumberPattern(text, Form().Match(text.ToUpperInvariant()));
    }

    /// <summary>Whether the text is a pattern: one sign and one $ at most, 1 to 38 digits.</summary>
    public static bool IsValid(string text)
    {
        var match = Form().Match(text.ToUpperInvariant());
        if (!match.Success || (match.Groups["first"].Success && match.Groups["last"].Success && match.Groups["last"].Value != "PR")) return false;
        if (match.Groups["dollar"].Length > 0 && match.Groups["lastDollar"].Length > 0) return false;
        return new NumberPattern(text, match).Precision is >= 1 and <= 38;
    }

    /// <summary>Reads a number; false if the text does not fit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">DECIMAL(<see cref="Precision"/>, <see cref="Scale"/>), unscaled.</param>
    public bool TryParse(string text, out Int128 value)
    {
        value = 0;
        var at = 0;
        var digits = new StringBuilder();
        var fraction = 0;
        bool negative = false, open = false, closed = false, point = false;
        foreach (var part in parts)
        {
            var next = at < text.Length ? text[at] : '\0';
            switch (part)
            {
                case '9' when !ReadWhole(text, ref at, digits): return false;
                case 'f' when point:
                    for (; at < text.Length && (char.IsAsciiDigit(text[at]) || char.IsWhiteSpace(text[at])); at++)
                    {
                        if (char.IsWhiteSpace(text[at])) continue;
                        digits.Append(text[at]);
                        fraction++;
                    }

                    if (fraction > Scale) return false;
                    break;
                case '.' when next == '.':
                    point = true;
                    at++;
                    break;
                case '$' when next != '$' && at < text.Length: return false;
                case '$' when at < text.Length: at++; break;
                case 'S' or 'M' when next == '-':
                    negative = !negative;
                    at++;
                    break;
                case 'S' when next == '+': at++; break;
                case '<' when next == '<':
                    open = true;
                    at++;
                    break;
                case '>' when next == '>':
                    if (!open) return false;
                    closed = negative = true;
                    at++;
                    break;
            }
        }

        if (at < text.Length || open != closed || digits.Length == 0) return false;
        value = Int128.Parse(digits.Append('0', Scale - fraction).ToString(), CultureInfo.InvariantCulture) * (negative ? -1 : 1);
        return true;
    }

    /// <summary>Writes a number; digits that have no place make every place a #.</summary>
    public string Format(Int128 value, int scale)
    {
        var plain = DecimalMath.Text(value < 0 ? -value : value, scale).Split('.');
        var room = Precision - Scale;
        var whole = plain[0].TrimStart('0');
        var fraction = plain.Length > 1 ? plain[1].TrimEnd('0') : "";
        if (whole.Length > room || fraction.Length > Scale) (whole, fraction) = (new string('#', room), new string('#', Scale));
        whole = whole.PadLeft(room);
        fraction = fraction.PadRight(Scale, '0');
        var to = new StringBuilder();
        foreach (var part in parts)
        {
            switch (part)
            {
                case '9': WriteWhole(to, whole); break;
                case 'f': to.Append(fraction); break;
                case '.':
                    if (to.Length > 0 && to[^1] == ' ') to[^1] = '0';
                    to.Append('.');
                    break;
                case '$': to.Append('$'); break;
                case 'S': AddSign(to, value < 0 ? '-' : '+'); break;
                case 'M' when value < 0: AddSign(to, '-'); break;
                case 'M': to.Append(' '); break;
                case '<' when value < 0: to.Append('<'); break;
                case '>' when value < 0: AddSign(to, '>'); break;
                case '>':
                    DropLonePoint(to);
                    to.Append("  ");
                    break;
            }
        }

        DropLonePoint(to);
        return to.ToString() is var text && text is "" or "+" or "-" ? "0" : text;
    }

    private static string Sign(string sign) => sign switch { "PR" => ">", "MI" => "M", _ => sign };

    /// <summary>Digits in runs divided by commas; runs are compared with the pattern's from the right.</summary>
    private bool ReadWhole(string text, ref int at, StringBuilder digits)
    {
        var found = new List<int> { 0 };
        for (; at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == ',' || char.IsWhiteSpace(text[at])); at++)
        {
            if (text[at] == ',') found.Add(0);
            if (!char.IsAsciiDigit(text[at])) continue;
            digits.Append(text[at]);
            found[^1]++;
        }

        if (found.Count > runs.Length) return false;
        for (var i = 1; i <= runs.Length; i++)
        {
            var count = i <= found.Count ? found[^i] : 0;
            if (runs[^i][0] == '0' ? count != runs[^i].Length : count > runs[^i].Length) return false;
        }

        return true;
    }

    private void WriteWhole(StringBuilder to, string whole)
    {
        var at = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            if (i > 0 && to.Length > 0 && char.IsAsciiDigit(to[^1])) to.Append(',');
            else if (i > 0) AddBlank(to);
            for (var n = 0; n < runs[i].Length; n++, at++)
            {
                if (whole[at] != ' ') to.Append(whole[at]);
                else if (runs[i][0] == '0') to.Append('0');
                else AddBlank(to);
            }
        }
    }

    /// <summary>A blank goes before a sign, so that the sign stays beside the digits.</summary>
    private static void AddBlank(StringBuilder to)
    {
        var at = to.Length;
        while (at > 0 && to[at - 1] is '+' or '-' or '<') at--;
        to.Insert(at, ' ');
    }

    /// <summary>A sign behind the digits goes before blanks.</summary>
    private static void AddSign(StringBuilder to, char sign)
    {
        DropLonePoint(to);
        var at = to.Length;
        while (at > 0 && to[at - 1] == ' ') at--;
        to.Insert(at, sign);
    }

    private static void DropLonePoint(StringBuilder to)
    {
        var at = to.ToString().IndexOf('.', StringComparison.Ordinal);
        if (at >= 0 && (at == to.Length - 1 || to[at + 1] == ' ')) to[at] = ' ';
    }

    [GeneratedRegex(@"^(?<first>MI|S)?(?<dollar>\$?)(?<whole>(?:[09]+(?:[,G][09]+)*)?)(?<point>[.D](?<fraction>[09]*))?(?<lastDollar>\$?)(?<last>PR|MI|S)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
