using System.Text;

namespace Lakeflow.Parquet.Writing;

/// <summary>Bounds of text cut short so that they stay bounds.</summary>
internal static class TextBounds
{
    /// <summary>A prefix, which is never above the text; cut between characters if it is text.</summary>
    public static (byte[]? Bound, bool Exact) Lower(byte[]? text, int longest, bool isText)
    {
        if (text is null || text.Length <= longest) return (text, true);
        return (text[..Cut(text, longest, isText)], false);
    }

    /// <summary>A prefix with its last character raised, which is above the text; null where no character can be raised.</summary>
    public static (byte[]? Bound, bool Exact) Upper(byte[]? text, int longest, bool isText)
    {
        if (text is null || text.Length <= longest) return (text, true);
        var prefix = text.AsSpan(0, Cut(text, longest, isText));
        return (isText ? RaiseCharacter(prefix) : RaiseByte(prefix), false);
    }

    private static int Cut(byte[] text, int longest, bool isText)
    {
        var end = longest;
        while (isText && end > 0 && (text[end] & 0xC0) == 0x80) end--;
        return end;
    }

    private static byte[]? RaiseByte(ReadOnlySpan<byte> prefix)
    {
        for (var i = prefix.Length - 1; i >= 0; i--)
        {
            if (prefix[i] == 0xFF) continue;
            var raised = prefix[..(i + 1)].ToArray();
            raised[i]++;
            return raised;
        }

        return null;
    }

    private static byte[]? RaiseCharacter(ReadOnlySpan<byte> prefix)
    {
        while (prefix.Length > 0)
        {
            Rune.DecodeLastFromUtf8(prefix, out var last, out var size);
            prefix = prefix[..^size];
            // The code points of surrogates are no characters.
            var next = last.Value + 1 == 0xD800 ? 0xE000 : last.Value + 1;
            if (!Rune.IsValid(next)) continue;
            var raised = new byte[prefix.Length + 4];
            prefix.CopyTo(raised);
            return raised[..(prefix.Length + new Rune(next).EncodeToUtf8(raised.AsSpan(prefix.Length)))];
        }

        return null;
    }
}
