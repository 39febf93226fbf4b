using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;

namespace Lakeflow.Runtime.Segments;

/// <summary>ORDER BY, LIMIT and OFFSET over gathered rows.</summary>
public static class SortedRows
{
    /// <param name="rows">The rows, with the order they are wanted in; empty afterwards.</param>
    /// <param name="offset">Rows to skip.</param>
    /// <param name="count">Rows to pass, or null for all.</param>
    /// <returns>The rows as a source, in order.</returns>
    public static IBatchSource Of(BatchBuffer rows, long offset, long? count)
    {
        if (rows.IsSpilled) return new OrderedSource(rows.Schema, Cut(rows.Order is null ? rows.Batches() : Merged(rows), offset, count));
        using var all = rows.Concat();
        rows.Dispose();
        var start = (int)Math.Min(offset, all.Length);
        var length = (int)Math.Min(count ?? all.Length, all.Length - start);
        return new BatchSource(rows.Order is null ? all.Slice(start, length) : Gather.Take(all, rows.Order.Of(all, rows.Stop).First(start + length).AsSpan(start)));
    }

    /// <summary>The rows of a buffer that has spilled, in its order.</summary>
    internal static IEnumerable<RecordBatch> Merged(BatchBuffer rows) => RunMerge.Rows(rows.Schema, rows.Order!, rows.Runs(), rows.Memory!);

    private static IEnumerable<RecordBatch> Cut(IEnumerable<RecordBatch> batches, long offset, long? count)
    {
        var left = count ?? long.MaxValue;
        foreach (var batch in batches)
        {
            using (batch)
            {
                var start = (int)Math.Min(offset, batch.Length);
                var length = (int)Math.Min(left, batch.Length - start);
                offset -= start;
                left -= length;
                if (length > 0) yield return batch.Slice(start, length);
            }

            if (left == 0) yield break;
        }
    }
}
