using System.Globalization;
using System.Text;

namespace Lakeflow.Cli.Repl;

/// <summary>Text as a terminal shows it: Chinese and most emoji take two columns, accents put on a letter none. Source: Unicode TR 11, East Asian Width.</summary>
internal static class ScreenText
{
    /// <summary>Columns that a text takes.</summary>
    public static int Width(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes()) width += Width(rune);
        return width;
    }

    /// <summary>How many of a text's characters fit into some columns.</summary>
    public static int Fit(ReadOnlySpan<char> text, int columns)
    {
        var fit = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            columns -= Width(rune);
            if (columns < 0) break;
            fit += rune.Utf16SequenceLength;
        }

        return Math.Min(fit, text.Length);
    }

    /// <summary>As much of a text as fits into some columns, with a mark at its end if that is not all.</summary>
    public static string Cut(string text, int columns, char mark)
    {
        if (Width(text) <= columns) return text;
        var cut = new StringBuilder();
        var left = columns - 1;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= Width(rune);
            if (left < 0) break;
            cut.Append(rune.ToString());
        }

        return cut.Append(mark).ToString();
    }

    /// <summary>A text without what a terminal would obey: each control character is a replacement sign.</summary>
    public static string Tame(string text, bool useUnicode) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? useUnicode ? '\uFFFD' : '?' : c)) : text;

    private static int Width(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
            or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF)
            or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => 1,
    };
}
