using System.Globalization;

namespace Lakeflow.Runtime.Connectors;

/// <summary>Reads the text of an option's value.</summary>
internal static class OptionText
{
    public static bool TryParse(Option option, string text, out object value)
    {
        value = text;
        switch (option.Kind)
        {
            case OptionKind.Boolean:
                if (!bool.TryParse(text.Trim(), out var flag)) return false;
                value = flag;
                return true;
            case OptionKind.Integer:
                if (!long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < option.Min) return false;
                value = number;
                return true;
            case OptionKind.Bytes:
                if (!TryParseBytes(text.Trim(), out var bytes) || bytes < option.Min) return false;
                value = bytes;
                return true;
            case OptionKind.Timestamp:
                if (!TryParseTimestamp(text, out var micros)) return false;
                value = micros;
                return true;
            case OptionKind.Choice:
                var chosen = option.Choices.FirstOrDefault(c => c.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
                if (chosen is null) return false;
                value = chosen;
                return true;
            default:
                return true;
        }
    }

    /// <summary><c>10g</c>, <c>512 MB</c>, <c>1024</c>: units are powers of 1024, as in Spark.</summary>
    private static bool TryParseBytes(string text, out long bytes)
    {
        bytes = 0;
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        int? shift = text[digits..].Trim().ToLowerInvariant() switch
        {
            "" or "b" => 0,
            "k" or "kb" => 10,
            "m" or "mb" => 20,
            "g" or "gb" => 30,
            "t" or "tb" => 40,
            _ => null,
        };
        if (shift is null || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > long.MaxValue >> shift.Value) return false;
        bytes = count << shift.Value;
        return true;
    }

    private static bool TryParseTimestamp(string text, out long micros)
    {
        // A plain number is what a parsed value prints as: microseconds. Years have fewer digits.
        if (text.Length > 8 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out micros)) return true;
        var good = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var time);
        micros = good ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond : 0;
        return good;
    }
}
