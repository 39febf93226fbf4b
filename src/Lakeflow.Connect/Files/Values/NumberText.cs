using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files.Values;

/// <summary>Numbers from UTF-8 text, in place. Blanks around a number are allowed; nothing else is.</summary>
internal static class NumberText
{
    /// <summary>Powers of ten that a DOUBLE holds exactly.</summary>
    private static ReadOnlySpan<double> ExactPowers =>
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>A whole number: an optional sign and digits. False if it does not fit BIGINT.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        // Up to 18 digits cannot overflow: the common case is one loop without checks.
        value = 0;
        if (text.Length is 0 or > 19) return TryInt64Slow(text, out value);
        var i = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        if (text.Length - i is 0 or > 18) return TryInt64Slow(text, out value);
        var sum = 0L;
        for (var j = i; j < text.Length; j++)
        {
            var digit = (uint)text[j] - '0';
            if (digit > 9) return TryInt64Slow(text, out value);
            sum = (sum * 10) + digit;
        }

        value = text[0] == (byte)'-' ? -sum : sum;
        return true;
    }

    public static bool TryDouble(ReadOnlySpan<byte> text, out double value)
    {
        // Clinger's fast path: at most 2^53 / 10^22 are both exact, so one division rounds once, as it must.
        value = 0;
        if (text.Length is 0 or > 24) return TryDoubleSlow(text, out value);
        var i = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var digits = 0UL;
        var scale = -1;
        var count = 0;
        for (; i < text.Length; i++)
        {
            var digit = (uint)text[i] - '0';
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                count++;
            }
            else if (text[i] == (byte)'.' && scale < 0)
            {
                scale = count;
            }
            else
            {
                return TryDoubleSlow(text, out value);
            }
        }

        if (count is 0 or > 18 || digits > 1UL << 53) return TryDoubleSlow(text, out value);
        value = scale < 0 ? digits : digits / ExactPowers[count - scale];
        if (text[0] == (byte)'-') value = -value;
        return true;
    }

    /// <summary>A decimal number, rounded half up to <paramref name="type"/>'s scale; false if it does not fit its precision.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, DecimalType type, out Int128 unscaled)
    {
        unscaled = 0;
        text = text.Trim((byte)' ');
        if (text.IsEmpty) return false;
        var negative = text[0] == (byte)'-';
        var i = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        UInt128 sum = 0;
        var (significant, fraction, any, point) = (0, 0, false, false);
        var roundUp = false;
        var exponent = 0;
        var mantissaEnd = text.IndexOfAny((byte)'e', (byte)'E');
        if (mantissaEnd < 0) mantissaEnd = text.Length;
        else if (!TryExponent(text[(mantissaEnd + 1)..], out exponent)) return false;
        var dropped = 0;
        for (; i < mantissaEnd; i++)
        {
            if (text[i] == (byte)'.' && !point)
            {
                point = true;
                continue;
            }

            var digit = (uint)text[i] - '0';
            if (digit > 9) return false;
            any = true;
            if (significant >= DecimalType.MaxPrecision)
            {
                // Only the first digit beyond decides the rounding: half up looks no further.
                if (dropped++ == 0) roundUp = digit >= 5;
                if (!point) fraction--;
                continue;
            }

            if (sum != 0 || digit != 0) significant++;
            sum = (sum * 10) + digit;
            if (point) fraction++;
        }

        if (!any) return false;
        var shift = type.Scale - (fraction - exponent);
        if (sum == 0) return true;
        if (shift >= 0)
        {
            if (roundUp) sum++;
            if (shift > DecimalType.MaxPrecision) return false;
            var limit = Power(DecimalType.MaxPrecision);
            for (; shift > 0; shift--)
            {
                sum *= 10;
                if (sum >= limit) return false;
            }
        }
        else
        {
            if (-shift > DecimalType.MaxPrecision + 1) return true;
            UInt128 last = 0;
            for (; shift < 0; shift++) (sum, last) = UInt128.DivRem(sum, 10);
            if (last >= 5) sum++;
        }

        if (sum >= Power(type.Precision)) return false;
        unscaled = negative ? -(Int128)sum : (Int128)sum;
        return true;
    }

    public static UInt128 Power(int digits)
    {
        UInt128 power = 1;
        for (; digits > 0; digits--) power *= 10;
        return power;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent) =>
        Utf8Parser.TryParse(text.StartsWith("+"u8) ? text[1..] : text, out exponent, out var used)
        && used == (text.StartsWith("+"u8) ? text.Length - 1 : text.Length) && Math.Abs((long)exponent) < 10_000;

    private static bool TryInt64Slow(ReadOnlySpan<byte> text, out long value)
    {
        text = text.Trim((byte)' ');
        if (text.Length > 1 && text[0] == (byte)'+' && text[1] is >= (byte)'0' and <= (byte)'9') text = text[1..];
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && used > 0;
    }

    private static bool TryDoubleSlow(ReadOnlySpan<byte> text, out double value)
    {
        text = text.Trim((byte)' ');
        value = 0;
        if (text.IsEmpty) return false;
        // The parser knows words of its own (infinity, nan); which words mean them here is for the caller to say.
        if (text[^1] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.')) return false;
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }
}
