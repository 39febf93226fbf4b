using System.Runtime.CompilerServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Connect.Files.Values;

/// <summary>Numbers from UTF-8 text: the forms that files are full of, in one loop each; the rest is left to CAST's kernels.</summary>
internal static class FastNumbers
{
    /// <summary>Powers of ten that a DOUBLE holds exactly.</summary>
    private static ReadOnlySpan<double> ExactPowers =>
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

    private static ReadOnlySpan<long> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000,
        10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <summary>A whole number: an optional sign and digits. False if it does not fit BIGINT.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        // Up to 18 digits cannot overflow: the common case is one loop without checks.
        if (text.Length is 0 or > 19) return NumberText.TryInt64(text, out value);
        var first = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        if (text.Length - first is 0 or > 18) return NumberText.TryInt64(text, out value);
        var sum = 0L;
        for (var i = first; i < text.Length; i++)
        {
            var digit = (uint)text[i] - '0';
            if (digit > 9) return NumberText.TryInt64(text, out value);
            sum = (sum * 10) + digit;
        }

        value = text[0] == (byte)'-' ? -sum : sum;
        return true;
    }

    /// <summary>A number with or without point and exponent. Words such as NaN are for the caller to know.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value)
    {
        // Clinger's fast path: up to 2^53 and 10^22 are both exact, so one division rounds once, as it must.
        if (!TryPlain(text, out var digits, out var scale) || digits > 1L << 53 || digits < -(1L << 53) || (digits == 0 && text[0] == (byte)'-')) return TryDoubleSlow(text, out value);
        value = digits / ExactPowers[scale];
        return true;
    }

    /// <summary>A decimal number, rounded half up to <paramref name="type"/>'s scale; false if it does not fit its precision.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, DecimalType type, out Int128 unscaled)
    {
        if (TryPlain(text, out var digits, out var scale) && scale <= type.Scale && type.Scale - scale <= 18)
        {
            unscaled = (Int128)digits * Powers[type.Scale - scale];
            if (type.Precision <= 18 && Int128.Abs(unscaled) < Powers[type.Precision]) return true;
        }

        return NumberText.TryDecimal(text, type.Precision, type.Scale, out unscaled) == NumberText.Outcome.Done;
    }

    /// <summary>A sign, up to 18 digits and a point among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPlain(ReadOnlySpan<byte> text, out long digits, out int scale)
    {
        (digits, scale) = (0, 0);
        if (text.Length is 0 or > 20) return false;
        var point = -1;
        var count = 0;
        for (var i = text[0] is (byte)'-' or (byte)'+' ? 1 : 0; i < text.Length; i++)
        {
            var digit = (uint)text[i] - '0';
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                count++;
            }
            else if (text[i] == (byte)'.' && point < 0)
            {
                point = count;
            }
            else
            {
                return false;
            }
        }

        if (count is 0 or > 18) return false;
        scale = point < 0 ? 0 : count - point;
        if (text[0] == (byte)'-') digits = -digits;
        return true;
    }

    private static bool TryDoubleSlow(ReadOnlySpan<byte> text, out double value)
    {
        text = NumberText.Trim(text);
        value = 0;
        // CAST takes 1d and NaN too; a file's text means them only where an option says so.
        return !text.IsEmpty && text[^1] is (>= (byte)'0' and <= (byte)'9') or (byte)'.' && NumberText.TryDouble(text, out value);
    }
}
