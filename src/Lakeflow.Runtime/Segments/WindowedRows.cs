using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Segments;

/// <summary>Window functions over gathered rows.</summary>
public static class WindowedRows
{
    /// <param name="schema">Of the rows with the columns.</param>
    /// <param name="rows">The rows, ordered by partition and within it; empty afterwards.</param>
    /// <param name="partitionKeys">How many of the order's keys make partitions.</param>
    /// <param name="compute">Computes the columns of whole partitions, in order or not, until it is stopped; the result is in order.</param>
    /// <returns>The rows with the columns as a source.</returns>
    /// <exception cref="Diagnostics.RuntimeError">LF5020: the rows are in files, and one partition is more than the whole budget; while they are read.</exception>
    public static IBatchSource Of(Schema schema, BatchBuffer rows, int partitionKeys, Func<RecordBatch, CancellationToken, RecordBatch> compute)
    {
        if (rows.IsSpilled) return new OrderedSource(schema, Cut(rows, partitionKeys, compute));
        using var all = rows.Concat();
        rows.Dispose();
        return new BatchSource(compute(all, rows.Stop));
    }

    /// <summary>Reads partitions in order, several at a time where they are small.</summary>
    private static IEnumerable<RecordBatch> Cut(BatchBuffer rows, int partitionKeys, Func<RecordBatch, CancellationToken, RecordBatch> compute)
    {
        var memory = rows.Memory!;
        using var share = memory.Open();
        share.Pin();
        var enough = memory.Budget.Bytes / 8;
        var gathered = new List<RecordBatch>();
        long bytes = 0;
        foreach (var batch in rows.Order is null ? rows.Batches() : SortedRows.Merged(rows))
        {
            gathered.Add(batch);
            bytes += BatchCodec.BytesOf(batch, new ArrowArray?[rows.Schema.Count]);
            share.Hold(bytes);
            if (bytes < enough) continue;
            using var all = Together(rows.Schema, gathered);
            var end = partitionKeys == 0 ? 0 : LastPartition(all, rows.Order!, partitionKeys);
            if (end == 0 && bytes > memory.Budget.Bytes) throw SpillErrors.TooLarge("The rows of one partition of a window", bytes, memory.Budget.Bytes, "PARTITION BY more columns");
            // A large partition is looked at again when it has doubled.
            enough = end == 0 ? bytes * 2 : memory.Budget.Bytes / 8;
            if (end > 0)
            {
                using (var whole = all.Slice(0, end)) yield return compute(whole, rows.Stop);
            }

            gathered.Add(all.Slice(end, all.Length - end));
            bytes = bytes * (all.Length - end) / all.Length;
        }

        if (gathered.Count == 0) yield break;
        using var last = Together(rows.Schema, gathered);
        if (last.Length > 0) yield return compute(last, rows.Stop);
    }

    private static RecordBatch Together(Schema schema, List<RecordBatch> gathered)
    {
        var all = Concatenate.Batches(schema, gathered);
        foreach (var batch in gathered) batch.Dispose();
        gathered.Clear();
        return all;
    }

    /// <summary>The first row of the last partition.</summary>
    private static int LastPartition(RecordBatch rows, RowOrder order, int partitionKeys)
    {
        var keys = order.Of(rows);
        var start = rows.Length - 1;
        while (start > 0 && keys.Same(start - 1, rows.Length - 1, partitionKeys)) start--;
        return start;
    }
}
