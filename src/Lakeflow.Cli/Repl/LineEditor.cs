using System.Globalization;
using System.Text;

namespace Lakeflow.Cli.Repl;

/// <summary>A statement of one line or several, with a cursor, history and completion.</summary>
/// <param name="keys">The next key that was pressed; null once there are no more.</param>
/// <param name="typing">Told true before a prompt is drawn, false when the statement is read: from then on Ctrl-C is a signal again.</param>
/// <param name="view">Where it is seen.</param>
/// <param name="history">Statements of before, oldest first.</param>
/// <param name="folder">Where relative paths start.</param>
/// <param name="news">What is to be said above the statement, whole lines; asked before each drawing.</param>
/// <param name="suspend">Stops the process until its shell goes on with it, for Ctrl-Z; null where that cannot be.</param>
internal sealed class LineEditor(Func<ConsoleKeyInfo?> keys, Action<bool> typing, LineView view, History history, string folder, Func<string>? news = null, Action? suspend = null)
{
    /// <summary>What <see cref="Read"/> gives for Ctrl-C; compared by reference.</summary>
    public static readonly string Canceled = new(['^', 'C']);

    /// <summary>How a terminal brackets what is pasted (xterm, "bracketed paste mode"): Escape and these.</summary>
    private const string PasteBegins = "[200~";
    private const string PasteEnds = "[201~";

    private readonly StringBuilder text = new();
    private int cursor;

    /// <summary>What Ctrl-U, Ctrl-K and Ctrl-W took last, for Ctrl-Y.</summary>
    private string cut = "";

    /// <summary>A key that was read and is still to be obeyed.</summary>
    private ConsoleKeyInfo? unread;

    /// <summary>Reads a statement; null at Ctrl-D on an empty one.</summary>
    /// <param name="isWhole">True if Enter ends a text; else it begins another line.</param>
    /// <param name="words">What Tab may offer: of a table or a file, as FROM has it, its columns, and of null all names.</param>
    public string? Read(Func<string, bool> isWhole, Func<string?, IEnumerable<string>> words)
    {
        text.Clear();
        cursor = 0;
        var (back, draft) = (0, "");
        typing(true);
        view.Begin();
        Draw();
        while (true)
        {
            if (NextKey() is not { } key) return End(null);
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
                    view.Append("^C");
                    return End(Canceled);
                case ConsoleKey.D when isControl && text.Length == 0:
                    return End(null);
                case ConsoleKey.Z when isControl && suspend is not null:
                    view.End();
                    typing(false);
                    suspend();
                    typing(true);
                    view.Begin();
                    break;
                case ConsoleKey.L when isControl:
                    view.Clear();
                    break;
                case ConsoleKey.R when isControl:
                    Search();
                    break;
                case ConsoleKey.UpArrow or ConsoleKey.P when IsUp(key) && LineStart > 0:
                    MoveTo(StartOf(LineStart - 1));
                    break;
                case ConsoleKey.DownArrow or ConsoleKey.N when IsDown(key) && LineEnd < text.Length:
                    MoveTo(LineEnd + 1);
                    break;
                case ConsoleKey.UpArrow or ConsoleKey.P when IsUp(key):
                    if (back == 0) draft = text.ToString();
                    if (back < history.Count) Replace(history[^++back]);
                    break;
                case ConsoleKey.DownArrow or ConsoleKey.N when IsDown(key):
                    if (back > 0) Replace(--back == 0 ? draft : history[^back]);
                    break;
                case ConsoleKey.Tab:
                    Complete(words);
                    break;
                case ConsoleKey.Escape:
                    Escaped();
                    break;
                default:
                    Edit(key, isControl);
                    break;
            }

            Draw();
        }
    }

    private static bool IsUp(ConsoleKeyInfo key) => key.Key == ConsoleKey.UpArrow || key.Modifiers == ConsoleModifiers.Control;

    private static bool IsDown(ConsoleKeyInfo key) => key.Key == ConsoleKey.DownArrow || key.Modifiers == ConsoleModifiers.Control;

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

    private ConsoleKeyInfo? NextKey()
    {
        if (unread is not { } key) return keys();
        unread = null;
        return key;
    }

    private void Edit(ConsoleKeyInfo key, bool isControl)
    {
        var isAlt = key.Modifiers == ConsoleModifiers.Alt;
        switch (key.Key)
        {
            case ConsoleKey.D when isControl:
            case ConsoleKey.Delete:
                text.Remove(cursor, After() - cursor);
                break;
            case ConsoleKey.Backspace when isAlt:
                Cut(WordStart(char.IsLetterOrDigit), cursor);
                break;
            case ConsoleKey.Backspace:
                var before = Before();
                text.Remove(before, cursor - before);
                cursor = before;
                break;
            case ConsoleKey.LeftArrow when isControl || isAlt:
            case ConsoleKey.B when isAlt:
                cursor = WordStart(char.IsLetterOrDigit);
                break;
            case ConsoleKey.RightArrow when isControl || isAlt:
            case ConsoleKey.F when isAlt:
                while (cursor < text.Length && !char.IsLetterOrDigit(text[cursor])) cursor++;
                while (cursor < text.Length && char.IsLetterOrDigit(text[cursor])) cursor++;
                break;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when isControl:
                cursor = Before();
                break;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when isControl:
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
                Cut(LineStart, cursor);
                break;
            case ConsoleKey.K when isControl:
                Cut(cursor, LineEnd);
                break;
            case ConsoleKey.W when isControl:
                Cut(WordStart(c => !char.IsWhiteSpace(c)), cursor);
                break;
            case ConsoleKey.Y when isControl:
                Insert(cut);
                break;
            default:
                if (!char.IsControl(key.KeyChar) && !isAlt) Insert(key.KeyChar.ToString());
                break;
        }
    }

    private void Insert(string what)
    {
        text.Insert(cursor, what);
        cursor += what.Length;
    }

    private void Cut(int from, int to)
    {
        if (from == to) return;
        cut = text.ToString(from, to - from);
        text.Remove(from, to - from);
        cursor = from;
    }

    /// <summary>Where the word at or before the cursor begins.</summary>
    private int WordStart(Func<char, bool> isPart)
    {
        var start = cursor;
        while (start > 0 && !isPart(text[start - 1])) start--;
        while (start > 0 && isPart(text[start - 1])) start--;
        return start;
    }

    /// <summary>Where the character before the cursor begins, as a person counts: some take two places, and accents belong to their letter.</summary>
    private int Before()
    {
        if (cursor == LineStart) return Math.Max(0, cursor - 1);
        var line = text.ToString(LineStart, cursor - LineStart);
        return LineStart + StringInfo.ParseCombiningCharacters(line)[^1];
    }

    private int After() => cursor == text.Length ? cursor : cursor + StringInfo.GetNextTextElementLength(text.ToString(cursor, text.Length - cursor));

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
        view.End();
        return read;
    }

    private void Draw()
    {
        if (news?.Invoke() is { Length: > 0 } told) view.Tell(told);
        view.Draw(text.ToString(), cursor);
    }

    private void Replace(string by)
    {
        text.Clear().Append(by);
        cursor = text.Length;
    }

    /// <summary>Behind Escape stands what was pasted, or a key that Escape has no part in.</summary>
    private void Escaped()
    {
        for (var seen = 0; seen < PasteBegins.Length; seen++)
        {
            if (keys() is not { } key) return;
            if (key.KeyChar == PasteBegins[seen]) continue;
            Insert(PasteBegins[..seen]);
            unread = key;
            return;
        }

        Paste();
    }

    /// <summary>Takes what is pasted as it is: no line of it runs, and no tab completes anything, before Enter is pressed.</summary>
    private void Paste()
    {
        var pasted = new StringBuilder();
        while (keys() is { } key)
        {
            if (key.Key == ConsoleKey.Enter) pasted.Append('\n');
            else if (key.Key == ConsoleKey.Tab) pasted.Append('\t');
            else if (!char.IsControl(key.KeyChar)) pasted.Append(key.KeyChar);
            if (key.KeyChar != '~' || !pasted.ToString().EndsWith(PasteEnds, StringComparison.Ordinal)) continue;
            pasted.Length -= PasteEnds.Length;
            break;
        }

        Insert(pasted.ToString());
    }

    /// <summary>Looks for what is typed in statements of before, latest first; any other key takes what was found.</summary>
    private void Search()
    {
        var (draft, draftCursor) = (text.ToString(), cursor);
        var (wanted, at, isFound) = ("", history.Count, true);
        while (true)
        {
            view.Draw(text.ToString(), cursor, $"{(isFound ? "search" : "not found")}: {wanted}");
            if (keys() is not { } key) return;
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.R when isControl:
                    Find(at);
                    break;
                case ConsoleKey.G or ConsoleKey.C when isControl:
                    Replace(draft);
                    cursor = draftCursor;
                    return;
                case ConsoleKey.Backspace:
                    wanted = wanted.Length == 0 ? "" : wanted[..^1];
                    Find(history.Count);
                    break;
                default:
                    if (char.IsControl(key.KeyChar) || isControl)
                    {
                        if (key == Keys.Redraw) break;
                        unread = key;
                        return;
                    }

                    wanted += key.KeyChar;
                    Find(at + 1);
                    break;
            }
        }

        void Find(int before)
        {
            isFound = wanted.Length == 0;
            for (var n = Math.Min(before, history.Count) - 1; n >= 0 && !isFound; n--)
            {
                if (history[n].IndexOf(wanted, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var place)) continue;
                Replace(history[n]);
                (at, cursor, isFound) = (n, place, true);
            }
        }
    }

    /// <summary>Puts in what all choices have in common; where that adds nothing, shows the choices, and of a function how it is called.</summary>
    private void Complete(Func<string?, IEnumerable<string>> words)
    {
        var typed = text.ToString();
        var path = Completion.PathBefore(typed, cursor);
        var begun = path?.Written ?? Completion.WordBefore(typed, cursor);
        IReadOnlyList<string> choices = path is var (written, isSql) ? [.. Completion.Paths(folder, written, isSql)]
            : Completion.ArgumentsAt(typed, cursor) is { } arguments ? [.. arguments.Where(a => a.StartsWith(begun, StringComparison.OrdinalIgnoreCase))]
            : Completion.QualifierBefore(typed, cursor) is { } name && Completion.Of(begun, words(Completion.SourceOf(typed, name))) is { Count: > 0 } columns ? columns
            : begun.Length == 0 ? [.. Completion.CallAt(typed, cursor)]
            : Completion.Of(begun, [.. words(null), .. Completion.FilesIn(typed).SelectMany(words)]);
        if (choices.Count == 0) return;
        var common = begun.Length == 0 && Completion.CallAt(typed, cursor).Any() ? "" : Completion.Common(choices);
        if (common.Length > begun.Length)
        {
            text.Remove(cursor - begun.Length, begun.Length);
            cursor -= begun.Length;
            Insert(common);
            return;
        }

        view.Show(path is null ? Completion.Described(choices, view.Width) : Completion.Listed(choices, view.Width));
    }
}
