using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;

namespace Lakeflow.Runtime.Segments;

/// <summary>Columns that window functions take from other rows.</summary>
public static class WindowColumns
{
    /// <summary><c>lead</c> (distance &gt; 0) and <c>lag</c> (&lt; 0).</summary>
    /// <param name="layout">The sorted rows.</param>
    /// <param name="values">The column, in the sorted order.</param>
    /// <param name="distance">Rows ahead.</param>
    /// <param name="ignoreNulls">True: only rows where the value is not NULL count.</param>
    /// <param name="otherwise">What stands in for a row outside the partition: a column, or null for NULL.</param>
    public static ArrowArray Offset(WindowLayout layout, ArrowArray values, int distance, bool ignoreNulls, ArrowArray? otherwise)
    {
        var rows = ignoreNulls && distance != 0 ? layout.OffsetOfValues(values, distance) : layout.Offset(distance);
        if (otherwise is null) return Gather.Take(values, rows);
        var builder = ArrayBuilder.Create(values.Type, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 0) builder.AppendFrom(values, rows[i]);
            else builder.AppendFrom(otherwise, i);
        }

        return builder.Build();
    }

    /// <summary>A column of one value.</summary>
    public static ArrowArray Constant(DataType type, object? value, int rows)
    {
        var builder = ArrayBuilder.Create(type, rows);
        for (var i = 0; i < rows; i++) builder.AppendValue(value);
        return builder.Build();
    }
}
