using System.Globalization;

namespace Lakeflow.Cli.Repl;

/// <summary>Asks, when a screen is full, how much more is wanted.</summary>
/// <param name="keys">The next key; null once there are no more, or stopped.</param>
/// <param name="typing">As for the <see cref="LineEditor"/>: while the pager waits, Ctrl-C is a key.</param>
/// <param name="to">The terminal.</param>
/// <param name="size">Its columns and rows, now.</param>
/// <param name="suspend">As for the <see cref="LineEditor"/>.</param>
internal sealed class Pager(Func<CancellationToken, ConsoleKeyInfo?> keys, Action<bool> typing, TextWriter to, Func<(int Width, int Height)> size, Action? suspend = null)
{
    /// <summary>Rows that would make no page are shown one by one.</summary>
    private const int Least = 2;

    /// <summary>Columns of the terminal, now.</summary>
    public int Width => size().Width;

    /// <summary>Lines that a full screen has besides the question.</summary>
    public int Page => Math.Max(Least, size().Height - 1);

    /// <summary>How many lines more are wanted; 0 for no more.</summary>
    /// <param name="shown">Rows so far.</param>
    /// <param name="stop">Ends the waiting; no more are wanted then.</param>
    public int Ask(long shown, CancellationToken stop)
    {
        typing(true);
        try
        {
            while (true)
            {
                Draw(shown);
                switch (keys(stop))
                {
                    case null:
                    case { Key: ConsoleKey.Q or ConsoleKey.Escape }:
                    case { Key: ConsoleKey.C or ConsoleKey.D, Modifiers: ConsoleModifiers.Control }:
                        return 0;
                    case { Key: ConsoleKey.Spacebar or ConsoleKey.PageDown }:
                        return Page;
                    case { Key: ConsoleKey.Enter or ConsoleKey.DownArrow }:
                        return 1;
                    case { Key: ConsoleKey.Z, Modifiers: ConsoleModifiers.Control } when suspend is not null:
                        Erase();
                        typing(false);
                        suspend();
                        typing(true);
                        break;
                }
            }
        }
        finally
        {
            Erase();
            typing(false);
        }
    }

    private void Erase()
    {
        to.Write("\r\u001b[K");
        to.Flush();
    }

    private void Draw(long shown)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{shown:N0} rows. Space: a page, Enter: a row, q: end");
        // The last column stays free: some terminals go to the next row once it is written.
        to.Write($"\r{(text.Length < Width ? text : text[..Math.Max(0, Width - 1)])}\u001b[K");
        to.Flush();
    }
}
