using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Numbers from text and to text, as CAST has them. Blanks and control characters around a number do not count; nothing else may stand beside it.</summary>
public static class NumberText
{
    /// <summary>How the reading of a decimal ended.</summary>
    public enum Outcome
    {
        Done,
        Malformed,
        TooLarge,
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        while (end > 0 && (text[end - 1] <= 0x20 || text[end - 1] == 0x7F)) end--;
        var start = 0;
        while (start < end && (text[start] <= 0x20 || text[start] == 0x7F)) start++;
        return text[start..end];
    }

    public static bool TryInt64(ReadOnlySpan<byte> text, out long result)
    {
        text = Trim(text);
        result = 0;
        if (text.IsEmpty) return false;
        var negative = text[0] == (byte)'-';
        if (negative || text[0] == (byte)'+') text = text[1..];
        if (text.IsEmpty) return false;
        // Up to 18 digits cannot overflow; beyond that count down from below, where there is one more value.
        long value = 0;
        if (text.Length <= 18)
        {
            foreach (var b in text)
            {
                var digit = (uint)(b - '0');
                if (digit > 9) return false;
                value = (value * 10) + digit;
            }

            result = negative ? -value : value;
            return true;
        }

        foreach (var b in text)
        {
            var digit = b - '0';
            if ((uint)digit > 9) return false;
            if (value < long.MinValue / 10 || value * 10 < long.MinValue + digit) return false;
            value = (value * 10) - digit;
        }

        if (!negative && value == long.MinValue) return false;
        result = negative ? value : -value;
        return true;
    }

    /// <summary>Java's forms: digits, point, exponent, an optional trailing d or f; <c>NaN</c>, <c>Infinity</c>, <c>inf</c> in any case.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double result)
    {
        text = Trim(text);
        result = 0;
        if (text.IsEmpty) return false;
        var last = text[^1];
        if (last is (byte)'d' or (byte)'D' or (byte)'f' or (byte)'F' && text.Length > 1 && (char.IsAsciiDigit((char)text[^2]) || text[^2] == '.')) text = text[..^1];
        if (char.IsAsciiDigit((char)text[^1]) || text[^1] == '.')
            return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out result);
        return TrySpecial(text, out result);
    }

    public static bool TryFloat(ReadOnlySpan<byte> text, out float result)
    {
        result = 0;
        var body = Trim(text);
        if (body.Length > 1 && body[^1] is (byte)'d' or (byte)'D' or (byte)'f' or (byte)'F' && char.IsAsciiDigit((char)body[^2])) body = body[..^1];
        if (!body.IsEmpty && (char.IsAsciiDigit((char)body[^1]) || body[^1] == '.'))
            return float.TryParse(body, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out result);
        if (!TrySpecial(body, out var special)) return false;
        result = (float)special;
        return true;
    }

    /// <summary>A decimal in plain or exponent form, brought to a scale half up.</summary>
    public static Outcome TryDecimal(ReadOnlySpan<byte> text, int precision, int scale, out Int128 result)
    {
        text = Trim(text);
        result = 0;
        var at = 0;
        var negative = false;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+') negative = text[at++] == (byte)'-';
        UInt128 value = 0;
        BigInteger? large = null;
        int digits = 0, fraction = 0, significant = 0;
        var point = false;
        for (; at < text.Length; at++)
        {
            var b = text[at];
            if (b == '.' && !point)
            {
                point = true;
                continue;
            }

            var digit = (uint)(b - '0');
            if (digit > 9) break;
            digits++;
            if (point) fraction++;
            if (significant > 0 || digit != 0) significant++;
            if (significant <= 38) value = (value * 10) + digit;
            else large = ((large ?? value) * 10) + digit;
        }

        if (digits == 0) return Outcome.Malformed;
        if (at < text.Length)
        {
            if (text[at] is not ((byte)'e' or (byte)'E')) return Outcome.Malformed;
            var tail = text[(at + 1)..];
            if (tail.Length > 1 && tail[0] == '+') tail = tail[1..];
            if (!Utf8Parser.TryParse(tail, out int exponent, out var used) || used != tail.Length) return Outcome.Malformed;
            if (value == 0) return Outcome.Done;
            if (exponent > 10_000) return Outcome.TooLarge;
            if (exponent < -10_000) return Outcome.Done;
            fraction -= exponent;
        }

        bool fits;
        if (large is { } big)
        {
            fits = DecimalMath.TryRescale(negative ? -big : big, fraction, scale, precision, out result);
        }
        else if (fraction is >= 0 and <= 76)
        {
            fits = DecimalMath.TryRescale(negative ? -(Int128)value : (Int128)value, fraction, scale, precision, out result);
        }
        else
        {
            BigInteger signed = value;
            fits = DecimalMath.TryRescale(negative ? -signed : signed, fraction, scale, precision, out result);
        }

        return fits ? Outcome.Done : Outcome.TooLarge;
    }

    /// <summary>As Java prints a double: <c>1.0</c>, <c>1.0E7</c> from 10⁷ on, <c>1.0E-4</c> below 10⁻³.</summary>
    public static string OfDouble(double value)
    {
        Span<byte> buffer = stackalloc byte[40];
        return System.Text.Encoding.ASCII.GetString(buffer[..Write(value, buffer)]);
    }

    public static string OfFloat(float value)
    {
        Span<byte> buffer = stackalloc byte[40];
        return System.Text.Encoding.ASCII.GetString(buffer[..Write(value, buffer)]);
    }

    /// <summary>Writes at most 26 bytes.</summary>
    public static int Write(double value, Span<byte> to)
    {
        Span<byte> text = stackalloc byte[40];
        if (Special(value, to, out var length)) return length;
        value.TryFormat(text, out var count, "R", CultureInfo.InvariantCulture);
        return Arrange(text[..count], value, to);
    }

    /// <summary>Writes at most 18 bytes.</summary>
    public static int Write(float value, Span<byte> to)
    {
        Span<byte> text = stackalloc byte[40];
        if (Special(value, to, out var length)) return length;
        value.TryFormat(text, out var count, "R", CultureInfo.InvariantCulture);
        return Arrange(text[..count], value, to);
    }

    private static bool Special(double value, Span<byte> to, out int length)
    {
        var name = double.IsNaN(value) ? "NaN"u8 : double.IsPositiveInfinity(value) ? "Infinity"u8 : double.IsNegativeInfinity(value) ? "-Infinity"u8
            : value == 0 ? (double.IsNegative(value) ? "-0.0"u8 : "0.0"u8) : default;
        name.CopyTo(to);
        length = name.Length;
        return length > 0;
    }

    /// <summary>From .NET's shortest form (<c>1E+16</c>, <c>123.45</c>, <c>1.2E-05</c>) to Java's.</summary>
    private static int Arrange(ReadOnlySpan<byte> text, double value, Span<byte> to)
    {
        Span<byte> digits = stackalloc byte[40];
        int count = 0, pointAt = -1, exponent = 0;
        var at = text[0] == '-' ? 1 : 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '.') pointAt = count;
            else if (text[at] == 'E')
            {
                var tail = text[(at + 1)..];
                _ = Utf8Parser.TryParse(tail[0] == (byte)'+' ? tail[1..] : tail, out exponent, out _);
                break;
            }
            else digits[count++] = text[at];
        }

        if (pointAt < 0) pointAt = count;
        var lead = 0;
        while (lead < count - 1 && digits[lead] == '0') lead++;
        var body = digits[lead..count];
        // value = 0.d1d2d3… × 10^scale
        var scale = pointAt - lead + exponent;
        while (body.Length > 1 && body[^1] == '0') body = body[..^1];
        var n = 0;
        if (value < 0) to[n++] = (byte)'-';
        var size = Math.Abs(value);
        if (size is >= 1e-3 and < 1e7)
        {
            if (scale <= 0)
            {
                "0."u8.CopyTo(to[n..]);
                n += 2;
                for (var i = scale; i < 0; i++) to[n++] = (byte)'0';
                body.CopyTo(to[n..]);
                return n + body.Length;
            }

            for (var i = 0; i < scale; i++) to[n++] = i < body.Length ? body[i] : (byte)'0';
            to[n++] = (byte)'.';
            if (body.Length <= scale) to[n++] = (byte)'0';
            else foreach (var b in body[scale..]) to[n++] = b;
            return n;
        }

        to[n++] = body[0];
        to[n++] = (byte)'.';
        if (body.Length == 1) to[n++] = (byte)'0';
        else foreach (var b in body[1..]) to[n++] = b;
        to[n++] = (byte)'E';
        Utf8Formatter.TryFormat(scale - 1, to[n..], out var written);
        return n + written;
    }

    private static bool TrySpecial(ReadOnlySpan<byte> text, out double result)
    {
        result = 0;
        if (text.IsEmpty) return false;
        var negative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        if (System.Text.Ascii.EqualsIgnoreCase(text, "nan"u8) && !negative)
        {
            result = double.NaN;
            return true;
        }

        if (!System.Text.Ascii.EqualsIgnoreCase(text, "inf"u8) && !System.Text.Ascii.EqualsIgnoreCase(text, "infinity"u8)) return false;
        result = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }
}
