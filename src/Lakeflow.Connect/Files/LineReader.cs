using System.Text;
using Lakeflow.Runtime.Connectors;

namespace Lakeflow.Connect.Files;

/// <summary>Reads a window line by line.</summary>
/// <param name="lineEnd">What ends a line; null for any of \n, \r\n and \r.</param>
internal sealed class LineReader(byte[]? lineEnd)
{
    /// <summary>The option <c>lineSep</c> as bytes; null where it is not given.</summary>
    public static byte[]? EndOf(OptionValues options) => options.TextOrNull("lineSep") switch
    {
        null or "" => null,
        "\\n" => [(byte)'\n'],
        "\\r" => [(byte)'\r'],
        "\\r\\n" => "\r\n"u8.ToArray(),
        { } end => Encoding.UTF8.GetBytes(end),
    };

    /// <summary>1-based number of the line that the next reading gives.</summary>
    public int Line { get; set; } = 1;

    /// <summary>The next line without its end, consumed; valid until the window is filled again.</summary>
    /// <returns>False at the end of the file, or if the line begins at or behind <paramref name="limit"/> in the file.</returns>
    public bool TryRead(ByteWindow window, long limit, out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            line = default;
            if (window.Offset + window.Start >= limit) return false;
            var unread = window.Unread;
            var found = Find(unread, ref searched, window.AtEnd, out var length);
            if (found >= 0)
            {
                line = unread[..found];
                window.Start += found + length;
                Line++;
                return true;
            }

            if (window.Fill() || searched < window.Unread.Length) continue;
            line = window.Unread;
            window.Start = window.End;
            Line++;
            return line.Length > 0;
        }
    }

    /// <summary>Moves to the first line that begins in a slice; the window was opened one line end before the slice.</summary>
    public bool SkipPartial(ByteWindow window) => TryRead(window, long.MaxValue, out _);

    private int Find(ReadOnlySpan<byte> text, ref int searched, bool atEnd, out int length)
    {
        length = lineEnd?.Length ?? 1;
        if (lineEnd is not null)
        {
            var whole = text[searched..].IndexOf(lineEnd);
            if (whole >= 0) return searched + whole;
            searched = Math.Max(searched, text.Length - lineEnd.Length + 1);
            if (atEnd) searched = text.Length;
            return -1;
        }

        var found = text[searched..].IndexOfAny((byte)'\n', (byte)'\r');
        if (found < 0)
        {
            searched = text.Length;
            return -1;
        }

        found += searched;
        if (text[found] == (byte)'\r')
        {
            if (found + 1 == text.Length && !atEnd)
            {
                searched = found;
                return -1;
            }

            if (found + 1 < text.Length && text[found + 1] == (byte)'\n') length = 2;
        }

        return found;
    }
}
