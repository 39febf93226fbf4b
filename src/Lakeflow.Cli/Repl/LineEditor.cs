using System.Text;

namespace Lakeflow.Cli.Repl;

/// <summary>A statement of one line or several, with a cursor, history, completion and colours. Each line has one row of the terminal: a longer line scrolls sideways.</summary>
/// <param name="keys">The next key that was pressed; null once there are no more.</param>
/// <param name="typing">Told true before a prompt is drawn, false when the statement is read: from then on Ctrl-C is a signal again.</param>
/// <param name="to">The terminal.</param>
/// <param name="size">Its columns and rows, now.</param>
/// <param name="history">Statements of before, oldest first.</param>
/// <param name="folder">Where relative paths start.</param>
/// <param name="useColor">True colours what is typed.</param>
internal sealed class LineEditor(Func<ConsoleKeyInfo?> keys, Action<bool> typing, TextWriter to, Func<(int Width, int Height)> size, History history, string folder, bool useColor)
{
    /// <summary>What <see cref="Read"/> gives for Ctrl-C; compared by reference.</summary>
    public static readonly string Canceled = new(['^', 'C']);

    /// <summary>A terminal narrower than this has no room for words before each line.</summary>
    private const int Narrow = 40;

    private readonly StringBuilder text = new();
    private int cursor;
    private int shownFrom;

    /// <summary>The first line that is on the screen: a statement may have more lines than the terminal.</summary>
    private int top;

    /// <summary>Rows of the screen above the cursor, and below it, that belong to the statement.</summary>
    private int above;
    private int below;

    /// <summary>Reads a statement; null at Ctrl-D on an empty one.</summary>
    /// <param name="isWhole">True if Enter ends a text; else it begins another line.</param>
    /// <param name="words">What Tab may offer.</param>
    public string? Read(Func<string, bool> isWhole, Func<IEnumerable<string>> words)
    {
        text.Clear();
        (cursor, shownFrom, top, above, below) = (0, 0, 0, 0, 0);
        var (back, draft) = (0, "");
        typing(true);
        Draw();
        while (true)
        {
            if (keys() is not { } key) return End(null);
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    var typed = text.ToString();
                    if (isWhole(typed))
                    {
                        history.Add(typed);
                        return End(typed);
                    }

                    text.Insert(cursor++, '\n');
                    break;
                case ConsoleKey.C when isControl:
                    ToLastRow();
                    to.Write("^C");
                    return End(Canceled);
                case ConsoleKey.D when isControl && text.Length == 0:
                    return End(null);
                case ConsoleKey.L when isControl:
                    to.Write("\u001b[H\u001b[2J");
                    above = 0;
                    break;
                case ConsoleKey.UpArrow when LineStart > 0:
                    MoveTo(StartOf(LineStart - 1));
                    break;
                case ConsoleKey.DownArrow when LineEnd < text.Length:
                    MoveTo(LineEnd + 1);
                    break;
                case ConsoleKey.UpArrow:
                    if (back == 0) draft = text.ToString();
                    if (back < history.Count) Replace(history[^++back]);
                    break;
                case ConsoleKey.DownArrow:
                    if (back > 0) Replace(--back == 0 ? draft : history[^back]);
                    break;
                case ConsoleKey.Tab:
                    Complete(words);
                    break;
                default:
                    Edit(key, isControl);
                    break;
            }

            Draw();
        }
    }

    private int LineStart => StartOf(cursor);

    private int LineEnd
    {
        get
        {
            var end = cursor;
            while (end < text.Length && text[end] != '\n') end++;
            return end;
        }
    }

    private void Edit(ConsoleKeyInfo key, bool isControl)
    {
        switch (key.Key)
        {
            case ConsoleKey.D when isControl:
            case ConsoleKey.Delete:
                text.Remove(cursor, After() - cursor);
                break;
            case ConsoleKey.Backspace:
                var before = Before();
                text.Remove(before, cursor - before);
                cursor = before;
                break;
            case ConsoleKey.LeftArrow:
                cursor = Before();
                break;
            case ConsoleKey.RightArrow:
                cursor = After();
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when isControl:
                cursor = LineStart;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when isControl:
                cursor = LineEnd;
                break;
            case ConsoleKey.U when isControl:
                var start = LineStart;
                text.Remove(start, cursor - start);
                cursor = start;
                break;
            case ConsoleKey.K when isControl:
                text.Remove(cursor, LineEnd - cursor);
                break;
            default:
                if (!char.IsControl(key.KeyChar)) text.Insert(cursor++, key.KeyChar);
                break;
        }
    }

    /// <summary>Where the character before the cursor begins: some take two places.</summary>
    private int Before() => cursor > 1 && char.IsSurrogatePair(text[cursor - 2], text[cursor - 1]) ? cursor - 2 : Math.Max(0, cursor - 1);

    private int After() => cursor + 1 < text.Length && char.IsSurrogatePair(text[cursor], text[cursor + 1]) ? cursor + 2 : Math.Min(text.Length, cursor + 1);

    private int StartOf(int at)
    {
        while (at > 0 && text[at - 1] != '\n') at--;
        return at;
    }

    /// <summary>To the same column of the line that begins somewhere, or to its end.</summary>
    private void MoveTo(int start)
    {
        var column = cursor - LineStart;
        cursor = start;
        cursor = Math.Min(start + column, LineEnd);
    }

    private string? End(string? read)
    {
        // First: a Ctrl-C that is pressed at the sight of the new line is meant for the statement.
        typing(false);
        ToLastRow();
        to.WriteLine();
        to.Flush();
        return read;
    }

    private void ToLastRow()
    {
        if (below > 0) to.Write($"\u001b[{below}B");
        below = 0;
    }

    private void Replace(string by)
    {
        text.Clear().Append(by);
        cursor = text.Length;
    }

    /// <summary>Puts in what all choices have in common; where that adds nothing, shows the choices, and of a function how it is called.</summary>
    private void Complete(Func<IEnumerable<string>> words)
    {
        var typed = text.ToString();
        var path = Completion.PathBefore(typed, cursor);
        var begun = path ?? Completion.WordBefore(typed, cursor);
        IReadOnlyList<string> choices = path is not null ? [.. Completion.Paths(folder, path)]
            : begun.Length == 0 ? [.. Completion.CallAt(typed, cursor)]
            : Completion.Of(begun, words());
        if (choices.Count == 0) return;
        var common = begun.Length == 0 && path is null ? "" : Completion.Common(choices);
        if (common.Length > begun.Length)
        {
            text.Remove(cursor - begun.Length, begun.Length).Insert(cursor - begun.Length, common);
            cursor += common.Length - begun.Length;
            return;
        }

        ToLastRow();
        to.WriteLine();
        foreach (var line in path is null ? Completion.Described(choices, size().Width) : Completion.Listed(choices, size().Width)) to.WriteLine(line);
        above = 0;
    }

    private void Draw()
    {
        var (columns, rows) = size();
        var (first, next) = columns < Narrow ? ("> ", ". ") : ("lakeflow> ", "     ...> ");
        var room = Math.Max(1, columns - first.Length - 1);
        var typed = text.ToString();
        var marks = useColor ? Highlight.Of(typed) : null;
        var lines = typed.Split('\n');
        var line = typed.AsSpan(0, cursor).Count('\n');
        var column = cursor - LineStart;
        if (column < shownFrom) shownFrom = column;
        while (ScreenText.Width(lines[line].AsSpan(shownFrom, column - shownFrom)) > room) shownFrom++;
        var height = Math.Clamp(rows - 1, 1, lines.Length);
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
        if (below > 0) drawn.Append($"\u001b[{below}A");
        drawn.Append($"\r\u001b[{first.Length + ScreenText.Width(lines[line].AsSpan(shownFrom, column - shownFrom))}C");
        to.Write(drawn.ToString());
        to.Flush();
    }

    private static void Append(StringBuilder to, ReadOnlySpan<char> shown, ReadOnlySpan<Mark> marks)
    {
        if (marks.IsEmpty)
        {
            to.Append(shown);
            return;
        }

        var last = Mark.Plain;
        for (var i = 0; i < shown.Length; i++)
        {
            if (marks[i] != last)
            {
                if (last != Mark.Plain) to.Append(Highlight.Code(Mark.Plain));
                if (marks[i] != Mark.Plain) to.Append(Highlight.Code(marks[i]));
                last = marks[i];
            }

            to.Append(shown[i]);
        }

        if (last != Mark.Plain) to.Append(Highlight.Code(Mark.Plain));
    }
}
