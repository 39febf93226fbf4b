using System.Runtime.CompilerServices;
using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Text on UTF-8 bytes. A character is a Unicode code point; positions count from 1.</summary>
public static class TextKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static int Length(Utf8 s) => s.CodePoints;

    [MethodImpl(Inline)]
    public static int OctetLength(Utf8 s) => s.Length;

    public static int BitLength(Utf8 s) => s.Length * 8;

    public static Utf8 Upper(Utf8 s, scoped ref TextArena scratch) => CaseMapping.Upper(s, ref scratch);

    public static Utf8 Lower(Utf8 s, scoped ref TextArena scratch) => CaseMapping.Lower(s, ref scratch);

    public static Utf8 InitCap(Utf8 s, scoped ref TextArena scratch) => CaseMapping.Title(s, ref scratch);

    /// <summary>Without blanks (U+0020 only) at both ends.</summary>
    [MethodImpl(Inline)]
    public static Utf8 Trim(Utf8 s) => new(s.Bytes.Trim((byte)' '));

    [MethodImpl(Inline)]
    public static Utf8 TrimStart(Utf8 s) => new(s.Bytes.TrimStart((byte)' '));

    [MethodImpl(Inline)]
    public static Utf8 TrimEnd(Utf8 s) => new(s.Bytes.TrimEnd((byte)' '));

    /// <summary>Without any of those characters at both ends.</summary>
    public static Utf8 TrimCharacters(Utf8 s, Utf8 characters) => TrimEndCharacters(TrimStartCharacters(s, characters), characters);

    public static Utf8 TrimStartCharacters(Utf8 s, Utf8 characters)
    {
        var rest = s.Bytes;
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf8(rest, out _, out var size);
            if (characters.Bytes.IndexOf(rest[..size]) < 0) break;
            rest = rest[size..];
        }

        return new Utf8(rest);
    }

    public static Utf8 TrimEndCharacters(Utf8 s, Utf8 characters)
    {
        var rest = s.Bytes;
        while (!rest.IsEmpty)
        {
            Rune.DecodeLastFromUtf8(rest, out _, out var size);
            if (characters.Bytes.IndexOf(rest[^size..]) < 0) break;
            rest = rest[..^size];
        }

        return new Utf8(rest);
    }

    /// <summary>First <paramref name="n"/> code points; empty when n ≤ 0.</summary>
    public static Utf8 Left(Utf8 s, int n) => n <= 0 ? Utf8.Empty : s.Slice(0, s.ByteOffset(n));

    /// <summary>Last <paramref name="n"/> code points; empty when n ≤ 0.</summary>
    public static Utf8 Right(Utf8 s, int n)
    {
        if (n <= 0) return Utf8.Empty;
        var start = s.ByteOffset(Math.Max(0, s.CodePoints - n));
        return s.Slice(start, s.Length - start);
    }

    public static Utf8 Substring(Utf8 s, int position, int length)
    {
        if (length <= 0 || s.IsEmpty) return Utf8.Empty;
        // 1-based; 0 is taken as 1; negative counts from the end, and what would lie before the text shortens the result.
        long start = position > 0 ? position - 1L : position < 0 ? s.CodePoints + (long)position : 0;
        var end = start + length;
        if (end <= 0) return Utf8.Empty;
        var from = s.ByteOffset((int)Math.Clamp(start, 0, int.MaxValue));
        var rest = s.Slice(from, s.Length - from);
        return rest.Slice(0, rest.ByteOffset((int)Math.Min(end - Math.Max(start, 0), int.MaxValue)));
    }

    public static Utf8 SubstringFrom(Utf8 s, int position) => Substring(s, position, int.MaxValue);

    /// <summary>On BINARY, by bytes.</summary>
    public static Utf8 SubstringBytes(Utf8 s, int position, int length)
    {
        long start = position > 0 ? position - 1L : position < 0 ? s.Length + (long)position : 0;
        var end = Math.Clamp(start + Math.Max(length, 0), 0, s.Length);
        start = Math.Clamp(start, 0, end);
        return s.Slice((int)start, (int)(end - start));
    }

    /// <summary>Place of the first occurrence, 1-based; 0 if there is none.</summary>
    public static int InStr(Utf8 s, Utf8 part)
    {
        var at = s.Bytes.IndexOf(part.Bytes);
        return at < 0 ? 0 : s.Slice(0, at).CodePoints + 1;
    }

    public static int Locate(Utf8 part, Utf8 s) => InStr(s, part);

    public static int LocateFrom(Utf8 part, Utf8 s, int position)
    {
        if (position < 1) return 0;
        var from = s.ByteOffset(position - 1);
        var at = s.Bytes[from..].IndexOf(part.Bytes);
        return at < 0 || (from == s.Length && position > s.CodePoints + 1) ? 0 : s.Slice(0, from + at).CodePoints + 1;
    }

    [MethodImpl(Inline)]
    public static bool Contains(Utf8 s, Utf8 part) => s.Bytes.IndexOf(part.Bytes) >= 0;

    [MethodImpl(Inline)]
    public static bool StartsWith(Utf8 s, Utf8 part) => s.Bytes.StartsWith(part.Bytes);

    [MethodImpl(Inline)]
    public static bool EndsWith(Utf8 s, Utf8 part) => s.Bytes.EndsWith(part.Bytes);

    public static Utf8 Replace(Utf8 s, Utf8 search, Utf8 with, scoped ref TextArena scratch)
    {
        if (search.IsEmpty) return s;
        var count = s.Bytes.Count(search.Bytes);
        if (count == 0) return s;
        var to = scratch.Take(s.Length + (count * (with.Length - search.Length)));
        var n = 0;
        var rest = s.Bytes;
        for (; count > 0; count--)
        {
            var at = rest.IndexOf(search.Bytes);
            rest[..at].CopyTo(to[n..]);
            with.Bytes.CopyTo(to[(n + at)..]);
            n += at + with.Length;
            rest = rest[(at + search.Length)..];
        }

        rest.CopyTo(to[n..]);
        return new Utf8(to);
    }

    public static Utf8 Remove(Utf8 s, Utf8 search, scoped ref TextArena scratch) => Replace(s, search, Utf8.Empty, ref scratch);

    /// <summary>Each character of <paramref name="from"/> becomes the one at its place in <paramref name="to"/>, or nothing.</summary>
    public static Utf8 Translate(Utf8 s, Utf8 from, Utf8 to, scoped ref TextArena scratch)
    {
        var target = scratch.Take(s.Length * 4);
        var n = 0;
        for (var rest = s.Bytes; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out _, out var size);
            var at = IndexOfRune(from.Bytes, rest[..size]);
            var with = at < 0 ? rest[..size] : RuneAt(to, at);
            with.CopyTo(target[n..]);
            n += with.Length;
            rest = rest[size..];
        }

        scratch.GiveBack(target.Length - n);
        return new Utf8(target[..n]);
    }

    public static Utf8 RepeatText(Utf8 s, int times, scoped ref TextArena scratch)
    {
        if (times <= 0 || s.IsEmpty) return Utf8.Empty;
        var to = scratch.Take(checked(s.Length * times));
        for (var i = 0; i < times; i++) s.Bytes.CopyTo(to[(i * s.Length)..]);
        return new Utf8(to);
    }

    public static Utf8 Space(int n, scoped ref TextArena scratch) => RepeatText(new Utf8(" "u8), n, ref scratch);

    public static Utf8 Reverse(Utf8 s, scoped ref TextArena scratch)
    {
        var to = scratch.Take(s.Length);
        var end = s.Length;
        for (var rest = s.Bytes; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out _, out var size);
            end -= size;
            rest[..size].CopyTo(to[end..]);
            rest = rest[size..];
        }

        return new Utf8(to);
    }

    /// <summary>To exactly n characters: cut at the end, or filled from the left.</summary>
    public static Utf8 PadLeft(Utf8 s, int n, Utf8 pad, scoped ref TextArena scratch) => Pad(s, n, pad, left: true, ref scratch);

    public static Utf8 PadRight(Utf8 s, int n, Utf8 pad, scoped ref TextArena scratch) => Pad(s, n, pad, left: false, ref scratch);

    public static Utf8 PadLeftBlank(Utf8 s, int n, scoped ref TextArena scratch) => Pad(s, n, new Utf8(" "u8), left: true, ref scratch);

    public static Utf8 PadRightBlank(Utf8 s, int n, scoped ref TextArena scratch) => Pad(s, n, new Utf8(" "u8), left: false, ref scratch);

    public static Utf8 Concat2(Utf8 a, Utf8 b, scoped ref TextArena scratch)
    {
        var to = scratch.Take(a.Length + b.Length);
        a.Bytes.CopyTo(to);
        b.Bytes.CopyTo(to[a.Length..]);
        return new Utf8(to);
    }

    public static Utf8 Concat3(Utf8 a, Utf8 b, Utf8 c, scoped ref TextArena scratch)
    {
        var to = scratch.Take(a.Length + b.Length + c.Length);
        a.Bytes.CopyTo(to);
        b.Bytes.CopyTo(to[a.Length..]);
        c.Bytes.CopyTo(to[(a.Length + b.Length)..]);
        return new Utf8(to);
    }

    public static Utf8 Concat4(Utf8 a, Utf8 b, Utf8 c, Utf8 d, scoped ref TextArena scratch)
    {
        var to = scratch.Take(a.Length + b.Length + c.Length + d.Length);
        a.Bytes.CopyTo(to);
        b.Bytes.CopyTo(to[a.Length..]);
        c.Bytes.CopyTo(to[(a.Length + b.Length)..]);
        d.Bytes.CopyTo(to[(a.Length + b.Length + c.Length)..]);
        return new Utf8(to);
    }

    /// <summary>Code of the first character, 0 for none.</summary>
    public static int AsciiCode(Utf8 s)
    {
        if (s.IsEmpty) return 0;
        Rune.DecodeFromUtf8(s.Bytes, out var rune, out _);
        return rune.Value;
    }

    /// <summary>The character of the code modulo 256; empty for a negative one.</summary>
    public static Utf8 Character(long code, scoped ref TextArena scratch)
    {
        if (code < 0) return Utf8.Empty;
        Span<byte> bytes = stackalloc byte[4];
        return scratch.Copy(bytes[..new Rune((char)(code & 0xFF)).EncodeToUtf8(bytes)]);
    }

    /// <summary>The n-th part between delimiters, from the end if negative; empty beyond. A part number of 0 is refused.</summary>
    public static Utf8 SplitPart(Utf8 s, Utf8 delimiter, int part, int site)
    {
        if (part == 0) Throw.Raise(site, "Part number 0 is refused: parts count from 1, or from -1 backward.", "INVALID_INDEX_OF_ZERO");
        if (delimiter.IsEmpty) return part is 1 or -1 ? s : Utf8.Empty;
        if (part < 0) part += s.Bytes.Count(delimiter.Bytes) + 2;
        if (part < 1) return Utf8.Empty;
        var rest = s.Bytes;
        while (true)
        {
            var at = rest.IndexOf(delimiter.Bytes);
            if (part == 1) return new Utf8(at < 0 ? rest : rest[..at]);
            if (at < 0) return Utf8.Empty;
            rest = rest[(at + delimiter.Length)..];
            part--;
        }
    }

    /// <summary>All before the n-th delimiter, or after the n-th from the end if negative.</summary>
    public static Utf8 SubstringIndex(Utf8 s, Utf8 delimiter, int count)
    {
        if (count == 0 || delimiter.IsEmpty) return Utf8.Empty;
        if (count > 0)
        {
            var end = 0;
            for (; count > 0; count--)
            {
                var at = s.Bytes[end..].IndexOf(delimiter.Bytes);
                if (at < 0) return s;
                end += at + delimiter.Length;
            }

            return s.Slice(0, end - delimiter.Length);
        }

        var start = s.Length;
        for (; count < 0; count++)
        {
            var at = s.Bytes[..start].LastIndexOf(delimiter.Bytes);
            if (at < 0) return s;
            start = at;
        }

        start += delimiter.Length;
        return s.Slice(start, s.Length - start);
    }

    /// <summary>The text with <paramref name="length"/> characters from <paramref name="position"/> replaced.</summary>
    public static Utf8 Overlay(Utf8 s, Utf8 with, int position, int length, scoped ref TextArena scratch)
    {
        if (length < 0) length = with.CodePoints;
        var head = Left(s, position - 1);
        var tail = SubstringFrom(s, (int)Math.Clamp((long)position + length, 1, int.MaxValue));
        return Concat3(head, with, position + (long)length > int.MaxValue ? Utf8.Empty : tail, ref scratch);
    }

    public static Utf8 OverlayAll(Utf8 s, Utf8 with, int position, scoped ref TextArena scratch) => Overlay(s, with, position, -1, ref scratch);

    /// <summary>1-based place of the text in a list divided by commas; 0 if it is not there.</summary>
    public static int FindInSet(Utf8 s, Utf8 set)
    {
        if (s.Bytes.Contains((byte)',')) return 0;
        var n = 1;
        foreach (var range in set.Bytes.Split((byte)','))
        {
            if (set.Bytes[range].SequenceEqual(s.Bytes)) return n;
            n++;
        }

        return 0;
    }

    private static Utf8 Pad(Utf8 s, int n, Utf8 pad, bool left, scoped ref TextArena scratch)
    {
        if (n <= 0) return Utf8.Empty;
        var have = s.CodePoints;
        if (have >= n) return s.Slice(0, s.ByteOffset(n));
        if (pad.IsEmpty) return s;
        var missing = n - have;
        var (whole, part) = Math.DivRem(missing, pad.CodePoints);
        var partBytes = pad.ByteOffset(part);
        var fill = checked((whole * pad.Length) + partBytes);
        var to = scratch.Take(s.Length + fill);
        var at = left ? 0 : s.Length;
        s.Bytes.CopyTo(to[(left ? fill : 0)..]);
        for (; whole > 0; whole--, at += pad.Length) pad.Bytes.CopyTo(to[at..]);
        pad.Bytes[..partBytes].CopyTo(to[at..]);
        return new Utf8(to);
    }

    /// <summary>Number of the code point in the text, 0-based; -1 if it is not there.</summary>
    private static int IndexOfRune(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rune)
    {
        var at = text.IndexOf(rune);
        return at < 0 ? -1 : new Utf8(text[..at]).CodePoints;
    }

    private static ReadOnlySpan<byte> RuneAt(Utf8 text, int index)
    {
        var from = text.ByteOffset(index);
        var rest = text.Bytes[from..];
        return rest[..new Utf8(rest).ByteOffset(1)];
    }
}
