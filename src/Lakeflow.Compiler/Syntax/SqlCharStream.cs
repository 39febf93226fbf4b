using System.Globalization;
using Antlr4.Runtime;

namespace Lakeflow.Compiler.Syntax;

/// <summary>The characters of a statement as the lexer sees them: every letter beyond ASCII is U+0001, every other sign U+0002, every space a space.</summary>
/// <remarks>
/// The lexer's tables hold ASCII only; any other character would be looked up anew each time, a hundred times as slow. Tokens still take their text
/// from the characters as written. Offsets are UTF-16 units.
/// </remarks>
internal sealed class SqlCharStream(string text) : AntlrInputStream(text)
{
    private const int Letter = 1;
    private const int Sign = 2;

    protected override int ValueAt(int i)
    {
        var c = data[i];
        return c is >= ' ' and < (char)128 or '\t' or '\n' or '\r' ? c : Other(i);
    }

    private int Other(int i)
    {
        if (char.IsWhiteSpace(data[i]) || data[i] is '\u200b' or '\ufeff') return ' ';
        return Category(i) switch
        {
            <= UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => Letter,
            _ => Sign,
        };
    }

    /// <summary>Both halves of a pair have the category of the character they make.</summary>
    private UnicodeCategory Category(int i)
    {
        var high = char.IsLowSurrogate(data[i]) && i > 0 ? i - 1 : i;
        return high + 1 < n && char.IsSurrogatePair(data[high], data[high + 1])
            ? CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(data[high], data[high + 1]))
            : CharUnicodeInfo.GetUnicodeCategory(data[i]);
    }
}
