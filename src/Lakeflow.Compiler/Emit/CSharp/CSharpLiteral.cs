using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>C# literals. No text of the user reaches generated code but through here.</summary>
internal static class CSharpLiteral
{
    /// <summary>A value of <paramref name="type"/> in its physical C# type; text as a UTF-8 literal. NULL is <c>default</c>.</summary>
    public static string Of(object? value, DataType type) => (value, type) switch
    {
        (null, _) => "default",
        (bool b, _) => b ? "true" : "false",
        (sbyte v, _) => Text($"((sbyte){v})"),
        (short v, _) => Text($"((short){v})"),
        (int v, _) => Of(v),
        (long v, DecimalType { Is64: false }) => v < 0 ? $"((Int128)({Of(v)}))" : $"((Int128){Of(v)})",
        (long v, _) => Of(v),
        (float v, _) => Of(v),
        (double v, _) => Of(v),
        (Int128 v, DecimalType { Is64: true }) => Of((long)v),
        (Int128 v, _) => Of(v),
        (string s, _) => Utf8(s),
        (byte[] bytes, _) => Bytes(bytes),
        _ => throw new UnreachableException($"{value.GetType()} {type}"),
    };

    /// <summary>A value as a boxed object in the form of <see cref="ArrowArray.GetValue"/>.</summary>
    public static string Boxed(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        sbyte v => Text($"(sbyte){v}"),
        short v => Text($"(short){v}"),
        int v => Of(v),
        long v => Of(v),
        float v => Of(v),
        double v => Of(v),
        Int128 v => $"(object){Of(v)}",
        string s => Of(s),
        byte[] b => $"new byte[] {{ {Hex(b)} }}",
        object?[] items => $"new object?[] {{ {string.Join(", ", items.Select(Boxed))} }}",
        KeyValuePair<object, object?>[] pairs =>
            $"new KeyValuePair<object, object?>[] {{ {string.Join(", ", pairs.Select(p => $"new({Boxed(p.Key)}, {Boxed(p.Value)})"))} }}",
        _ => throw new UnreachableException(value.GetType().Name),
    };

    public static string Of(int value) => value == int.MinValue ? "int.MinValue" : value.ToString(CultureInfo.InvariantCulture);

    public static string Of(long value) => value == long.MinValue ? "long.MinValue" : value.ToString(CultureInfo.InvariantCulture) + "L";

    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        if (value == 0 && double.IsNegative(value)) return "-0.0";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny(".E") < 0 ? text + ".0" : text;
    }

    public static string Of(float value)
    {
        if (float.IsNaN(value)) return "float.NaN";
        if (float.IsInfinity(value)) return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        if (value == 0 && float.IsNegative(value)) return "-0F";
        return value.ToString("R", CultureInfo.InvariantCulture) + "F";
    }

    public static string Of(Int128 value) => value >= long.MinValue && value <= long.MaxValue
        ? Of((long)value, new DecimalType(38, 0))
        : Text($"new Int128(0x{(ulong)(value >> 64):X}UL, 0x{(ulong)(value & ulong.MaxValue):X}UL)");

    /// <summary>A C# string literal.</summary>
    public static string Of(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        AppendEscaped(literal, text);
        return literal.Append('"').ToString();
    }

    public static string Of(string? text, string ifNull) => text is null ? ifNull : Of(text);

    /// <summary>A text as UTF-8 bytes: <c>"NO"u8</c>.</summary>
    public static string Utf8(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return Bytes(Encoding.UTF8.GetBytes(text));
        }

        return Of(text) + "u8";
    }

    private static string Bytes(byte[] bytes) => $"new Utf8([{Hex(bytes)}])";

    private static string Hex(byte[] bytes) => string.Join(", ", bytes.Select(b => Text($"0x{b:X2}")));

    private static void AppendEscaped(StringBuilder literal, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '"': literal.Append("\\\""); break;
                case '\\': literal.Append(@"\\"); break;
                case '\n': literal.Append("\\n"); break;
                case '\r': literal.Append("\\r"); break;
                case '\t': literal.Append("\\t"); break;
                default:
                    var plain = c is >= ' ' and < (char)127 || (char.IsLetter(c) && !char.IsSurrogate(c)) || c is '…' or '–' or '€' || (char.IsSurrogate(c) && IsPair(text, i));
                    if (plain) literal.Append(c);
                    else literal.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    private static bool IsPair(string text, int i) =>
        char.IsHighSurrogate(text[i]) ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) : i > 0 && char.IsHighSurrogate(text[i - 1]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
