using System.Globalization;
using System.Text;

namespace Lakeflow.Connect.Files.Json;

/// <summary>What the raw text of a JSON string or value means, for text that the scanner has passed.</summary>
internal sealed class JsonText
{
    private byte[] scratch = new byte[256];

    /// <summary>The content of a string without its quotes: escapes resolved, bytes that are not UTF-8 replaced.</summary>
    /// <returns>In <paramref name="raw"/> or in a buffer that the next call overwrites.</returns>
    public ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw)
    {
        var result = raw;
        var next = raw.IndexOf((byte)'\\');
        if (next >= 0)
        {
            // No escape grows: \uXXXX is six bytes for at most three, a pair twelve for four.
            if (scratch.Length < raw.Length + 4) scratch = new byte[Math.Max(raw.Length + 4, scratch.Length * 2)];
            result = scratch.AsSpan(0, Unescape(raw, next, scratch));
        }

        return System.Text.Unicode.Utf8.IsValid(result) ? result : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(result));
    }

    /// <summary>A value's text without blanks and comments between its tokens.</summary>
    public ReadOnlySpan<byte> Compact(ReadOnlySpan<byte> json)
    {
        if (json.IndexOfAny(" \t\r\n/"u8) < 0) return Repaired(json);
        if (scratch.Length < json.Length) scratch = new byte[Math.Max(json.Length, scratch.Length * 2)];
        var used = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var b = json[i];
            if (b is (byte)'"' or (byte)'\'')
            {
                var end = i + 1;
                while (json[end] != b) end += json[end] == '\\' ? 2 : 1;
                json[i..(end + 1)].CopyTo(scratch.AsSpan(used));
                used += end + 1 - i;
                i = end;
            }
            else if (b == '/')
            {
                var rest = json[(i + 2)..];
                var close = json[i + 1] == '*' ? rest.IndexOf("*/"u8) + 1 : rest.IndexOfAny((byte)'\n', (byte)'\r');
                i = close < 0 ? json.Length : i + 2 + close;
            }
            else if (b > ' ')
            {
                scratch[used++] = b;
            }
        }

        return Repaired(scratch.AsSpan(0, used));
    }

    private static ReadOnlySpan<byte> Repaired(ReadOnlySpan<byte> text) =>
        System.Text.Unicode.Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));

    private static int Unescape(ReadOnlySpan<byte> raw, int next, Span<byte> target)
    {
        var used = 0;
        var at = 0;
        while (next >= 0)
        {
            raw.Slice(at, next).CopyTo(target[used..]);
            used += next;
            at += next + 2;
            var escape = raw[at - 1];
            if (escape == 'u')
            {
                var unit = Hex(raw.Slice(at, 4));
                at += 4;
                var rune = new Rune(0xFFFD);
                if (char.IsHighSurrogate(unit) && raw.Length >= at + 6 && raw[at] == '\\' && raw[at + 1] == 'u' && char.IsLowSurrogate(Hex(raw.Slice(at + 2, 4))))
                {
                    rune = new Rune(unit, Hex(raw.Slice(at + 2, 4)));
                    at += 6;
                }
                else if (!char.IsSurrogate(unit))
                {
                    rune = new Rune(unit);
                }

                used += rune.EncodeToUtf8(target[used..]);
            }
            else
            {
                target[used++] = escape switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => escape,
                };
            }

            next = raw[at..].IndexOf((byte)'\\');
        }

        raw[at..].CopyTo(target[used..]);
        return used + raw.Length - at;
    }

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        _ = ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit);
        return (char)unit;
    }
}
