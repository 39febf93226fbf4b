using System.Globalization;
using System.Numerics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Oracle;

/// <summary>Aggregates over a list of rows, by their definitions.</summary>
internal sealed class AggregateEvaluator(Evaluator evaluator)
{
    public object? Value(AggregateCall call, IEnumerable<Row> rows)
    {
        var tuples = rows.Where(row => evaluator.IsTrue(call.Filter, row))
            .Select(row => call.Arguments.Select(a => evaluator.Value(a, row)).ToArray());
        if (call.Distinct) tuples = tuples.Where(t => Array.TrueForAll(t, v => v is not null)).DistinctBy(t => (object?)t, BoxedValues.Instance!);
        return Value(call.Function.Name, [.. tuples], [.. call.Arguments.Select(a => a.Type)], call.Type);
    }

    /// <summary>An aggregate of argument tuples.</summary>
    public static object? Value(string name, List<object?[]> tuples, DataType[] types, DataType type)
    {
        if (name == "count") return (long)tuples.Count(t => Array.TrueForAll(t, v => v is not null));
        var values = tuples.Select(t => t[0]).Where(v => v is not null).Select(v => v!).ToList();
        switch (name)
        {
            case "sum": return Sum(values, types[0], type);
            case "avg": return Average(values, types[0], type);
            case "min": return values.Count == 0 ? null : values.Aggregate((a, b) => BoxedValues.Compare(a, b) <= 0 ? a : b);
            case "max": return values.Count == 0 ? null : values.Aggregate((a, b) => BoxedValues.Compare(a, b) >= 0 ? a : b);
            case "any_value" or "first" or "first_value": return tuples.Count == 0 ? null : tuples[0][0];
            case "last" or "last_value": return tuples.Count == 0 ? null : tuples[^1][0];
            case "count_if": return values.LongCount(v => v is true);
            case "bool_and": return values.Count == 0 ? null : values.TrueForAll(v => v is true);
            case "bool_or": return values.Count == 0 ? null : values.Exists(v => v is true);
            case "collect_list": return values.ToArray<object?>();
            case "collect_set": return values.Distinct(BoxedValues.Instance!).ToArray();
            case "stddev_samp": return Variance(values, types[0], 1) is { } v1 ? Math.Sqrt(v1) : null;
            case "stddev_pop": return Variance(values, types[0], 0) is { } v0 ? Math.Sqrt(v0) : null;
            case "var_samp": return Variance(values, types[0], 1);
            case "var_pop": return Variance(values, types[0], 0);
            case "skewness": return Moment(values, types[0], 3);
            case "kurtosis": return Moment(values, types[0], 4) - 3;
            case "min_by" or "max_by":
                var by = tuples.Where(t => t[1] is not null).ToList();
                if (by.Count == 0) return null;
                var sign = name == "min_by" ? 1 : -1;
                return by.Aggregate((a, b) => BoxedValues.Compare(a[1], b[1]) * sign <= 0 ? a : b)[0];
            default: throw new NotSupportedByOracleException(name);
        }
    }

    private static object? Sum(List<object> values, DataType from, DataType type)
    {
        if (values.Count == 0) return null;
        if (type is DoubleType) return values.Sum(v => Number(v, from));
        var total = values.Aggregate(BigInteger.Zero, (sum, v) => sum + Whole(v));
        if (type is DecimalType d)
        {
            return BigInteger.Abs(total) < BigInteger.Pow(10, d.Precision) ? (Int128)total : throw Overflow();
        }

        return total >= long.MinValue && total <= long.MaxValue ? (long)total : throw Overflow();
    }

    private static object? Average(List<object> values, DataType from, DataType type)
    {
        if (values.Count == 0) return null;
        if (type is not DecimalType to) return values.Sum(v => Number(v, from)) / values.Count;
        var total = values.Aggregate(BigInteger.Zero, (sum, v) => sum + Whole(v)) * BigInteger.Pow(10, to.Scale - ((DecimalType)from).Scale);
        var quotient = BigInteger.DivRem(total, values.Count, out var rest);
        if (BigInteger.Abs(rest) * 2 >= values.Count) quotient += total.Sign;
        return (Int128)quotient;
    }

    private static double? Variance(List<object> values, DataType from, int less)
    {
        if (values.Count <= less) return null;
        var mean = values.Average(v => Number(v, from));
        return values.Sum(v => (Number(v, from) - mean) * (Number(v, from) - mean)) / (values.Count - less);
    }

    /// <summary>The mean power of the distances from the mean, in standard deviations.</summary>
    private static double? Moment(List<object> values, DataType from, int power)
    {
        if (values.Count == 0) return null;
        var mean = values.Average(v => Number(v, from));
        var deviation = Math.Sqrt(Variance(values, from, 0)!.Value);
        return deviation == 0 ? null : values.Average(v => Math.Pow((Number(v, from) - mean) / deviation, power));
    }

    private static double Number(object value, DataType type) => type is DecimalType d
        ? (double)(Int128)value / Math.Pow(10, d.Scale)
        : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static BigInteger Whole(object value) => value is Int128 wide ? wide : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static RuntimeError Overflow() => new("LF5002", "overflow in a sum", errorClass: "ARITHMETIC_OVERFLOW");
}
