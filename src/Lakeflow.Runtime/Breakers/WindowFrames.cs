using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The frame of each row of a <see cref="WindowLayout"/>: the rows around it that a window function sees.</summary>
/// <remarks>Within a partition neither end ever moves back from one row to the next.</remarks>
public sealed class WindowFrames
{
    private readonly WindowLayout layout;
    private readonly bool byRows;
    private readonly long? start;
    private readonly long? end;
    private readonly int[]? from;
    private readonly int[]? to;

    /// <param name="layout">The rows.</param>
    /// <param name="byRows">ROWS: distances count rows. RANGE: 0 means the peers.</param>
    /// <param name="start">Distance of the first row, negative before; null = unbounded.</param>
    /// <param name="end">Distance of the last row, inclusive; null = unbounded.</param>
    public WindowFrames(WindowLayout layout, bool byRows, long? start, long? end)
    {
        (this.layout, this.byRows, this.start, this.end) = (layout, byRows, start, end);
    }

    /// <summary>RANGE by a distance of the one order key.</summary>
    /// <param name="layout">The rows.</param>
    /// <param name="keys">The order key.</param>
    /// <param name="least">For each row the first key of its frame, of the type of <paramref name="keys"/>; null = unbounded.</param>
    /// <param name="last">For each row the last key of its frame; null = unbounded.</param>
    /// <param name="descending">The order of the keys. Rows whose key is NULL have each other as bounds.</param>
    public WindowFrames(WindowLayout layout, ArrowArray keys, ArrowArray? least, ArrowArray? last, bool descending)
    {
        this.layout = layout;
        var order = new BoundOrder(keys, descending);
        from = least is null ? null : order.Places(layout, least, after: false);
        to = last is null ? null : order.Places(layout, last, after: true);
    }

    /// <summary>The first row of a row's frame, and the row after its last; empty if equal.</summary>
    public (int From, int To) Of(int row)
    {
        var (first, after) = (layout.PartitionStart[row], layout.PartitionEnd[row]);
        if (from is not null || to is not null)
        {
            var least = from?[row] ?? first;
            return (least, Math.Max(least, to?[row] ?? after));
        }

        var at = start is null ? first : byRows ? Clamp(row + start.Value, first, after) : layout.PeerStart[row];
        var stop = end is null ? after : byRows ? Clamp(row + end.Value + 1, first, after) : layout.PeerEnd[row];
        return (at, Math.Max(at, stop));
    }

    private static int Clamp(long at, int first, int after) => (int)Math.Clamp(at, first, after);

    /// <summary>Finds a key's place among the sorted keys of a partition.</summary>
    private sealed class BoundOrder(ArrowArray keys, bool descending)
    {
        private readonly (ulong[] Words, bool HasMore) sorted = SortOrder.WordsOf(keys);

        /// <summary>For each row where its bound stands: the first row that is not before it or, with <paramref name="after"/>, the first behind it.</summary>
        public int[] Places(WindowLayout layout, ArrowArray bounds, bool after)
        {
            var words = SortOrder.WordsOf(bounds).Words;
            var places = new int[layout.Rows];
            for (var row = 0; row < places.Length; row++)
            {
                if (keys.IsNull(row))
                {
                    places[row] = after ? layout.PeerEnd[row] : layout.PeerStart[row];
                    continue;
                }

                var (low, high) = (layout.PartitionStart[row], layout.PartitionEnd[row]);
                if (keys.IsNull(low)) low = layout.PeerEnd[low];
                if (keys.IsNull(high - 1)) high = layout.PeerStart[high - 1];
                while (low < high)
                {
                    var middle = low + ((high - low) / 2);
                    var c = Compare(middle, bounds, words, row);
                    if (after ? c <= 0 : c < 0) low = middle + 1;
                    else high = middle;
                }

                places[row] = low;
            }

            return places;
        }

        private int Compare(int key, ArrowArray bounds, ulong[] words, int bound)
        {
            var c = sorted.Words[key].CompareTo(words[bound]);
            if (c == 0 && sorted.HasMore) c = BoxedValues.Compare(keys.GetValue(key), bounds.GetValue(bound));
            return descending ? -c : c;
        }
    }
}
