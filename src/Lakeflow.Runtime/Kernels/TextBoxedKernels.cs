using System.Globalization;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Text functions over any number of arguments, on boxed values.</summary>
public static class TextBoxedKernels
{
    public static object Concat(object?[] texts) => string.Concat(texts);

    /// <summary>NULLs are left out, arrays give their elements; NULL if the separator is NULL.</summary>
    public static object? ConcatWithSeparator(object?[] arguments)
    {
        if (arguments[0] is not string separator) return null;
        var parts = arguments.Skip(1).SelectMany(a => a as object?[] ?? [a]).Where(a => a is not null);
        return string.Join(separator, parts);
    }

    /// <summary>The n-th of the texts; NULL for NULL, an error beyond.</summary>
    public static object? Elt(object?[] arguments, int site)
    {
        if (arguments[0] is not int n) return null;
        if (n < 1 || n >= arguments.Length) Throw.ArrayIndex(site, n, arguments.Length - 1, zeroBased: true);
        return arguments[n];
    }

    /// <summary>C's and Java's formats: <c>%[n$][flags][width][.precision]</c> and one of <c>s d x X o f e E g c b n %</c>.</summary>
    public static object? Format(object?[] arguments, DataType[] types, SessionZone zone, int site)
    {
        if (arguments[0] is not string format) return null;
        var to = new StringBuilder();
        var next = 1;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                to.Append(format[i]);
                continue;
            }

            var start = ++i;
            while (i < format.Length && !char.IsAsciiLetter(format[i]) && format[i] != '%') i++;
            if (i == format.Length) Throw.Raise(site, $"The format '{format}' ends within a place holder.", "INVALID_PARAMETER_VALUE");
            var spec = format[start..i];
            var kind = format[i];
            if (kind == 'n' || kind == '%')
            {
                to.Append(kind == 'n' ? '\n' : '%');
                continue;
            }

            var dollar = spec.IndexOf('$', StringComparison.Ordinal);
            var index = dollar > 0 && int.TryParse(spec[..dollar], out var given) ? given : next++;
            if (dollar > 0) spec = spec[(dollar + 1)..];
            if (index < 1 || index >= arguments.Length) Throw.Raise(site, $"The format '{format}' asks for argument {index} of {arguments.Length - 1}.", "INVALID_PARAMETER_VALUE");
            to.Append(One(spec, kind, arguments[index], types[index], zone, site));
        }

        return to.ToString();
    }

    /// <summary>Thousands separators and so many decimals, half to even; NULL for a negative number of decimals.</summary>
    public static object? FormatNumber(object? value, int digits, DataType[] types)
    {
        if (digits < 0) return null;
        var format = "#,##0" + (digits == 0 ? "" : "." + new string('0', digits));
        return value switch
        {
            double d => Math.Round((decimal)d, Math.Min(digits, 28), MidpointRounding.ToEven).ToString(format, CultureInfo.InvariantCulture),
            float f => Math.Round((decimal)f, Math.Min(digits, 28), MidpointRounding.ToEven).ToString(format, CultureInfo.InvariantCulture),
            Int128 d => Math.Round(decimal.Parse(DecimalMath.Text(d, ((DecimalType)types[0]).Scale), CultureInfo.InvariantCulture), Math.Min(digits, 28), MidpointRounding.ToEven).ToString(format, CultureInfo.InvariantCulture),
            IFormattable n => n.ToString(format, CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static string One(string spec, char kind, object? value, DataType type, SessionZone zone, int site)
    {
        var flags = spec.TakeWhile(c => "-#+ 0,(".Contains(c, StringComparison.Ordinal)).Count();
        var (left, zero, plus, group) = (spec[..flags].Contains('-'), spec[..flags].Contains('0'), spec[..flags].Contains('+'), spec[..flags].Contains(','));
        var sizes = spec[flags..].Split('.');
        var width = int.TryParse(sizes[0], out var w) ? w : 0;
        int? precision = sizes.Length > 1 && int.TryParse(sizes[1], out var p) ? p : null;
        var text = value is null ? "null" : kind switch
        {
            'd' => Whole(value, group),
            'x' => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture),
            'X' => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("X", CultureInfo.InvariantCulture),
            'o' => Convert.ToString(Convert.ToInt64(value, CultureInfo.InvariantCulture), 8),
            'f' => Fraction(value, type, (group ? "#,##0." : "0.") + new string('0', precision ?? 6)),
            'e' or 'E' => Fraction(value, type, $"0.{new string('0', precision ?? 6)}{kind}+00"),
            'g' or 'G' => Fraction(value, type, "G" + (precision ?? 6)),
            'c' => value is string s ? s : ((char)Convert.ToInt32(value, CultureInfo.InvariantCulture)).ToString(),
            'b' or 'B' => value is bool b ? (b ? "true" : "false") : "true",
            's' or 'S' => Cut(BoxedCasts.Text(value, type, zone), precision),
            _ => null,
        };
        if (text is null)
        {
            Throw.Raise(site, $"'%{spec}{kind}' is not a place holder.", "INVALID_PARAMETER_VALUE");
            return "";
        }

        if (kind is 'f') text = text.TrimEnd('.');
        if (kind == 'S') text = text.ToUpperInvariant();
        if (plus && kind is 'd' or 'f' && text[0] != '-') text = "+" + text;
        if (zero && kind is not ('s' or 'S') && text.Length < width)
        {
            var sign = text[0] is '-' or '+' ? 1 : 0;
            return text[..sign] + text[sign..].PadLeft(width - sign, '0');
        }

        return left ? text.PadRight(width) : text.PadLeft(width);
    }

    private static string Cut(string text, int? precision) => precision is { } p && p < text.Length ? text[..p] : text;

    private static string Whole(object value, bool group) => value is IFormattable n ? n.ToString(group ? "#,##0" : "0", CultureInfo.InvariantCulture) : "0";

    private static string Fraction(object value, DataType type, string format) => value switch
    {
        Int128 d => decimal.Parse(DecimalMath.Text(d, ((DecimalType)type).Scale), CultureInfo.InvariantCulture).ToString(format, CultureInfo.InvariantCulture),
        IFormattable n => n.ToString(format, CultureInfo.InvariantCulture),
        _ => "",
    };
}
