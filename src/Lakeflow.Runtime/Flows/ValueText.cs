using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Flows;

/// <summary>Values as people read them, as Spark's CAST to STRING prints them; times in UTC.</summary>
public static class ValueText
{
    /// <param name="type">The value's type.</param>
    /// <param name="value">In the form of <see cref="ArrowArray.GetValue"/>; null prints as <c>NULL</c>.</param>
    public static string Of(DataType type, object? value) => (type, value) switch
    {
        (_, null) => "NULL",
        (_, bool flag) => flag ? "true" : "false",
        (DateType, int days) => Date(days),
        (TimestampType, long micros) => Timestamp(micros),
        (DecimalType d, Int128 unscaled) => Decimal(unscaled, d.Scale),
        (DecimalType d, long unscaled) => Decimal(unscaled, d.Scale),
        (YearMonthIntervalType, int months) => string.Create(
            CultureInfo.InvariantCulture, $"INTERVAL '{(months < 0 ? "-" : "")}{Math.Abs(months) / 12}-{Math.Abs(months) % 12}' YEAR TO MONTH"),
        (DayTimeIntervalType, long micros) => Interval(micros),
        (_, double number) => Double(number),
        (_, float number) => Float(number),
        (_, byte[] bytes) => Convert.ToBase64String(bytes),
        (StructType s, object?[] items) => "{" + string.Join(", ", items.Select((item, i) => Of(s.Fields[i].Type, item))) + "}",
        (ListType list, object?[] items) => "[" + string.Join(", ", items.Select(item => Of(list.Element.Type, item))) + "]",
        (MapType map, KeyValuePair<object, object?>[] entries) =>
            "{" + string.Join(", ", entries.Select(e => $"{Of(map.Key.Type, e.Key)} -> {Of(map.Value.Type, e.Value)}")) + "}",
        (_, IFormattable formattable) => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Date(int days)
    {
        var ticks = DateTime.UnixEpoch.Ticks + (days * TimeSpan.TicksPerDay);
        return ticks is >= 0 and < 3155378976000000000
            ? new DateTime(ticks).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"day {days}");
    }

    private static string Timestamp(long micros)
    {
        var ticks = (Int128)DateTime.UnixEpoch.Ticks + ((Int128)micros * TimeSpan.TicksPerMicrosecond);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return string.Create(CultureInfo.InvariantCulture, $"microsecond {micros}");
        return new DateTime((long)ticks).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
    }

    private static string Decimal(Int128 unscaled, int scale)
    {
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return unscaled < 0 ? "-" + text : text;
    }

    private static string Interval(long micros)
    {
        var span = TimeSpan.FromMicroseconds(Math.Abs((double)micros));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"INTERVAL '{(micros < 0 ? "-" : "")}{span.Days} {span:hh\\:mm\\:ss}{(span.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : span.ToString("\\.ffffff", CultureInfo.InvariantCulture))}' DAY TO SECOND");
    }

    private static string Double(double number) => Floating(
        number, Math.Abs(number) is 0 or (>= 1e-3 and < 1e7), number.ToString("R", CultureInfo.InvariantCulture));

    private static string Float(float number) => Floating(
        number, Math.Abs(number) is 0 or (>= 1e-3f and < 1e7f), number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Shortest text that reads back, as Java prints it: <c>1.0</c>, <c>1.0E10</c>.</summary>
    private static string Floating(double number, bool plain, string shortest)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        if (plain) return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
        var (digits, exponent) = Split(number < 0 ? shortest[1..] : shortest);
        return string.Create(
            CultureInfo.InvariantCulture, $"{(number < 0 ? "-" : "")}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}");
    }

    /// <summary>Digits without leading and trailing zeros, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Split(string text)
    {
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = at < 0 ? 0 : int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var number = at < 0 ? text : text[..at];
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var digits = number.Replace(".", "", StringComparison.Ordinal);
        var whole = point < 0 ? number.Length : point;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        return (digits.Length == 0 ? "0" : digits, exponent + whole - leading - 1);
    }
}
