using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;

namespace Lakeflow.Runtime.Segments;

/// <summary>ORDER BY, LIMIT and OFFSET over gathered rows.</summary>
public static class SortedRows
{
    /// <param name="rows">The rows; empty afterwards.</param>
    /// <param name="keys">Ordinals of the key columns; none keeps the input's order.</param>
    /// <param name="directions">One per key.</param>
    /// <param name="offset">Rows to skip.</param>
    /// <param name="count">Rows to pass, or null for all.</param>
    /// <returns>The rows as a source, in order.</returns>
    public static IBatchSource Of(BatchBuffer rows, ReadOnlySpan<int> keys, SortDirection[] directions, long offset, long? count)
    {
        using var all = rows.Concat();
        rows.Dispose();
        var start = (int)Math.Min(offset, all.Length);
        var length = (int)Math.Min(count ?? all.Length, all.Length - start);
        if (keys.IsEmpty) return new BatchSource(all.Slice(start, length));
        var columns = new List<ArrowArray>();
        foreach (var key in keys) columns.Add(all.Columns[key]);
        return new BatchSource(Gather.Take(all, new SortOrder(columns, directions).Rows().AsSpan(start, length)));
    }
}
