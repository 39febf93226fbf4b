using System.Globalization;
using System.Text;

namespace Lakeflow.Cli.Tests.Repl;

/// <summary>What a person sees: a terminal's screen, made of the bytes sent to it. It knows the codes that the prompt and the .NET console send, and fails on others.</summary>
internal sealed class Screen
{
    private readonly StringBuilder code = new();
    private StringBuilder[] rows;
    private bool isWrapping;

    public Screen(int columns, int height)
    {
        Columns = columns;
        rows = [.. Enumerable.Range(0, height).Select(_ => new StringBuilder())];
    }

    public int Columns { get; private set; }

    public int Row { get; private set; }

    public int Column { get; private set; }

    /// <summary>How often the cursor went to another line: what is waited for may look like what was there before.</summary>
    public long Feeds { get; private set; }

    /// <summary>True if something was ever shown in colour or another weight.</summary>
    public bool HasColor { get; private set; }

    /// <summary>The row with the cursor, up to it.</summary>
    public string BeforeCursor => rows[Row].ToString().PadRight(Column)[..Column];

    /// <summary>The rows from the top to the last that is not empty.</summary>
    public override string ToString() => string.Join('\n', rows.Select(r => r.ToString().TrimEnd())).TrimEnd('\n');

    /// <summary>As most terminals do it: what is too long for the new width is cut.</summary>
    public void Resize(int columns, int height)
    {
        while (rows.Length > height && Row >= height)
        {
            rows = rows[1..];
            Row--;
        }

        rows = [.. rows.Take(height), .. Enumerable.Range(0, Math.Max(0, height - rows.Length)).Select(_ => new StringBuilder())];
        foreach (var row in rows) row.Length = Math.Min(row.Length, columns);
        (Columns, Column) = (columns, Math.Min(Column, columns - 1));
    }

    public void Write(ReadOnlySpan<char> text)
    {
        foreach (var c in text) Write(c);
    }

    private void Write(char c)
    {
        if (code.Length > 0)
        {
            code.Append(c);
            if (IsWhole(c)) Obey();
            return;
        }

        switch (c)
        {
            case '\u001b':
                code.Append(c);
                break;
            case '\r':
                (Column, isWrapping) = (0, false);
                break;
            case '\n':
                isWrapping = false;
                Feeds++;
                Down();
                break;
            case '\b':
                Column = Math.Max(0, Column - 1);
                break;
            default:
                Assert.False(char.IsControl(c), $"the control character {(int)c:x2} was sent");
                Put(c);
                break;
        }
    }

    private void Put(char c)
    {
        // A full row goes on in the next one only when there is something to write there.
        if (isWrapping)
        {
            (Column, isWrapping) = (0, false);
            Down();
        }

        var row = rows[Row];
        if (row.Length <= Column) row.Append(' ', Column + 1 - row.Length);
        row[Column] = c;
        if (Column == Columns - 1) isWrapping = true;
        else Column++;
    }

    private void Down()
    {
        if (Row < rows.Length - 1) Row++;
        else rows = [.. rows[1..], new StringBuilder()];
    }

    private bool IsWhole(char c) => code.Length > 1 && (code[1] == '[' ? code.Length > 2 && c is >= '@' and <= '~' : code[1] is '=' or '>');

    private void Obey()
    {
        var text = code.ToString();
        code.Clear();
        if (text[1] != '[' || text[2] == '?') return; // modes of keys and cursor
        var number = int.TryParse(text[2..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
        isWrapping = false;
        switch (text[^1])
        {
            case 'm':
                HasColor |= number > 0;
                break;
            case 'A':
                Row = Math.Max(0, Row - Math.Abs(number));
                break;
            case 'B':
                Row = Math.Min(rows.Length - 1, Row + Math.Abs(number));
                break;
            case 'C':
                Column = Math.Min(Columns - 1, Column + Math.Abs(number));
                break;
            case 'H' when number < 0:
                (Row, Column) = (0, 0);
                break;
            case 'K' when number < 0:
                rows[Row].Length = Math.Min(rows[Row].Length, Column);
                break;
            case 'J':
                if (number < 0) rows[Row].Length = Math.Min(rows[Row].Length, Column);
                foreach (var row in number < 0 ? rows[(Row + 1)..] : rows) row.Clear();
                break;
            default:
                Assert.Fail($"the escape code {text[1..]} was sent");
                break;
        }
    }
}
