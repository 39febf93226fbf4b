using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Digests and encodings of bytes.</summary>
public static class EncodingKernels
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictAscii = Strict(Encoding.ASCII);
    private static readonly Encoding StrictLatin1 = Strict(Encoding.Latin1);
    private static readonly Encoding StrictUtf16BE = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictUtf16LE = new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictUtf16 = new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true);
    private static readonly Encoding StrictUtf32 = new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcEntry)];

    public static Utf8 Md5(Utf8 bytes, scoped ref TextArena scratch)
    {
        Span<byte> hash = stackalloc byte[16];
        MD5.HashData(bytes.Bytes, hash);
        return HexLower(hash, ref scratch);
    }

    public static Utf8 Sha1(Utf8 bytes, scoped ref TextArena scratch)
    {
        Span<byte> hash = stackalloc byte[20];
        SHA1.HashData(bytes.Bytes, hash);
        return HexLower(hash, ref scratch);
    }

    /// <summary>SHA-224 is not offered by the platform: NULL, as for any other size but 0, 256, 384, 512.</summary>
    public static bool TrySha2(Utf8 bytes, int bits, scoped ref TextArena scratch, out Utf8 result)
    {
        Span<byte> hash = stackalloc byte[64];
        var size = bits switch
        {
            0 or 256 => SHA256.HashData(bytes.Bytes, hash),
            384 => SHA384.HashData(bytes.Bytes, hash),
            512 => SHA512.HashData(bytes.Bytes, hash),
            _ => 0,
        };
        result = HexLower(hash[..size], ref scratch);
        return size > 0;
    }

    public static long Crc32(Utf8 bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes.Bytes) crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    public static Utf8 ToBase64(Utf8 bytes, scoped ref TextArena scratch)
    {
        var to = scratch.Take(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes.Bytes, to, out _, out var written);
        return new Utf8(to[..written]);
    }

    public static Utf8 FromBase64(Utf8 text, scoped ref TextArena scratch, int site)
    {
        if (!TryFromBase64(text, ref scratch, out var result)) Throw.Raise(site, $"'{text.ToString()}' is not base 64.", "CONVERSION_INVALID_INPUT");
        return result;
    }

    /// <summary>White space does not count, and padding may be left out.</summary>
    public static bool TryFromBase64(Utf8 text, scoped ref TextArena scratch, out Utf8 result)
    {
        var digits = scratch.Take(text.Length + 3);
        var n = 0;
        foreach (var b in text.Bytes)
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) digits[n++] = b;
        }

        if (n % 4 is 2 or 3 && !digits[..n].Contains((byte)'='))
        {
            while (n % 4 != 0) digits[n++] = (byte)'=';
        }

        var to = scratch.Take(Base64.GetMaxDecodedFromUtf8Length(n) + 3);
        var done = Base64.DecodeFromUtf8(digits[..n], to, out var read, out var written) == OperationStatus.Done && read == n;
        result = new Utf8(to[..written]);
        return done;
    }

    /// <summary>BINARY as text in a form that is only named: kernels of <c>to_char</c>.</summary>
    public static Utf8 Base64Of(Utf8 bytes, Utf8 form, scoped ref TextArena scratch) => ToBase64(bytes, ref scratch);

    public static Utf8 HexOf(Utf8 bytes, Utf8 form, scoped ref TextArena scratch) => HexOfBytes(bytes, ref scratch);

    /// <summary><c>to_binary(text)</c>: hexadecimal.</summary>
    public static Utf8 BytesOfHex(Utf8 text, scoped ref TextArena scratch, int site) => BytesOf(text, new Utf8("hex"u8), ref scratch, site);

    public static Utf8 BytesOf(Utf8 text, Utf8 form, scoped ref TextArena scratch, int site)
    {
        if (!TryBytesOf(text, form, ref scratch, out var result))
            Throw.Raise(site, $"'{text.ToString()}' is not {form.ToString()}.", "CONVERSION_INVALID_INPUT", "Use try_to_binary to get NULL instead.");
        return result;
    }

    public static bool TryBytesOf(Utf8 text, Utf8 form, scoped ref TextArena scratch, out Utf8 result)
    {
        switch ((char)(form.Bytes[0] | 0x20))
        {
            case 'h': return TryUnhex(text, ref scratch, out result);
            case 'b': return TryFromBase64(text, ref scratch, out result);
            default:
                result = text;
                return true;
        }
    }

    public static Utf8 HexOfBytes(Utf8 bytes, scoped ref TextArena scratch) => HexDigits(bytes.Bytes, "0123456789ABCDEF"u8, ref scratch);

    public static Utf8 HexOfInt64(long value, scoped ref TextArena scratch) =>
        scratch.Copy(value.ToString("X", System.Globalization.CultureInfo.InvariantCulture).AsSpan());

    public static Utf8 BinOfInt64(long value, scoped ref TextArena scratch) => scratch.Copy(Convert.ToString(value, 2).AsSpan());

    /// <summary>NULL for a digit that is none. An odd first digit stands alone.</summary>
    public static bool TryUnhex(Utf8 text, scoped ref TextArena scratch, out Utf8 result)
    {
        var digits = text.Bytes;
        var to = scratch.Take((digits.Length + 1) / 2);
        result = new Utf8(to);
        var n = 0;
        if (digits.Length % 2 == 1)
        {
            if (!char.IsAsciiHexDigit((char)digits[0])) return false;
            to[n++] = (byte)Digit(digits[0]);
            digits = digits[1..];
        }

        for (var i = 0; i < digits.Length; i += 2)
        {
            if (!char.IsAsciiHexDigit((char)digits[i]) || !char.IsAsciiHexDigit((char)digits[i + 1])) return false;
            to[n++] = (byte)((Digit(digits[i]) << 4) | Digit(digits[i + 1]));
        }

        return true;
    }

    /// <summary>STRING to BINARY in a character set.</summary>
    public static Utf8 Encode(Utf8 text, Utf8 charset, scoped ref TextArena scratch, int site)
    {
        var encoding = Charset(charset, site);
        if (encoding is UTF8Encoding) return text;
        try
        {
            return scratch.Copy(encoding.GetBytes(text.ToString()));
        }
        catch (EncoderFallbackException)
        {
            Malformed(site, "encode", charset);
            return text;
        }
    }

    /// <summary>BINARY in a character set to STRING.</summary>
    public static Utf8 Decode(Utf8 bytes, Utf8 charset, scoped ref TextArena scratch, int site)
    {
        var encoding = Charset(charset, site);
        try
        {
            return scratch.Copy(encoding.GetString(bytes.Bytes).AsSpan());
        }
        catch (DecoderFallbackException)
        {
            Malformed(site, "decode", charset);
            return bytes;
        }
    }

    /// <summary>Digits of one base as digits of another; NULL for a base that is none, an error above 64 bits.</summary>
    public static bool TryConv(Utf8 text, int from, int to, scoped ref TextArena scratch, int site, out Utf8 result)
    {
        result = default;
        if (from is < 2 or > 36 || Math.Abs(to) is < 2 or > 36) return false;
        var body = NumberText.Trim(text.Bytes);
        if (body.IsEmpty) return false;
        var negative = body[0] == '-';
        ulong value = 0;
        foreach (var b in negative ? body[1..] : body)
        {
            var digit = char.IsAsciiDigit((char)b) ? b - '0' : char.IsAsciiLetter((char)b) ? (b | 0x20) - 'a' + 10 : 99;
            if (digit >= from) break;
            var next = ((UInt128)value * (uint)from) + (uint)digit;
            if (next > ulong.MaxValue) Throw.Overflow(site, $"'{text.ToString()}' in base {from.ToString(System.Globalization.CultureInfo.InvariantCulture)}", "64 bits");
            value = (ulong)next;
        }

        if (negative) value = unchecked((ulong)-(long)value);
        var minus = to < 0 && (long)value < 0;
        if (minus) value = unchecked((ulong)-(long)value);
        Span<byte> buffer = stackalloc byte[66];
        var at = buffer.Length;
        do
        {
            var digit = (int)(value % (uint)Math.Abs(to));
            buffer[--at] = (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
            value /= (uint)Math.Abs(to);
        }
        while (value != 0);
        if (minus) buffer[--at] = (byte)'-';
        result = scratch.Copy(buffer[at..]);
        return true;
    }

    private static Encoding Charset(Utf8 name, int site)
    {
        switch (name.ToString().ToUpperInvariant())
        {
            case "UTF-8": return StrictUtf8;
            case "US-ASCII": return StrictAscii;
            case "ISO-8859-1": return StrictLatin1;
            case "UTF-16BE": return StrictUtf16BE;
            case "UTF-16LE": return StrictUtf16LE;
            case "UTF-16": return StrictUtf16;
            case "UTF-32": return StrictUtf32;
            default:
                Throw.Raise(site, $"'{name.ToString()}' is not a character set that is known here.", "INVALID_PARAMETER_VALUE.CHARSET", "Use UTF-8, UTF-16, UTF-16BE, UTF-16LE, UTF-32, US-ASCII or ISO-8859-1.");
                return StrictUtf8;
        }
    }

    private static void Malformed(int site, string function, Utf8 charset) => Throw.Raise(site,
        $"{function} meets what the character set {charset.ToString()} does not have.", "MALFORMED_CHARACTER_CODING", "Use UTF-8, or replace such characters first.");

    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    private static Utf8 HexLower(scoped ReadOnlySpan<byte> bytes, scoped ref TextArena scratch) => HexDigits(bytes, "0123456789abcdef"u8, ref scratch);

    // Convert.TryToHexString into UTF-8 exists from .NET 10 on.
    private static Utf8 HexDigits(scoped ReadOnlySpan<byte> bytes, scoped ReadOnlySpan<byte> digits, scoped ref TextArena scratch)
    {
        var to = scratch.Take(bytes.Length * 2);
        for (var i = 0; i < bytes.Length; i++)
        {
            to[2 * i] = digits[bytes[i] >> 4];
            to[(2 * i) + 1] = digits[bytes[i] & 15];
        }

        return new Utf8(to);
    }

    private static int Digit(byte b) => char.IsAsciiDigit((char)b) ? b - '0' : (b | 0x20) - 'a' + 10;

    private static uint CrcEntry(int n)
    {
        var value = (uint)n;
        for (var k = 0; k < 8; k++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    }
}
