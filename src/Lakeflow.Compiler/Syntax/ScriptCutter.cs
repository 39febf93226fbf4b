using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Cuts a file into its statements, before any of them is parsed, so that a mistake in one does not touch the next.</summary>
/// <remarks>
/// A statement ends at <c>;</c> outside text, quoted names and comments, and in an exported notebook at a cell mark. A block
/// <c>BEGIN … END</c> is one statement. Source: Spark SDP, how files are split into statements; exported notebooks of Databricks.
/// </remarks>
internal sealed class ScriptCutter(SourceText source, DiagnosticBag bag)
{
    private const string CellMark = "-- COMMAND ----------";
    private const string Magic = "-- MAGIC";

    private readonly string text = source.Text;
    private readonly List<Piece> pieces = [];
    private List<(int Start, int End)> variables = [];
    private int start;
    private int at;
    private int blocks;
    private bool seenWord;
    private string lastWord = "";
    private bool magicCell;
    private bool isBlock;

    /// <summary>One statement as written.</summary>
    /// <param name="Start">Offset of its first character, which may be space or comment.</param>
    /// <param name="End">Offset of the <c>;</c>, the cell mark or the end.</param>
    /// <param name="Variables">Offsets of each <c>${…}</c>, from <c>$</c> to behind <c>}</c>.</param>
    /// <param name="IsBlock"><c>BEGIN … END</c>.</param>
    internal readonly record struct Piece(int Start, int End, ImmutableArray<(int Start, int End)> Variables, bool IsBlock);

    public IReadOnlyList<Piece> Cut()
    {
        while (at < text.Length) Step();
        Close(text.Length);
        return pieces;
    }

    private void Step()
    {
        var c = text[at];
        if (source.IsNotebook && c == '-' && AtLineStart() && NotebookLine()) return;
        switch (c)
        {
            case '\'' or '"':
                SkipText(c);
                break;
            case '`':
                SkipQuotedName();
                break;
            case '-' when Next('-'):
                at = LineEnd(at);
                break;
            case '/' when Next('*'):
                SkipComment();
                break;
            case '$' when Next('{'):
                Variable();
                break;
            case ';' when blocks == 0:
                Close(at);
                start = ++at;
                break;
            default:
                if (char.IsLetter(c) || c == '_') Word();
                else at++;
                break;
        }
    }

    private bool Next(char c) => at + 1 < text.Length && text[at + 1] == c;

    private bool AtLineStart() => at == 0 || text[at - 1] is '\n' or '\r';

    private int LineEnd(int from)
    {
        var end = text.AsSpan(from).IndexOfAny('\n', '\r');
        return end < 0 ? text.Length : from + end;
    }

    private void Close(int end)
    {
        if (end > start) pieces.Add(new Piece(start, end, [.. variables], isBlock));
        variables = [];
        start = end;
        blocks = 0;
        isBlock = false;
        seenWord = false;
        lastWord = "";
    }

    // ---- notebooks -------------------------------------------------------------------------------------------------

    /// <summary>Takes a cell mark or a magic line; false for any other comment.</summary>
    private bool NotebookLine()
    {
        var end = LineEnd(at);
        var line = text.AsSpan(at, end - at).TrimEnd();
        if (line.SequenceEqual(CellMark))
        {
            Close(at);
            start = at = end;
            magicCell = false;
            return true;
        }

        if (!line.StartsWith(Magic, StringComparison.Ordinal)) return false;
        var magic = line[Magic.Length..].Trim();
        if (!magicCell && magic.StartsWith('%'))
        {
            var word = magic[..(magic.IndexOfAny(' ', '\t') is var blank and >= 0 ? blank : magic.Length)].ToString();
            if (word is not "%md" and not "%md-sandbox") bag.Add(SyntaxErrors.CellLeftOut(source.Span(at, at + line.Length), word));
        }

        magicCell = true;
        at = end;
        return true;
    }

    // ---- what may hold a ; -----------------------------------------------------------------------------------------

    private void SkipText(char quote)
    {
        var open = at;
        var raw = open > start && text[open - 1] is 'r' or 'R' && (open - 1 == 0 || !IsNamePart(text[open - 2]));
        for (at++; at < text.Length; at++)
        {
            var c = text[at];
            if (c == quote)
            {
                at++;
                return;
            }

            if (c == '\\' && !raw) at++;
            else if (c == '$' && Next('{')) Variable(back: 1);
        }

        at = text.Length;
        bag.Add(SyntaxErrors.UnclosedString(source.Span(open, LineEnd(open)), quote));
        Drop();
    }

    private void SkipQuotedName()
    {
        var open = at;
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '`')
            {
                at++;
                return;
            }

            if (text[at] == '$' && Next('{')) Variable(back: 1);
        }

        bag.Add(SyntaxErrors.UnclosedName(source.Span(open, LineEnd(open))));
        Drop();
    }

    private void SkipComment()
    {
        var open = at;
        var depth = 0;
        while (at < text.Length)
        {
            var next = text.AsSpan(at).IndexOfAny('/', '*');
            if (next < 0) break;
            at += next;
            if (text[at] == '/' && Next('*'))
            {
                depth++;
                at += 2;
            }
            else if (text[at] == '*' && Next('/'))
            {
                at += 2;
                if (--depth == 0) return;
            }
            else
            {
                at++;
            }
        }

        at = text.Length;
        bag.Add(SyntaxErrors.UnclosedComment(source.Span(open, open + 2)));
        Drop();
    }

    /// <summary>The rest of the file is one broken statement, and reported: nothing is left to parse in it.</summary>
    private void Drop()
    {
        at = start = text.Length;
        variables = [];
    }

    /// <summary>Notes a <c>${name}</c> and steps over it, less <paramref name="back"/> for a caller that steps itself.</summary>
    private void Variable(int back = 0)
    {
        var end = text.AsSpan(at).IndexOfAny('}', '\n');
        if (end < 0 || text[at + end] == '\n')
        {
            at++;
            at -= back;
            return;
        }

        variables.Add((at, at + end + 1));
        at += end + 1 - back;
    }

    // ---- blocks ----------------------------------------------------------------------------------------------------

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>Counts BEGIN and CASE against END once a statement has begun with BEGIN.</summary>
    private void Word()
    {
        var from = at;
        while (at < text.Length && IsNamePart(text[at])) at++;
        var word = text.AsSpan(from, at - from);
        var previous = lastWord;
        lastWord = "";
        if (!seenWord)
        {
            seenWord = true;
            if (!word.Equals("BEGIN", StringComparison.OrdinalIgnoreCase)) return;
            blocks = 1;
            isBlock = true;
            return;
        }

        if (blocks == 0) return;
        if (previous == "END")
        {
            // END CASE closed a CASE; END IF and the like close what was not counted.
            if (IsLoopWord(word)) blocks++;
            return;
        }

        if (word.Equals("BEGIN", StringComparison.OrdinalIgnoreCase) || word.Equals("CASE", StringComparison.OrdinalIgnoreCase))
        {
            blocks++;
        }
        else if (word.Equals("END", StringComparison.OrdinalIgnoreCase))
        {
            blocks--;
            if (blocks > 0) lastWord = "END";
            else EndsOtherwise();
        }
    }

    /// <summary>Goes on where IF, WHILE, … stands behind an END that seemed to close the block.</summary>
    private void EndsOtherwise()
    {
        var rest = text.AsSpan(at).TrimStart();
        var length = 0;
        while (length < rest.Length && IsNamePart(rest[length])) length++;
        if (!IsLoopWord(rest[..length])) return;
        blocks++;
        at = text.Length - rest.Length + length;
    }

    private static bool IsLoopWord(ReadOnlySpan<char> word) =>
        word.Equals("IF", StringComparison.OrdinalIgnoreCase) || word.Equals("WHILE", StringComparison.OrdinalIgnoreCase)
        || word.Equals("LOOP", StringComparison.OrdinalIgnoreCase) || word.Equals("REPEAT", StringComparison.OrdinalIgnoreCase)
        || word.Equals("FOR", StringComparison.OrdinalIgnoreCase);
}
