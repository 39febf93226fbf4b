using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Reading;

/// <summary>Whether a column's statistics rule a predicate out.</summary>
internal static class Pruning
{
    public static bool RulesOut(ColumnStatistics statistics, DataType type, long rows, ColumnPredicate predicate)
    {
        var allNull = statistics.NullCount == rows;
        if (predicate.Comparison == ColumnComparison.IsNull) return statistics.NullCount == 0;
        if (allNull) return true;
        if (predicate.Comparison == ColumnComparison.IsNotNull || predicate.Value is not { } value || IsNaN(value)) return false;
        // NaN is greater than every number, and no bound counts it: nothing is known of what is above.
        var aboveUnknown = type is FloatType or DoubleType;
        var belowMin = Compare(value, statistics.Min);
        var aboveMax = Compare(value, statistics.Max);
        return predicate.Comparison switch
        {
            ColumnComparison.Equal => belowMin < 0 || aboveMax > 0,
            ColumnComparison.Less => belowMin <= 0,
            ColumnComparison.LessOrEqual => belowMin < 0,
            ColumnComparison.Greater => !aboveUnknown && aboveMax >= 0,
            ColumnComparison.GreaterOrEqual => !aboveUnknown && aboveMax > 0,
            _ => false,
        };
    }

    /// <summary>Order of a constant and a bound; null where it is not known.</summary>
    private static int? Compare(object value, object? bound) => (value, bound) switch
    {
        (_, null) => null,
        // Text is ordered by its UTF-8 bytes, which UTF-16 code units are not.
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (float a, float b) => a == b ? 0 : a.CompareTo(b),
        (double a, double b) => a == b ? 0 : a.CompareTo(b),
        (IComparable a, _) when a.GetType() == bound.GetType() => a.CompareTo(bound),
        _ => null,
    };

    private static bool IsNaN(object value) => value is float.NaN or double.NaN;
}
