using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Rows sorted by partition and order, cut into partitions and peers: what window functions are computed from.</summary>
/// <remarks>All positions are rows of the sorted batch. Peers are rows of a partition that are equal in the order's keys.</remarks>
public sealed class WindowLayout
{
    private readonly int[] partitionStart;
    private readonly int[] partitionEnd;
    private readonly int[] peerStart;
    private readonly int[] peerEnd;

    /// <param name="order">The sort by the partition's keys, then the order's keys.</param>
    /// <param name="sorted">The row numbers in order, from <see cref="SortOrder.Rows"/>.</param>
    /// <param name="partitionKeys">How many of the keys are the partition's.</param>
    /// <param name="allKeys">How many keys there are.</param>
    public WindowLayout(SortOrder order, int[] sorted, int partitionKeys, int allKeys)
    {
        Rows = sorted.Length;
        (partitionStart, partitionEnd) = Runs(order, sorted, partitionKeys);
        (peerStart, peerEnd) = Runs(order, sorted, allKeys);
    }

    /// <summary>One partition of all rows, no order: <c>OVER ()</c>.</summary>
    public WindowLayout(int rows)
    {
        Rows = rows;
        partitionStart = peerStart = new int[rows];
        partitionEnd = peerEnd = new int[rows];
        Array.Fill(partitionEnd, rows);
    }

    public int Rows { get; }

    /// <summary>For each row the first row of its partition.</summary>
    public ReadOnlySpan<int> PartitionStart => partitionStart;

    /// <summary>For each row the row after the last of its partition.</summary>
    public ReadOnlySpan<int> PartitionEnd => partitionEnd;

    /// <summary>For each row the first of its peers.</summary>
    public ReadOnlySpan<int> PeerStart => peerStart;

    /// <summary>For each row the row after the last of its peers.</summary>
    public ReadOnlySpan<int> PeerEnd => peerEnd;

    public ArrowArray RowNumber() => Ints(i => i - partitionStart[i] + 1);

    public ArrowArray Rank() => Ints(i => peerStart[i] - partitionStart[i] + 1);

    public ArrowArray DenseRank()
    {
        var rank = 0;
        return Ints(i =>
        {
            if (i == partitionStart[i]) rank = 0;
            if (i == peerStart[i]) rank++;
            return rank;
        });
    }

    /// <summary>(rank − 1) / (rows − 1); 0 in a partition of one row.</summary>
    public ArrowArray PercentRank() => Doubles(i =>
        partitionEnd[i] - partitionStart[i] == 1 ? 0 : (peerStart[i] - partitionStart[i]) / (double)(partitionEnd[i] - partitionStart[i] - 1));

    /// <summary>Rows up to the last peer / rows of the partition.</summary>
    public ArrowArray CumeDist() => Doubles(i => (peerEnd[i] - partitionStart[i]) / (double)(partitionEnd[i] - partitionStart[i]));

    /// <summary>The partition cut into <paramref name="buckets"/> of nearly equal size, the larger ones first; numbered from 1.</summary>
    public ArrowArray Ntile(int buckets) => Ints(i =>
    {
        var rows = partitionEnd[i] - partitionStart[i];
        var at = i - partitionStart[i];
        var (size, larger) = (rows / buckets, rows % buckets);
        var inLarger = larger * (size + 1);
        return at < inLarger ? (at / (size + 1)) + 1 : size == 0 ? at + 1 : larger + ((at - inLarger) / size) + 1;
    });

    /// <summary>For each row the row <paramref name="distance"/> further in its partition, −1 outside: <c>lead</c>; negative: <c>lag</c>.</summary>
    public int[] Offset(int distance)
    {
        var rows = new int[Rows];
        for (var i = 0; i < rows.Length; i++)
        {
            var at = (long)i + distance;
            rows[i] = at >= partitionStart[i] && at < partitionEnd[i] ? (int)at : -1;
        }

        return rows;
    }

    /// <summary>Like <see cref="Offset"/>, counting only rows where <paramref name="values"/> is not NULL: <c>IGNORE NULLS</c>.</summary>
    public int[] OffsetOfValues(ArrowArray values, int distance)
    {
        var rows = new int[Rows];
        var step = Math.Sign(distance);
        for (var i = 0; i < rows.Length; i++)
        {
            var left = Math.Abs(distance);
            var at = i;
            while (left > 0)
            {
                at += step;
                if (at < partitionStart[i] || at >= partitionEnd[i]) break;
                if (values.IsValid(at)) left--;
            }

            rows[i] = left == 0 && at >= partitionStart[i] && at < partitionEnd[i] ? at : -1;
        }

        return rows;
    }

    /// <summary>For each row the nth row (1-based) of its frame, −1 if there is none: <c>first_value</c>, <c>nth_value</c>; n = −1: the last.</summary>
    /// <param name="values">With <paramref name="ignoreNulls"/>: only rows where this is not NULL count.</param>
    public int[] NthOfFrame(ArrowArray values, int n, bool ignoreNulls, WindowFrames frames)
    {
        var rows = new int[Rows];
        for (var i = 0; i < rows.Length; i++)
        {
            var (from, to) = frames.Of(i);
            rows[i] = n < 0 ? Last(values, ignoreNulls, from, to) : Nth(values, n, ignoreNulls, from, to);
        }

        return rows;
    }

    private static int Nth(ArrowArray values, int n, bool ignoreNulls, int from, int to)
    {
        if (!ignoreNulls || values.NullCount == 0) return from + n - 1 < to ? from + n - 1 : -1;
        for (var at = from; at < to; at++)
        {
            if (values.IsValid(at) && --n == 0) return at;
        }

        return -1;
    }

    private static int Last(ArrowArray values, bool ignoreNulls, int from, int to)
    {
        if (!ignoreNulls || values.NullCount == 0) return to > from ? to - 1 : -1;
        for (var at = to - 1; at >= from; at--)
        {
            if (values.IsValid(at)) return at;
        }

        return -1;
    }

    private static (int[] Start, int[] End) Runs(SortOrder order, int[] sorted, int keys)
    {
        var start = new int[sorted.Length];
        var end = new int[sorted.Length];
        var from = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && !order.Same(sorted[i - 1], sorted[i], keys))
            {
                end.AsSpan(from, i - from).Fill(i);
                from = i;
            }

            start[i] = from;
        }

        end.AsSpan(from).Fill(sorted.Length);
        return (start, end);
    }

    private PrimitiveArray<int> Ints(Func<int, int> of)
    {
        var buffer = ArrowBuffer.Rent(Math.Max(1, Rows) * sizeof(int));
        var values = buffer.As<int>();
        for (var i = 0; i < Rows; i++) values[i] = of(i);
        return new PrimitiveArray<int>(DataType.Int32, Rows, buffer);
    }

    private PrimitiveArray<double> Doubles(Func<int, double> of)
    {
        var buffer = ArrowBuffer.Rent(Math.Max(1, Rows) * sizeof(double));
        var values = buffer.As<double>();
        for (var i = 0; i < Rows; i++) values[i] = of(i);
        return new PrimitiveArray<double>(DataType.Double, Rows, buffer);
    }
}
