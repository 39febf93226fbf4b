using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>Answers of subqueries that stand in expressions.</summary>
public static class Subqueries
{
    /// <summary>The row that holds the answer of <c>(SELECT …)</c>: 0, or −1 (NULL) if there is none.</summary>
    /// <exception cref="RuntimeError">LF5011: there are several rows.</exception>
    public static int Row(RecordBatch rows) => rows.Length switch
    {
        0 => -1,
        1 => 0,
        _ => throw new RuntimeError("LF5011", $"A subquery that stands for one value gave {rows.Length} rows.",
            "Aggregate it, or add LIMIT 1 with an ORDER BY.", "SCALAR_SUBQUERY_TOO_MANY_ROWS"),
    };
}

/// <summary>The values of the first column of a subquery's rows, for <c>x IN (SELECT …)</c>.</summary>
public sealed class ValueSet
{
    private readonly HashSet<object> values = new(ValueComparer.Instance);
    private readonly bool hasNull;

    public ValueSet(RecordBatch rows)
    {
        var column = rows.Columns[0];
        for (var i = 0; i < rows.Length; i++)
        {
            if (column.GetValue(i) is { } value) values.Add(value);
            else hasNull = true;
        }
    }

    /// <summary>TRUE if a value is among them; NULL if that cannot be told: the value is NULL, or it is not there and a NULL is.</summary>
    public bool? Test(object? value)
    {
        if (values.Count == 0 && !hasNull) return false;
        if (value is null) return null;
        return values.Contains(value) ? true : hasNull ? null : false;
    }
}

/// <summary>Equality of boxed values as GROUP BY sees it: NULL equals NULL, NaN equals NaN, −0.0 equals 0.0, nested values part by part.</summary>
public sealed class ValueComparer : IEqualityComparer<object?>
{
    public static readonly ValueComparer Instance = new();

    bool IEqualityComparer<object?>.Equals(object? x, object? y) => x is null || y is null ? x is null && y is null : BoxedValues.Compare(x, y) == 0;

    public int GetHashCode(object? value) => value switch
    {
        null => 0,
        double d => (double.IsNaN(d) ? double.NaN : d + 0.0).GetHashCode(),
        float f => (float.IsNaN(f) ? float.NaN : f + 0.0f).GetHashCode(),
        byte[] bytes => (int)HashKernels.XxHash64(bytes, 0),
        object?[] items => Hash(items),
        KeyValuePair<object, object?>[] pairs => pairs.Length,
        _ => value.GetHashCode(),
    };

    private int Hash(object?[] items)
    {
        var hash = items.Length;
        foreach (var item in items) hash = (hash * 31) + GetHashCode(item);
        return hash;
    }
}
