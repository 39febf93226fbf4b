using System.Text;
using Lakeflow.Compiler.Diagnostics;

namespace Lakeflow.Cli.Repl;

/// <summary>Draws a statement while it is typed. Each line has one row of the terminal: a longer line scrolls sideways, and of more lines than rows those around the cursor are seen.</summary>
/// <param name="to">The terminal.</param>
/// <param name="size">Its columns and rows, now.</param>
/// <param name="useColor">True colours what is typed.</param>
internal sealed class LineView(TextWriter to, Func<(int Width, int Height)> size, bool useColor)
{
    /// <summary>What stands before the first line of a statement, and before the others.</summary>
    public const string First = "lakeflow> ";
    public const string Next = "     ...> ";

    /// <summary>A terminal narrower than this has no room for words before each line.</summary>
    private const int Narrow = 40;

    private int shownFrom;

    /// <summary>The first line that is on the screen.</summary>
    private int top;

    /// <summary>Rows of the screen above the cursor, and below it, that belong to the statement.</summary>
    private int above;
    private int below;

    public int Width => size().Width;

    /// <summary>A new statement begins. What is pasted comes in brackets from now on: it is not to be taken for keys.</summary>
    public void Begin()
    {
        (shownFrom, top, above, below) = (0, 0, 0, 0);
        if (!OperatingSystem.IsWindows()) to.Write("\u001b[?2004h");
    }

    /// <summary>Nothing is typed any more; the cursor stands below the statement.</summary>
    public void End()
    {
        ToLastRow();
        if (!OperatingSystem.IsWindows()) to.Write("\u001b[?2004l");
        to.WriteLine();
        to.Flush();
    }

    /// <summary>Writes something behind the statement, which is not drawn again.</summary>
    public void Append(string text)
    {
        ToLastRow();
        to.Write(text);
    }

    /// <summary>Writes lines below the statement, which is then drawn anew below them.</summary>
    public void Show(IEnumerable<string> lines)
    {
        ToLastRow();
        to.WriteLine();
        foreach (var line in lines) to.WriteLine(ScreenText.Tame(line));
        above = 0;
    }

    /// <summary>Writes lines where the statement stands, which is then drawn anew below them.</summary>
    public void Tell(string lines)
    {
        if (above > 0) to.Write($"\u001b[{above}A");
        to.Write("\r\u001b[J" + lines);
        (above, below) = (0, 0);
    }

    /// <summary>An empty screen.</summary>
    public void Clear()
    {
        to.Write("\u001b[H\u001b[2J");
        above = 0;
    }

    /// <param name="typed">The statement.</param>
    /// <param name="cursor">Offset of the character that the cursor is on.</param>
    /// <param name="note">A row below the statement, or null.</param>
    public void Draw(string typed, int cursor, string? note = null)
    {
        var (columns, rows) = size();
        var (first, next) = columns < Narrow ? ("> ", ". ") : (First, Next);
        var room = Math.Max(1, columns - first.Length - 1);
        var marks = useColor ? Highlight.Of(typed) : null;
        var lines = typed.Split('\n');
        var line = typed.AsSpan(0, cursor).Count('\n');
        var column = cursor - lines.Take(line).Sum(l => l.Length + 1);
        if (column < shownFrom) shownFrom = column;
        while (ScreenText.Width(lines[line].AsSpan(shownFrom, column - shownFrom)) > room) shownFrom++;
        var height = Math.Clamp(rows - (note is null ? 1 : 2), 1, lines.Length);
        top = Math.Clamp(top, Math.Max(0, line - height + 1), line);
        top = Math.Min(top, lines.Length - height);

        var drawn = new StringBuilder();
        if (above > 0) drawn.Append($"\u001b[{above}A");
        var start = lines.Take(top).Sum(l => l.Length + 1);
        for (var n = top; n < top + height; n++)
        {
            drawn.Append('\r').Append(n == 0 ? first : next);
            var from = Math.Min(n == line ? shownFrom : 0, lines[n].Length);
            var shown = lines[n].AsSpan(from);
            shown = shown[..ScreenText.Fit(shown, room)];
            Append(drawn, shown, marks is null ? [] : marks.AsSpan(start + from, shown.Length));
            drawn.Append(n == top + height - 1 ? "\u001b[J" : "\u001b[K\n");
            start += lines[n].Length + 1;
        }

        (above, below) = (line - top, top + height - 1 - line);
        if (note is not null)
        {
            note = ScreenText.Tame(note);
            drawn.Append("\n\r").Append(note.AsSpan(0, ScreenText.Fit(note, columns - 1)));
            below++;
        }

        if (below > 0) drawn.Append($"\u001b[{below}A");
        drawn.Append($"\r\u001b[{first.Length + ScreenText.Width(lines[line].AsSpan(shownFrom, column - shownFrom))}C");
        to.Write(drawn.ToString());
        to.Flush();
    }

    private void ToLastRow()
    {
        if (below > 0) to.Write($"\u001b[{below}B");
        below = 0;
    }

    private static void Append(StringBuilder to, ReadOnlySpan<char> shown, ReadOnlySpan<Mark> marks)
    {
        var last = Mark.Plain;
        for (var i = 0; i < shown.Length; i++)
        {
            var mark = marks.IsEmpty ? Mark.Plain : marks[i];
            if (mark != last)
            {
                if (last != Mark.Plain) to.Append(Highlight.Code(Mark.Plain));
                if (mark != Mark.Plain) to.Append(Highlight.Code(mark));
                last = mark;
            }

            // A tab that was pasted stays one, and takes a column here.
            to.Append(shown[i] == '\t' ? ' ' : ScreenText.Tame(shown[i]));
        }

        if (last != Mark.Plain) to.Append(Highlight.Code(Mark.Plain));
    }
}
