using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Checks of texts: UTF-8, check digits.</summary>
public static class ValidityKernels
{
    public static bool IsValidUtf8(Utf8 text) => System.Text.Unicode.Utf8.IsValid(text.Bytes);

    /// <summary>Each malformed sequence becomes U+FFFD.</summary>
    public static Utf8 MakeValidUtf8(Utf8 text, scoped ref TextArena scratch) =>
        IsValidUtf8(text) ? text : scratch.Copy(Encoding.UTF8.GetString(text.Bytes).AsSpan());

    public static Utf8 ValidateUtf8(Utf8 text, int site)
    {
        if (!IsValidUtf8(text)) Throw.Raise(site, $"The bytes {Convert.ToHexString(text.Bytes)} are not UTF-8.", "INVALID_UTF8_STRING", "Use try_validate_utf8 or make_valid_utf8.");
        return text;
    }

    public static bool TryValidateUtf8(Utf8 text, out Utf8 result)
    {
        result = text;
        return IsValidUtf8(text);
    }

    /// <summary>The Luhn sum of digits is a multiple of ten; false for no digits or anything else.</summary>
    public static bool LuhnCheck(Utf8 text)
    {
        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text.Bytes[^(i + 1)] - '0';
            if (digit is < 0 or > 9) return false;
            if (i % 2 == 1) digit *= 2;
            sum += digit > 9 ? digit - 9 : digit;
        }

        return text.Length > 0 && sum % 10 == 0;
    }

    /// <summary>In single quotes, those inside after a backslash.</summary>
    public static Utf8 Quote(Utf8 text, scoped ref TextArena scratch)
    {
        var to = scratch.Take((text.Length * 2) + 2);
        var n = 0;
        to[n++] = (byte)'\'';
        foreach (var b in text.Bytes)
        {
            if (b == '\'') to[n++] = (byte)'\\';
            to[n++] = b;
        }

        to[n++] = (byte)'\'';
        scratch.GiveBack(to.Length - n);
        return new Utf8(to[..n]);
    }
}
