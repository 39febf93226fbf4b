using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lakeflow.Connect.Files.Json;

/// <summary>Walks forward over JSON text: validates what it passes and says where values stand, without making anything of them.</summary>
/// <remarks>
/// Strict by RFC 8259, with the leniencies that options name. Values may be nested 1,000 deep. The text lies in a
/// <see cref="ByteWindow"/>: <see cref="ByteWindow.Slack"/> bytes behind it may be read, so that a vector may be loaded at its last byte.
/// </remarks>
internal ref struct JsonScanner
{
    private const int MaxDepth = 1000;

    private static readonly SearchValues<byte> DoubleQuoted = SearchValues.Create([.. "\"\\"u8, .. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly SearchValues<byte> SingleQuoted = SearchValues.Create([.. "'\\"u8, .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private readonly ReadOnlySpan<byte> text;
    private readonly JsonOptions options;
    private int depth;

    public JsonScanner(ReadOnlySpan<byte> text, JsonOptions options)
    {
        this.text = text;
        this.options = options;
    }

    public readonly ReadOnlySpan<byte> Text => text;

    public int Position { get; set; }

    /// <summary>What is wrong at <see cref="Position"/>, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>True if the error is that the text ended too early.</summary>
    public readonly bool WantsMore => Error == TooShort;

    private const string TooShort = "the text ends in the middle of a value";

    /// <summary>The next byte that is not blank and not in a comment; 0 at the end or after an error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Peek()
    {
        while (Position < text.Length)
        {
            var b = text[Position];
            if (b > ' ')
            {
                if (b != '/' || !options.AllowComments) return b;
                if (!SkipComment()) return 0;
                continue;
            }

            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                Fail("a control character stands outside a string");
                return 0;
            }

            Position++;
        }

        return 0;
    }

    public bool Fail(string error)
    {
        Error ??= error;
        return false;
    }

    public bool FailShort() => Fail(TooShort);

    /// <summary>Consumes a byte that must come next.</summary>
    public bool Expect(byte wanted, string error)
    {
        var b = Peek();
        if (b == wanted)
        {
            Position++;
            return true;
        }

        return b == 0 && Error is null ? AtNothing() : Fail(error);
    }

    /// <summary>Passes one value.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="start">Its first byte; of a string, the opening quote.</param>
    public bool TrySkip(out JsonKind kind, out int start)
    {
        var first = Peek();
        start = Position;
        kind = JsonKind.None;
        switch (first)
        {
            case (byte)'"':
                kind = JsonKind.String;
                return SkipString((byte)'"');
            case (byte)'\'' when options.AllowSingleQuotes:
                kind = JsonKind.String;
                return SkipString((byte)'\'');
            case (byte)'{':
                kind = JsonKind.Object;
                return SkipObject();
            case (byte)'[':
                kind = JsonKind.Array;
                return SkipArray();
            case (byte)'t':
                kind = JsonKind.True;
                return SkipWord("true"u8);
            case (byte)'f':
                kind = JsonKind.False;
                return SkipWord("false"u8);
            case (byte)'n':
                kind = JsonKind.Null;
                return SkipWord("null"u8);
            case 0:
                return Error is null && AtNothing();
            case (byte)'N' or (byte)'I' or (byte)'+' when options.AllowNonNumericNumbers:
                kind = JsonKind.NonNumber;
                return SkipNonNumber();
            default:
                kind = JsonKind.Number;
                return SkipNumber(ref kind);
        }
    }

    /// <summary>Passes the name of a field and the colon; <paramref name="name"/> is raw, without quotes.</summary>
    public bool TryName(out ReadOnlySpan<byte> name, out bool escaped)
    {
        var quote = Peek();
        var start = Position;
        name = default;
        escaped = false;
        if (quote == '"' || (quote == '\'' && options.AllowSingleQuotes))
        {
            if (!SkipString(quote)) return false;
            name = text[(start + 1)..(Position - 1)];
            escaped = name.Contains((byte)'\\');
        }
        else if (options.AllowUnquotedNames && IsNamePart(quote))
        {
            while (Position < text.Length && IsNamePart(text[Position])) Position++;
            name = text[start..Position];
        }
        else
        {
            return quote == 0 && Error is null ? AtNothing() : Fail("a field's name is expected");
        }

        return Expect((byte)':', "a colon is expected");
    }

    /// <summary>Passes a field's name and colon if just these come next, the name in double quotes; else does nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPass(in JsonName name)
    {
        if (Peek() != '"' || name.Length > text.Length - Position) return false;
        ref var here = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), Position);
        if (((Unsafe.ReadUnaligned<ulong>(ref here) ^ name.First) & name.Mask) != 0) return false;
        if (name.Length > sizeof(ulong) && !text.Slice(Position + sizeof(ulong), name.Length - sizeof(ulong)).SequenceEqual(name.Rest)) return false;
        Position += name.Length;
        return true;
    }

    /// <summary>Passes a comma (true) or the closing bracket (false, no <see cref="Error"/>).</summary>
    public bool TryNext(byte close, out bool closed)
    {
        var b = Peek();
        closed = b == close;
        if (b == ',' || closed)
        {
            Position++;
            return !closed;
        }

        return b == 0 && Error is null ? AtNothing() : Fail(close == ']' ? "a comma or ] is expected" : "a comma or } is expected");
    }

    /// <summary>One level deeper; fails beyond the limit.</summary>
    public bool Enter() => ++depth <= MaxDepth || Fail("values are nested more than 1000 deep");

    public void Leave() => depth--;

    private bool AtNothing() => Position >= text.Length ? FailShort() : Fail("a value is expected");

    private bool SkipObject()
    {
        Position++;
        if (!Enter()) return false;
        if (Peek() == '}')
        {
            Position++;
            Leave();
            return true;
        }

        while (true)
        {
            if (!TryName(out _, out _) || !TrySkip(out _, out _)) return false;
            if (TryNext((byte)'}', out var closed)) continue;
            Leave();
            return closed;
        }
    }

    private bool SkipArray()
    {
        Position++;
        if (!Enter()) return false;
        if (Peek() == ']')
        {
            Position++;
            Leave();
            return true;
        }

        while (true)
        {
            if (!TrySkip(out _, out _)) return false;
            if (TryNext((byte)']', out var closed)) continue;
            Leave();
            return closed;
        }
    }

    private bool SkipString(byte quote)
    {
        Position++;
        while (true)
        {
            Position = NextStop(quote);
            if (Position >= text.Length)
            {
                Position = text.Length;
                return FailShort();
            }

            var b = text[Position];
            if (b == quote)
            {
                Position++;
                return true;
            }

            if (b == '\\')
            {
                if (!SkipEscape()) return false;
            }
            else if (!options.AllowControlCharacters)
            {
                return Fail("a control character stands unescaped in a string");
            }
            else
            {
                Position++;
            }
        }
    }

    /// <summary>Where the next quote, backslash or control character stands; the text's end or something behind it if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int NextStop(byte quote)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            var found = text[Position..].IndexOfAny(quote == '"' ? DoubleQuoted : SingleQuoted);
            return found < 0 ? text.Length : Position + found;
        }

        ref var first = ref MemoryMarshal.GetReference(text);
        for (var at = Position; at < text.Length; at += Vector256<byte>.Count)
        {
            var bytes = Vector256.LoadUnsafe(ref first, (nuint)at);
            var stops = Vector256.Equals(bytes, Vector256.Create(quote)) | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)31)), bytes);
            var mask = stops.ExtractMostSignificantBits();
            if (mask != 0) return at + BitOperations.TrailingZeroCount(mask);
        }

        return text.Length;
    }

    private bool SkipEscape()
    {
        if (Position + 1 >= text.Length)
        {
            Position = text.Length;
            return FailShort();
        }

        switch (text[Position + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                Position += 2;
                return true;
            case (byte)'u':
                for (var i = Position + 2; i < Position + 6; i++)
                {
                    if (i >= text.Length)
                    {
                        Position = text.Length;
                        return FailShort();
                    }

                    if (!char.IsAsciiHexDigit((char)text[i])) return Fail("\\u is followed by something other than four hexadecimal digits");
                }

                Position += 6;
                return true;
            default:
                if (!options.AllowAnyEscape) return Fail("an escape is not known");
                Position += 2;
                return true;
        }
    }

    private bool SkipNumber(ref JsonKind kind)
    {
        if (Vector256.IsHardwareAccelerated && SkipShortNumber()) return true;
        var at = Position;
        if (text[at] == '-') at++;
        if (at < text.Length && text[at] == 'I' && options.AllowNonNumericNumbers)
        {
            kind = JsonKind.NonNumber;
            return SkipNonNumber();
        }

        var from = at;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9') at++;
        if (at == from) return EndNumber(at, from == Position ? "a value is expected" : "a number has no digits");
        if (at - from > 1 && text[from] == '0' && !options.AllowLeadingZeros) return Fail("a number begins with 0");
        if (at < text.Length && text[at] == '.')
        {
            from = ++at;
            while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9') at++;
            if (at == from) return EndNumber(at, "a number has no digits behind its point");
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < text.Length && text[at] is (byte)'+' or (byte)'-') at++;
            from = at;
            while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9') at++;
            if (at == from) return EndNumber(at, "a number has no digits in its exponent");
        }

        Position = at;
        return true;
    }

    /// <summary>Passes a number without exponent of less than 32 bytes in one look; does nothing where it is anything else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool SkipShortNumber()
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), Position);
        var bytes = Vector256.LoadUnsafe(ref first) - Vector256.Create((byte)'0');
        var digits = Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)9)), bytes).ExtractMostSignificantBits();
        var from = first == '-' ? 1 : 0;
        var length = from + BitOperations.TrailingZeroCount(~(digits >> from));
        if (length == from || length >= 30 || (length - from > 1 && Unsafe.Add(ref first, from) == '0')) return false;
        if (Unsafe.Add(ref first, length) == '.')
        {
            from = length + 1;
            length = from + BitOperations.TrailingZeroCount(~(digits >> from));
            if (length == from || length >= 32) return false;
        }

        // What stands behind is the slack at the latest; a number that the text's end cuts is looked at once more, and so is an exponent.
        if (length > text.Length - Position || (Unsafe.Add(ref first, length) | 0x20) == 'e') return false;
        Position += length;
        return true;
    }

    private bool EndNumber(int at, string error)
    {
        if (at < text.Length) return Fail(error);
        Position = at;
        return FailShort();
    }

    private bool SkipNonNumber()
    {
        var rest = text[Position..];
        foreach (var word in (ReadOnlySpan<string>)["NaN", "Infinity", "-Infinity", "+Infinity", "+INF", "-INF", "INF"])
        {
            if (rest.Length < word.Length || !System.Text.Ascii.Equals(rest[..word.Length], word)) continue;
            Position += word.Length;
            return true;
        }

        return rest.Length < 9 ? FailShortIf(rest.Length) : Fail("a value is expected");
    }

    private bool FailShortIf(int length)
    {
        // Only the end of the text can have cut a word; what follows here is then not blank.
        if (text[Position..].IndexOfAny(" ,]}\n"u8) >= 0) return Fail("a value is expected");
        Position += length;
        return FailShort();
    }

    private bool SkipWord(ReadOnlySpan<byte> word)
    {
        var rest = text[Position..];
        if (rest.StartsWith(word))
        {
            Position += word.Length;
            return true;
        }

        if (!word.StartsWith(rest)) return Fail("a value is expected");
        Position = text.Length;
        return FailShort();
    }

    private bool SkipComment()
    {
        if (Position + 1 >= text.Length)
        {
            Position = text.Length;
            return FailShort();
        }

        var rest = text[(Position + 2)..];
        var close = text[Position + 1] switch
        {
            (byte)'*' => rest.IndexOf("*/"u8),
            (byte)'/' => rest.IndexOfAny((byte)'\n', (byte)'\r'),
            _ => -2,
        };
        if (close == -2) return Fail("a comment is not well formed");
        if (close < 0 && text[Position + 1] == '*')
        {
            Position = text.Length;
            return FailShort();
        }

        Position = close < 0 ? text.Length : Position + 2 + close + (text[Position + 1] == '*' ? 2 : 1);
        return true;
    }

    private static bool IsNamePart(byte b) => b is (byte)'_' or (byte)'$' or (byte)'-' or >= 128 || char.IsAsciiLetterOrDigit((char)b);
}
