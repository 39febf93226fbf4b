using System.Diagnostics;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Plans;

/// <summary>Prints a bound expression as SQL.</summary>
internal static class ExprText
{
    private static readonly HashSet<string> Infix = new(StringComparer.OrdinalIgnoreCase)
    {
        "+", "-", "*", "/", "%", "div", "=", "!=", "<>", "<", "<=", ">", ">=", "||", "&", "|", "^", "<<", ">>", ">>>", "like", "ilike", "rlike",
    };

    public static string Of(Expr expr) => expr switch
    {
        Literal l => OfLiteral(l),
        ColumnRef c => c.Column.Name,
        Call { Arguments.Length: 2 } c when Infix.Contains(c.Function.Name) =>
            $"{Inner(c.Arguments[0])} {c.Function.Name.ToUpperInvariant()} {Inner(c.Arguments[1])}",
        Call { Arguments.Length: 1, Function.Name: "-" or "+" or "~" } c => $"{c.Function.Name}{Inner(c.Arguments[0])}",
        Call c => $"{c.Function.Name}({string.Join(", ", c.Arguments)})",
        Cast c => $"{(c.Try ? "TRY_CAST" : "CAST")}({c.Input} AS {c.To})",
        Logic l => $"{Inner(l.Left, l.Op)} {(l.Op == LogicOp.And ? "AND" : "OR")} {Inner(l.Right, l.Op)}",
        Not { Input: IsNull n } => $"{Inner(n.Input)} IS NOT NULL",
        Not n => $"NOT {Inner(n.Input)}",
        IsNull n => $"{Inner(n.Input)} IS NULL",
        NullSafeEqual e => $"{Inner(e.Left)} <=> {Inner(e.Right)}",
        Case c => $"CASE {string.Concat(c.Branches.Select(b => $"WHEN {b.When} THEN {b.Then} "))}"
            + (c.Else is Literal { IsNull: true } ? "END" : $"ELSE {c.Else} END"),
        Coalesce c => $"coalesce({string.Join(", ", c.Arguments)})",
        InList i => $"{Inner(i.Input)} IN ({string.Join(", ", i.Items)})",
        GetField f => $"{Inner(f.Input)}.{f.Name}",
        RunConstant { Kind: RunConstantKind.CurrentTimestamp } => "current_timestamp()",
        RunConstant { Kind: RunConstantKind.CurrentDate } => "current_date()",
        RunConstant => "current_timezone()",
        ScalarSubquery => "(subquery)",
        SubqueryTest { IsExists: true } => "EXISTS (subquery)",
        SubqueryTest { Inputs: [var input] } => $"{Inner(input)} IN (subquery)",
        SubqueryTest t => $"({string.Join(", ", t.Inputs)}) IN (subquery)",
        Lambda { Parameters: [var parameter] } l => $"{parameter} -> {l.Body}",
        Lambda l => $"({string.Join(", ", l.Parameters)}) -> {l.Body}",
        LambdaVariable v => v.Parameter.Name,
        ErrorExpr => "<error>",
        _ => throw new UnreachableException(expr.GetType().Name),
    };

    /// <summary>A hint of a scan.</summary>
    /// <param name="hint">The hint.</param>
    /// <param name="type">Type of its column.</param>
    public static string Of(ColumnPredicate hint, DataType type) => hint.Comparison switch
    {
        ColumnComparison.IsNull => $"{hint.Column} IS NULL",
        ColumnComparison.IsNotNull => $"{hint.Column} IS NOT NULL",
        _ => $"{hint.Column} {Sign(hint.Comparison)} {OfValue(hint.Value, type)}",
    };

    private static string Sign(ColumnComparison comparison) => comparison switch
    {
        ColumnComparison.Equal => "=",
        ColumnComparison.Less => "<",
        ColumnComparison.LessOrEqual => "<=",
        ColumnComparison.Greater => ">",
        ColumnComparison.GreaterOrEqual => ">=",
        _ => throw new UnreachableException(comparison.ToString()),
    };

    private static string Inner(Expr expr, LogicOp? parent = null) => expr switch
    {
        Logic l when l.Op == parent => Of(l),
        Logic or Not or IsNull or InList or NullSafeEqual or SubqueryTest => $"({Of(expr)})",
        Call { Arguments.Length: 2 } c when Infix.Contains(c.Function.Name) && parent is null => $"({Of(expr)})",
        _ => Of(expr),
    };

    private static string OfLiteral(Literal literal) => OfValue(literal.Value, literal.Type);

    private static string OfValue(object? value, DataType type) => (value, type) switch
    {
        (null, _) => "NULL",
        (bool b, _) => b ? "TRUE" : "FALSE",
        (string s, _) => $"'{s.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'",
        (byte[] b, _) => $"X'{Convert.ToHexString(b)}'",
        (int days, DateType) => $"DATE'{DateText(days)}'",
        (long micros, TimestampType t) => $"{(t.Zoned ? "TIMESTAMP" : "TIMESTAMP_NTZ")}'{TimestampText(micros)}'",
        (int months, YearMonthIntervalType) => IntervalText.OfMonths(months),
        (long micros, DayTimeIntervalType) => IntervalText.OfDuration(micros),
        (Int128 unscaled, DecimalType d) => DecimalText(unscaled, d.Scale),
        (double d, _) => d.ToString("R", CultureInfo.InvariantCulture) is var text && text.All(c => c is '-' or (>= '0' and <= '9')) ? text + ".0D" : text + "D",
        (IFormattable f, Int64Type) => f.ToString(null, CultureInfo.InvariantCulture) + "L",
        (IFormattable f, _) => f.ToString(null, CultureInfo.InvariantCulture),
        (object?[] items, _) => $"[{string.Join(", ", items.Select(i => i ?? "NULL"))}]",
        _ => value.ToString() ?? "",
    };

    private static string DateText(int days) =>
        days is > -719162 and < 2932896 ? DateOnly.FromDayNumber(days + 719162).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : $"{days} days";

    private static string TimestampText(long micros) =>
        micros is > -62135596800000000 and < 253402300800000000
            ? DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)
            : $"{micros} µs";

    private static string DecimalText(Int128 unscaled, int scale)
    {
        if (scale == 0) return unscaled.ToString(CultureInfo.InvariantCulture);
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }
}
