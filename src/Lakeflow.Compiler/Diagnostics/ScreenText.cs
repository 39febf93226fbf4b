using System.Globalization;
using System.Text;

namespace Lakeflow.Compiler.Diagnostics;

/// <summary>Text as a terminal shows it: Chinese and most emoji take two columns, accents put on a letter none. Source: Unicode TR 11, East Asian Width.</summary>
public static class ScreenText
{
    /// <summary>Ranges of two columns, first and last, in order. The small ones below U+1F000 are signs that are shown as emoji.</summary>
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3), (0x25FD, 0x25FE), (0x2614, 0x2615),
        (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1), (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE),
        (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705), (0x270A, 0x270B),
        (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797), (0x27B0, 0x27B0), (0x27BF, 0x27BF),
        (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x2E80, 0x303E), (0x3041, 0x3247), (0x3250, 0x4DBF), (0x4E00, 0xA4C6), (0xA960, 0xA97C),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6B), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x18CFF), (0x1AFF0, 0x1B2FF),
        (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F200, 0x1F320), (0x1F32D, 0x1F335), (0x1F337, 0x1F37C),
        (0x1F37E, 0x1F393), (0x1F3A0, 0x1F3CA), (0x1F3CF, 0x1F3D3), (0x1F3E0, 0x1F3F0), (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E), (0x1F440, 0x1F440),
        (0x1F442, 0x1F4FC), (0x1F4FF, 0x1F53D), (0x1F54B, 0x1F54E), (0x1F550, 0x1F567), (0x1F57A, 0x1F57A), (0x1F595, 0x1F596), (0x1F5A4, 0x1F5A4),
        (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CC, 0x1F6CC), (0x1F6D0, 0x1F6D2), (0x1F6D5, 0x1F6D7), (0x1F6DC, 0x1F6DF), (0x1F6EB, 0x1F6EC),
        (0x1F6F4, 0x1F6FC), (0x1F7E0, 0x1F7EB), (0x1F7F0, 0x1F7F0), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1F9FF), (0x1FA70, 0x1FAFF),
        (0x20000, 0x3FFFD),
    ];

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
    public static string Cut(string text, int columns, char mark) => Fit(text, columns) == text.Length ? text : string.Concat(text.AsSpan(0, Fit(text, columns - 1)), [mark]);

    /// <summary>A text without what a terminal would obey or turn round: control characters are their pictures (U+2400 and up), other ones the replacement sign.</summary>
    public static string Tame(string text) => text.Any(IsWild) ? string.Concat(text.Select(Tame)) : text;

    /// <summary>A character as <see cref="Tame(string)"/> has it.</summary>
    public static char Tame(char c) => !IsWild(c) ? c : c < ' ' ? (char)(0x2400 + c) : c == '\u007F' ? '\u2421' : '\uFFFD';

    /// <summary>True for control characters, and for those that change the direction of what is behind them, which no other row is to feel.</summary>
    public static bool IsWild(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static int Width(Rune rune)
    {
        if (rune.Value < 0x300) return 1;
        if (rune.Value is >= 0x1160 and <= 0x11FF) return 0; // vowels and finals of Hangul, drawn into the syllable
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) return 0;
        var (low, high) = (0, Wide.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (rune.Value > Wide[middle].Last) low = middle + 1;
            else if (rune.Value < Wide[middle].First) high = middle - 1;
            else return 2;
        }

        return 1;
    }
}
