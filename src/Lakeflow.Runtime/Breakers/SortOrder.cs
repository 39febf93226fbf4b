using System.Diagnostics;
using System.Numerics;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Breakers;

/// <summary>How one key column orders rows.</summary>
public readonly record struct SortDirection(bool Descending, bool NullsFirst);

/// <summary>Orders rows by key columns. Stable: equal rows keep their order.</summary>
/// <remarks>
/// Each key becomes an unsigned integer that orders as the values do (a text gives its first 8 bytes, a wide decimal what 64 bits hold of it), so most
/// comparisons look at one word. Order of values: Spark's (NaN above all, −0.0 = 0.0, text by bytes, nested field by field).
/// </remarks>
public sealed class SortOrder
{
    /// <summary>A power of two. So many comparisons take some milliseconds.</summary>
    private const int ComparisonsBetweenLooks = 1 << 16;

    private readonly Key[] keys;
    private readonly int rows;
    private readonly CancellationToken stop;

    /// <param name="columns">The key columns, all of one length.</param>
    /// <param name="directions">One per column.</param>
    /// <param name="stop">Ends a sort in its midst.</param>
    public SortOrder(IReadOnlyList<ArrowArray> columns, IReadOnlyList<SortDirection> directions, CancellationToken stop = default)
    {
        this.stop = stop;
        rows = columns.Count == 0 ? 0 : columns[0].Length;
        keys = [.. columns.Select((c, i) => new Key(c, directions[i]))];
    }

    /// <summary>The row numbers in order.</summary>
    public int[] Rows()
    {
        var order = new int[rows];
        for (var i = 0; i < rows; i++) order[i] = i;
        Sort(order);
        return order;
    }

    /// <summary>The numbers of the first <paramref name="count"/> rows, or of all if there are fewer, in order. If they are few, the others are only compared with the last of them.</summary>
    public int[] First(int count)
    {
        if (count >= rows / 4) return Rows()[..Math.Min(count, rows)];
        if (count == 0) return [];
        var best = new int[count * 2];
        var (n, last) = (0, -1);
        for (var row = 0; row < rows; row++)
        {
            // Of equal rows the first ones stay.
            if (last >= 0 && Compare(last, row) <= 0) continue;
            best[n++] = row;
            if (n < best.Length) continue;
            Sort(best);
            (n, last) = (count, best[count - 1]);
        }

        Sort(best.AsSpan(0, n));
        return best[..count];
    }

    private void Sort(Span<int> order)
    {
        var comparisons = 0;
        try
        {
            order.Sort((a, b) =>
            {
                if ((++comparisons & (ComparisonsBetweenLooks - 1)) == 0) stop.ThrowIfCancellationRequested();
                return Compare(a, b) is var c && c != 0 ? c : a.CompareTo(b);
            });
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is OperationCanceledException)
        {
            // Sorting wraps whatever a comparison throws.
            throw new OperationCanceledException(stop);
        }
    }

    /// <summary>Negative if row a comes before row b, 0 if they are equal in all keys.</summary>
    public int Compare(int a, int b)
    {
        foreach (var key in keys)
        {
            var c = key.Compare(a, b);
            if (c != 0) return c;
        }

        return 0;
    }

    /// <summary>As <see cref="Compare(int, int)"/>, for a row of other columns with the same keys and directions.</summary>
    public int Compare(int row, SortOrder other, int otherRow)
    {
        for (var k = 0; k < keys.Length; k++)
        {
            var c = keys[k].Compare(row, other.keys[k], otherRow);
            if (c != 0) return c;
        }

        return 0;
    }

    /// <summary>True if rows a and b are equal in the first <paramref name="columns"/> keys; NULLs are equal.</summary>
    public bool Same(int a, int b, int columns)
    {
        for (var k = 0; k < columns; k++)
        {
            if (keys[k].Compare(a, b) != 0) return false;
        }

        return true;
    }

    /// <summary>By row a number that orders as the rows do, where that is all there is to them: one column without NULLs, ascending; else null.</summary>
    internal ulong[]? Words => keys is [var only] ? only.All : null;

    /// <summary>For each row a number that orders as the values do; if there is more to a value than that, equal numbers say nothing.</summary>
    internal static (ulong[] Words, bool HasMore) WordsOf(ArrowArray column) => Key.Words(column);

    private sealed class Key
    {
        private readonly ArrowArray column;
        private readonly SortDirection direction;
        private readonly ulong[] words;
        private readonly bool hasMore;

        public Key(ArrowArray column, SortDirection direction)
        {
            this.column = column;
            this.direction = direction;
            (words, hasMore) = Words(column);
        }

        public ulong[]? All => hasMore || column.NullCount > 0 || direction.Descending ? null : words;

        public int Compare(int a, int b)
        {
            if (column.NullCount > 0)
            {
                var (na, nb) = (column.IsNull(a), column.IsNull(b));
                if (na || nb) return na == nb ? 0 : na == direction.NullsFirst ? -1 : 1;
            }

            var c = words[a].CompareTo(words[b]);
            if (c == 0 && hasMore) c = Rest(a, b);
            return direction.Descending ? -c : c;
        }

        public int Compare(int a, Key other, int b)
        {
            var (na, nb) = (column.IsNull(a), other.column.IsNull(b));
            if (na || nb) return na == nb ? 0 : na == direction.NullsFirst ? -1 : 1;
            var c = words[a].CompareTo(other.words[b]);
            if (c == 0 && hasMore) c = Rest(a, other.column, b);
            return direction.Descending ? -c : c;
        }

        private int Rest(int a, int b) => Rest(a, column, b);

        private int Rest(int a, ArrowArray other, int b)
        {
            if (column.Type is StringType or BinaryType) return TextColumn.Of(column)[a].CompareTo(TextColumn.Of(other)[b]);
            if (column is PrimitiveArray<Int128> wide && other is PrimitiveArray<Int128> otherWide) return wide.Values[a].CompareTo(otherWide.Values[b]);
            return BoxedValues.Compare(column.GetValue(a), other.GetValue(b));
        }

        public static (ulong[] Words, bool HasMore) Words(ArrowArray column)
        {
            var words = column is NullArray or StructArray or ListArray ? new ulong[column.Length] : GC.AllocateUninitializedArray<ulong>(column.Length);
            if (column is DictionaryArray encoded && column.Type is not (StringType or BinaryType)) column = encoded.Decode();
            switch (column)
            {
                case PrimitiveArray<sbyte> c: Fill(words, c.Values, v => Flip(v)); return (words, false);
                case PrimitiveArray<short> c: Fill(words, c.Values, v => Flip(v)); return (words, false);
                case PrimitiveArray<int> c: Fill(words, c.Values, v => Flip(v)); return (words, false);
                case PrimitiveArray<long> c:
                    FlipAll(c.Values, words);
                    return (words, false);
                case PrimitiveArray<float> c: Fill(words, c.Values, v => OfDouble(v)); return (words, false);
                case PrimitiveArray<double> c: Fill(words, c.Values, v => OfDouble(v)); return (words, false);
                case PrimitiveArray<Int128> c: return (words, FillClipped(words, c.Values));
                case BooleanArray c:
                    for (var i = 0; i < words.Length; i++) words[i] = c[i] ? 1UL : 0;
                    return (words, false);
                case NullArray: return (words, false);
                case var text when text.Type is StringType or BinaryType:
                    var texts = TextColumn.Of(text);
                    for (var i = 0; i < words.Length; i++) words[i] = text.IsValid(i) ? Head(texts[i]) : 0;
                    return (words, true);
                case StructArray or ListArray: return (words, true);
                default: throw new UnreachableException(column.GetType().Name);
            }
        }

        private static void Fill<T>(ulong[] words, ReadOnlySpan<T> values, Func<T, ulong> map)
        {
            for (var i = 0; i < words.Length; i++) words[i] = map(values[i]);
        }

        /// <summary>Values that 64 bits do not hold become the nearest end, and then there is more to them: sums hardly ever get there.</summary>
        private static bool FillClipped(ulong[] words, ReadOnlySpan<Int128> values)
        {
            var clipped = false;
            for (var i = 0; i < words.Length; i++)
            {
                var near = (long)Int128.Clamp(values[i], long.MinValue, long.MaxValue);
                clipped |= near is long.MinValue or long.MaxValue;
                words[i] = Flip(near);
            }

            return clipped;
        }

        private static void FlipAll(ReadOnlySpan<long> values, Span<ulong> words)
        {
            var i = 0;
            var sign = new Vector<long>(long.MinValue);
            for (; i <= words.Length - Vector<long>.Count; i += Vector<long>.Count)
                Vector.AsVectorUInt64(new Vector<long>(values[i..]) ^ sign).CopyTo(words[i..]);
            for (; i < words.Length; i++) words[i] = Flip(values[i]);
        }

        private static ulong Flip(long value) => (ulong)value ^ (1UL << 63);

        private static ulong OfDouble(double value)
        {
            if (double.IsNaN(value)) return ulong.MaxValue;
            var bits = BitConverter.DoubleToInt64Bits(value + 0.0);
            return bits < 0 ? ~(ulong)bits : (ulong)bits | (1UL << 63);
        }

        private static ulong Head(Utf8 text)
        {
            var bytes = text.Bytes;
            if (bytes.Length >= 8) return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
            ulong head = 0;
            foreach (var b in bytes) head = (head << 8) | b;
            return head << (8 * (8 - bytes.Length));
        }
    }
}
