namespace Lakeflow.Connect.Files.Csv;

/// <summary>What a raw field means: quotes taken away, blanks trimmed, NULL told apart.</summary>
internal sealed class CsvText(CsvOptions options)
{
    private byte[] scratch = new byte[256];

    /// <summary>The text of a raw field that is not empty.</summary>
    /// <param name="raw">Between two separators, quotes and all.</param>
    /// <param name="isNull">True if the field is NULL.</param>
    /// <returns>The text, in <paramref name="raw"/> or in a buffer that the next call overwrites.</returns>
    public ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> raw, out bool isNull)
    {
        var text = raw;
        var quoted = false;
        if (text[0] == options.Quote)
        {
            quoted = TryUnquote(ref text);
        }
        else
        {
            if (options.TrimLeft) text = text.TrimStart(" \t"u8);
            if (options.TrimRight) text = text.TrimEnd(" \t"u8);
            if (text.Length > 0 && text[0] == options.Quote) quoted = TryUnquote(ref text);
        }

        if (text.IsEmpty && quoted) text = options.EmptyValue;
        isNull = (text.IsEmpty && !quoted) || text.SequenceEqual(options.NullValue);
        return text;
    }

    /// <summary>False, and no change, if the text after its closing quote goes on: such a field is taken as it stands.</summary>
    private bool TryUnquote(ref ReadOnlySpan<byte> text)
    {
        var body = text[1..];
        var (quote, escape) = ((byte)options.Quote, (byte)(options.Escape < 0 ? options.Quote : options.Escape));
        var first = body.IndexOfAny(quote, escape);
        if (first == body.Length - 1 && first >= 0 && body[first] == quote)
        {
            text = body[..^1];
            return true;
        }

        if (scratch.Length < body.Length) scratch = new byte[Math.Max(body.Length, scratch.Length * 2)];
        var used = 0;
        var at = 0;
        while (true)
        {
            var next = body[at..].IndexOfAny(quote, escape);
            if (next < 0) return false;
            body.Slice(at, next).CopyTo(scratch.AsSpan(used));
            used += next;
            at += next;
            var more = at + 1 < body.Length;
            if (body[at] == quote && more && body[at + 1] == quote)
            {
                scratch[used++] = quote;
                at += 2;
            }
            else if (body[at] == quote)
            {
                if (!body[(at + 1)..].Trim(" \t"u8).IsEmpty) return false;
                text = scratch.AsSpan(0, used);
                return true;
            }
            else if (more && (body[at + 1] == quote || body[at + 1] == escape))
            {
                scratch[used++] = body[at + 1];
                at += 2;
            }
            else
            {
                // An escape before anything else is a character like any other.
                scratch[used++] = escape;
                at++;
            }
        }
    }
}
