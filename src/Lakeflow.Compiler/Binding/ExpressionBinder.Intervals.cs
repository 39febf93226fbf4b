using System.Globalization;
using System.Numerics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Binding;

/// <summary><c>INTERVAL …</c> literals: months, or microseconds, never both.</summary>
internal sealed partial class ExpressionBinder
{
    private const string IntervalForm = "INTERVAL 3 HOURS, INTERVAL '1-2' YEAR TO MONTH or INTERVAL '1 02:03:04' DAY TO SECOND";

    private Expr BindInterval(IntervalLiteralSyntax syntax)
    {
        BigInteger months = 0, micros = 0;
        bool anyMonths = false, anyMicros = false;
        foreach (var part in syntax.Parts)
        {
            if (part.Value is not (NumberLiteralSyntax or StringLiteralSyntax)) return ComputedInterval(syntax);
            if (!AddPart(part)) return Fail(BindingErrors.BadLiteral(part.Span, "INTERVAL", TextOf(part.Value), IntervalForm));
        }

        if (anyMonths && anyMicros) return NotSupported(syntax.Span, "An interval of both months and days", "Add two intervals one after the other.");
        if (anyMonths)
        {
            return months >= int.MinValue && months <= int.MaxValue
                ? new Literal((int)months, DataType.YearMonthInterval, syntax.Span)
                : Fail(BindingErrors.NumberOutOfRange(syntax.Span, months.ToString(CultureInfo.InvariantCulture), "INTERVAL YEAR TO MONTH"));
        }

        return micros >= long.MinValue && micros <= long.MaxValue
            ? new Literal((long)micros, DataType.DayTimeInterval, syntax.Span)
            : Fail(BindingErrors.NumberOutOfRange(syntax.Span, micros.ToString(CultureInfo.InvariantCulture), "INTERVAL DAY TO SECOND"));

        bool AddPart(IntervalPartSyntax part)
        {
            var text = TextOf(part.Value).Trim();
            var sign = part.Negative ? -1 : 1;
            if (part.To is not null)
            {
                if (part.Unit is "YEAR" or "MONTH")
                {
                    anyMonths = true;
                    if (!IntervalText.TryMonths(text, out var m)) return false;
                    months += sign * m;
                    return true;
                }

                anyMicros = true;
                if (!TryFields(text, part.Unit!, part.To, out var u)) return false;
                micros += sign * u;
                return true;
            }

            if (part.Unit is not null) return AddAmount(text, part.Unit, sign);

            // A text that holds its own units: '1 day 2 hours', '-3 months'.
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words.Length % 2 != 0) return false;
            for (var i = 0; i < words.Length; i += 2)
            {
                if (!AddAmount(words[i], words[i + 1].ToUpperInvariant().TrimEnd('S'), sign)) return false;
            }

            return true;
        }

        bool AddAmount(string text, string unit, int sign)
        {
            var (unitMonths, unitMicros) = UnitOf(unit);
            if (unitMonths == 0 && unitMicros == 0) return false;
            if (unitMonths != 0)
            {
                anyMonths = true;
                if (!BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)) return false;
                months += sign * n * unitMonths;
                return true;
            }

            anyMicros = true;
            if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            {
                micros += sign * whole * unitMicros;
                return true;
            }

            if (unit != "SECOND" || !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return false;
            micros += sign * (BigInteger)decimal.Truncate(seconds * 1_000_000m);
            return true;
        }
    }

    /// <summary><c>'1 02:03:04' DAY TO SECOND</c>: exactly the fields that are named; all but the first stay below the next unit.</summary>
    private static bool TryFields(string text, string from, string to, out long micros)
    {
        string[] units = ["DAY", "HOUR", "MINUTE", "SECOND"];
        var (first, last) = (Array.IndexOf(units, from), Array.IndexOf(units, to));
        micros = 0;
        if (first < 0 || last <= first) return false;
        var negative = text.StartsWith('-');
        var rest = text.TrimStart('-', '+');
        var fields = rest.Split(':');
        if (first == 0)
        {
            if (rest.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var days, var clock]) return false;
            fields = [days, .. clock.Split(':')];
        }

        if (fields.Length != last - first + 1) return false;
        decimal total = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            var style = units[first + i] == "SECOND" ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
            if (!decimal.TryParse(fields[i], style, CultureInfo.InvariantCulture, out var n) || n > 1_000_000_000_000m) return false;
            if (i > 0 && n >= (units[first + i] == "HOUR" ? 24 : 60)) return false;
            total += decimal.Truncate(n * UnitOf(units[first + i]).Micros);
        }

        if (total > long.MaxValue) return false;
        micros = (long)total * (negative ? -1 : 1);
        return true;
    }

    /// <summary><c>INTERVAL (n) DAY</c>: the number times one unit.</summary>
    private Expr ComputedInterval(IntervalLiteralSyntax syntax)
    {
        if (syntax.Parts is not [{ Unit: { } unit, To: null } part]) return NotSupported(syntax.Span, "An interval of several computed parts");
        var (months, micros) = UnitOf(unit);
        if (months == 0 && micros == 0) return Fail(BindingErrors.BadLiteral(part.Span, "unit of INTERVAL", unit, IntervalForm));
        var one = months != 0 ? new Literal(months, DataType.YearMonthInterval, part.Span) : new Literal(micros, DataType.DayTimeInterval, part.Span);
        var value = Bind(part.Value);
        return Apply("*", [one, part.Negative ? Apply("negative", [value], part.Span) : value], syntax.Span);
    }

    private static string TextOf(ExpressionSyntax value) => value switch
    {
        NumberLiteralSyntax n => n.Text,
        StringLiteralSyntax s => s.Value,
        _ => "",
    };

    private static (int Months, long Micros) UnitOf(string unit) => unit switch
    {
        "YEAR" => (12, 0),
        "QUARTER" => (3, 0),
        "MONTH" => (1, 0),
        "WEEK" => (0, 7 * 86_400_000_000),
        "DAY" => (0, 86_400_000_000),
        "HOUR" => (0, 3_600_000_000),
        "MINUTE" => (0, 60_000_000),
        "SECOND" => (0, 1_000_000),
        "MILLISECOND" => (0, 1_000),
        "MICROSECOND" => (0, 1),
        _ => (0, 0),
    };
}
