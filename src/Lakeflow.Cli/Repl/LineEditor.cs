using System.Text;

namespace Lakeflow.Cli.Repl;

/// <summary>One line of input with a cursor, history and completion, drawn on one row of the terminal: a longer line scrolls sideways.</summary>
/// <param name="keys">The next key that was pressed; null once there are no more.</param>
/// <param name="typing">Told true before a line's prompt is drawn, false when the line is read: from then on Ctrl-C is a signal again.</param>
/// <param name="to">The terminal.</param>
/// <param name="width">Its columns, now.</param>
/// <param name="history">Lines of before, oldest first.</param>
/// <param name="folder">Where relative paths start.</param>
internal sealed class LineEditor(Func<ConsoleKeyInfo?> keys, Action<bool> typing, TextWriter to, Func<int> width, History history, string folder)
{
    /// <summary>What <see cref="Read"/> gives for Ctrl-C; compared by reference.</summary>
    public static readonly string Canceled = new(['^', 'C']);

    private readonly StringBuilder line = new();
    private int cursor;
    private int shownFrom;

    public int Width => Math.Max(20, width());

    /// <summary>Reads a line; null at Ctrl-D on an empty one.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <param name="words">What Tab may offer.</param>
    public string? Read(string prompt, Func<IEnumerable<string>> words)
    {
        line.Clear();
        (cursor, shownFrom) = (0, 0);
        var back = 0;
        typing(true);
        Draw(prompt);
        while (true)
        {
            if (keys() is not { } key) return End(null);
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    var text = line.ToString();
                    history.Add(text);
                    return End(text);
                case ConsoleKey.C when isControl:
                    to.Write("^C");
                    return End(Canceled);
                case ConsoleKey.D when isControl && line.Length == 0:
                    return End(null);
                case ConsoleKey.D when isControl:
                case ConsoleKey.Delete:
                    if (cursor < line.Length) line.Remove(cursor, 1);
                    break;
                case ConsoleKey.Backspace:
                    if (cursor > 0) line.Remove(--cursor, 1);
                    break;
                case ConsoleKey.LeftArrow:
                    cursor = Math.Max(0, cursor - 1);
                    break;
                case ConsoleKey.RightArrow:
                    cursor = Math.Min(line.Length, cursor + 1);
                    break;
                case ConsoleKey.Home:
                case ConsoleKey.A when isControl:
                    cursor = 0;
                    break;
                case ConsoleKey.End:
                case ConsoleKey.E when isControl:
                    cursor = line.Length;
                    break;
                case ConsoleKey.U when isControl:
                    line.Remove(0, cursor);
                    cursor = 0;
                    break;
                case ConsoleKey.K when isControl:
                    line.Length = cursor;
                    break;
                case ConsoleKey.UpArrow:
                    if (back < history.Count) Replace(history[^++back]);
                    break;
                case ConsoleKey.DownArrow:
                    if (back > 0) Replace(--back == 0 ? "" : history[^back]);
                    break;
                case ConsoleKey.Tab:
                    Complete(words);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar)) line.Insert(cursor++, key.KeyChar);
                    break;
            }

            Draw(prompt);
        }
    }

    private string? End(string? text)
    {
        // First: a Ctrl-C that is pressed at the sight of the new line is meant for the statement.
        typing(false);
        to.WriteLine();
        to.Flush();
        return text;
    }

    private void Replace(string text)
    {
        line.Clear().Append(text);
        cursor = line.Length;
    }

    /// <summary>Puts in what all choices have in common; where that adds nothing, shows the choices.</summary>
    private void Complete(Func<IEnumerable<string>> words)
    {
        var text = line.ToString();
        var path = Completion.PathBefore(text, cursor);
        var begun = path ?? Completion.WordBefore(text, cursor);
        IReadOnlyList<string> choices = path is not null ? [.. Completion.Paths(folder, path)] : Completion.Of(begun, words());
        if (choices.Count == 0) return;
        var common = Completion.Common(choices);
        if (common.Length > begun.Length || choices.Count == 1)
        {
            line.Remove(cursor - begun.Length, begun.Length).Insert(cursor - begun.Length, common);
            cursor += common.Length - begun.Length;
            return;
        }

        to.WriteLine();
        to.WriteLine(string.Join("  ", choices.Take(60)) + (choices.Count > 60 ? "  ..." : ""));
    }

    private void Draw(string prompt)
    {
        var room = Math.Max(1, Width - prompt.Length - 1);
        if (cursor < shownFrom) shownFrom = cursor;
        if (cursor > shownFrom + room) shownFrom = cursor - room;
        var shown = line.ToString(shownFrom, Math.Min(room, line.Length - shownFrom));
        // To the first column, the text, what stood behind it away, back to the cursor.
        to.Write($"\r{prompt}{shown}\u001b[K\r\u001b[{prompt.Length + cursor - shownFrom}C");
        to.Flush();
    }
}
