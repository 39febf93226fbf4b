using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Upper and lower case of UTF-8 by Unicode's full mapping without a language: ß becomes SS.</summary>
/// <remarks>One-to-one mappings come from .NET's own table (independent of ICU and of the machine); those that change the number of characters are listed here.</remarks>
internal static class CaseMapping
{
    private static readonly FrozenDictionary<int, string> UpperSpecials = new Dictionary<int, string>
    {
        ['ß'] = "SS",
        ['ŉ'] = "ʼN",
        ['ǰ'] = "J\u030C",
        [0x0390] = "\u0399\u0308\u0301",
        [0x03B0] = "\u03A5\u0308\u0301",
        [0x0587] = "\u0535\u0552",
        [0x1E96] = "H\u0331",
        [0x1E97] = "T\u0308",
        [0x1E98] = "W\u030A",
        [0x1E99] = "Y\u030A",
        [0x1E9A] = "A\u02BE",
        [0xFB00] = "FF",
        [0xFB01] = "FI",
        [0xFB02] = "FL",
        [0xFB03] = "FFI",
        [0xFB04] = "FFL",
        [0xFB05] = "ST",
        [0xFB06] = "ST",
    }.ToFrozenDictionary();

    public static Utf8 Upper(Utf8 text, scoped ref TextArena scratch) => Map(text, upper: true, ref scratch);

    public static Utf8 Lower(Utf8 text, scoped ref TextArena scratch) => Map(text, upper: false, ref scratch);

    /// <summary>The first letter of each word (after a blank) upper, the others lower.</summary>
    public static Utf8 Title(Utf8 text, scoped ref TextArena scratch)
    {
        var lower = Lower(text, ref scratch);
        var to = scratch.Take((lower.Length * 3) + 4);
        var n = 0;
        var begin = true;
        for (var rest = lower.Bytes; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var size);
            n += (begin ? Rune.ToUpperInvariant(rune) : rune).EncodeToUtf8(to[n..]);
            begin = rune.Value == ' ';
            rest = rest[size..];
        }

        scratch.GiveBack(to.Length - n);
        return new Utf8(to[..n]);
    }

    private static Utf8 Map(Utf8 text, bool upper, scoped ref TextArena scratch)
    {
        if (text.IsAscii)
        {
            var same = scratch.Take(text.Length);
            _ = upper ? Ascii.ToUpper(text.Bytes, same, out _) : Ascii.ToLower(text.Bytes, same, out _);
            return new Utf8(same);
        }

        // The longest growth of a mapping is threefold.
        var to = scratch.Take((text.Length * 3) + 4);
        var n = 0;
        var afterLetter = false;
        for (var rest = text.Bytes; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var size);
            rest = rest[size..];
            if (upper && UpperSpecials.TryGetValue(rune.Value, out var several)) n += Encoding.UTF8.GetBytes(several, to[n..]);
            else if (!upper && rune.Value == 0x130) n += Encoding.UTF8.GetBytes("i\u0307", to[n..]);
            else if (!upper && rune.Value == 0x3A3) n += new Rune(afterLetter && !LetterFollows(rest) ? 0x3C2 : 0x3C3).EncodeToUtf8(to[n..]);
            else n += (upper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune)).EncodeToUtf8(to[n..]);
            afterLetter = Rune.IsLetter(rune) || (afterLetter && IsMark(rune));
        }

        scratch.GiveBack(to.Length - n);
        return new Utf8(to[..n]);
    }

    private static bool LetterFollows(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var size);
            if (!IsMark(rune)) return Rune.IsLetter(rune);
            rest = rest[size..];
        }

        return false;
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
}
