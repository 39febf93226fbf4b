using System.Globalization;
using System.Numerics;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Binding;

/// <summary>Literals.</summary>
internal sealed partial class ExpressionBinder
{
    private Expr BindLiteral(ExpressionSyntax syntax) => syntax switch
    {
        NullLiteralSyntax => new Literal(null, DataType.Null, syntax.Span),
        BooleanLiteralSyntax b => new Literal(b.Value, DataType.Boolean, syntax.Span),
        NumberLiteralSyntax n => BindNumber(n),
        StringLiteralSyntax s => BindText(s),
        TypedLiteralSyntax t => BindTyped(t),
        IntervalLiteralSyntax i => BindInterval(i),
        _ => throw new ArgumentException(syntax.GetType().Name),
    };

    private Literal BindText(StringLiteralSyntax syntax)
    {
        if (syntax.DoubleQuoted && scope.Find([], syntax.Value).Count > 0) context.Error(BindingErrors.DoubleQuotedText(syntax.Span, syntax.Value));
        return new Literal(syntax.Value, DataType.String, syntax.Span);
    }

    private Expr BindNumber(NumberLiteralSyntax syntax)
    {
        var text = syntax.Text;
        var whole = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer);
        switch (syntax.Kind)
        {
            case NumberKind.Integer when whole:
                if (integer >= int.MinValue && integer <= int.MaxValue) return Number((int)integer, DataType.Int32);
                if (integer >= long.MinValue && integer <= long.MaxValue) return Number((long)integer, DataType.Int64);
                return Decimal(text, syntax.Span);
            case NumberKind.TinyInt when whole:
                return integer >= sbyte.MinValue && integer <= sbyte.MaxValue ? Number((sbyte)integer, DataType.Int8) : Outside("TINYINT");
            case NumberKind.SmallInt when whole:
                return integer >= short.MinValue && integer <= short.MaxValue ? Number((short)integer, DataType.Int16) : Outside("SMALLINT");
            case NumberKind.BigInt when whole:
                return integer >= long.MinValue && integer <= long.MaxValue ? Number((long)integer, DataType.Int64) : Outside("BIGINT");
            case NumberKind.Float:
                return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single) && float.IsFinite(single)
                    ? Number(single, DataType.Float) : Outside("FLOAT");
            case NumberKind.Double:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? Number(number, DataType.Double) : Outside("DOUBLE");
            default:
                return Decimal(text, syntax.Span);
        }

        Literal Number(object value, DataType type) => new(value, type, syntax.Span);
        ErrorExpr Outside(string type) => Fail(BindingErrors.NumberOutOfRange(syntax.Span, text, type));
    }

    private Expr Decimal(string text, SourceSpan span)
    {
        var (mantissa, exponent) = text.IndexOfAny(['e', 'E']) is >= 0 and var e
            ? (text[..e], int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : (text, 0);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        var unscaled = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (scale is < 0 and > -DecimalType.MaxPrecision) (unscaled, scale) = (unscaled * BigInteger.Pow(10, -scale), 0);
        if (scale is < 0 or > DecimalType.MaxPrecision || BigInteger.Abs(unscaled) >= BigInteger.Pow(10, DecimalType.MaxPrecision))
            return Fail(BindingErrors.NumberOutOfRange(span, text, $"DECIMAL({DecimalType.MaxPrecision}, s)"));
        return new Literal((Int128)unscaled, DecimalRules.OfLiteral(unscaled, scale), span);
    }

    private Expr BindTyped(TypedLiteralSyntax syntax)
    {
        var bytes = Encoding.UTF8.GetBytes(syntax.Value.Trim());
        switch (syntax.Type)
        {
            case "DATE":
                return DateTimeText.TryDate(bytes, out var days)
                    ? new Literal(days, DataType.Date, syntax.Span) : Bad("DATE", "DATE'2024-01-31'");
            case "TIMESTAMP" or "TIMESTAMP_LTZ":
                return DateTimeText.TryTimestamp(bytes, query.Zone, out var micros)
                    ? new Literal(micros, DataType.Timestamp, syntax.Span) : Bad("TIMESTAMP", "TIMESTAMP'2024-01-31 13:45:00'");
            case "TIMESTAMP_NTZ":
                return DateTimeText.TryTimestamp(bytes, null, out var local)
                    ? new Literal(local, DataType.TimestampNtz, syntax.Span) : Bad("TIMESTAMP_NTZ", "TIMESTAMP_NTZ'2024-01-31 13:45:00'");
            case "X":
                var hex = syntax.Value.Length % 2 == 0 ? syntax.Value : "0" + syntax.Value;
                return hex.All(char.IsAsciiHexDigit)
                    ? new Literal(Convert.FromHexString(hex), DataType.Binary, syntax.Span) : Bad("BINARY", "X'1F00'");
            default:
                return NotSupported(syntax.Span, $"A literal of type {syntax.Type}");
        }

        ErrorExpr Bad(string type, string form) => Fail(BindingErrors.BadLiteral(syntax.Span, type, syntax.Value, form));
    }

    private Expr BindParameter(ParameterSyntax syntax)
    {
        if (syntax.Name is null) return NotSupported(syntax.Span, "A parameter without a name", "Write :name.");
        return query.File.Settings.TryGetValue(syntax.Name, out var value)
            ? new Literal(value, DataType.String, syntax.Span)
            : Fail(BindingErrors.UnknownParameter(syntax.Span, syntax.Name));
    }
}
