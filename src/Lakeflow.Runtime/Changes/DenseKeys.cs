using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Changes;

/// <summary>Keys of one integer column that lie close together, as most ids do: a bit for each number between the least and the greatest.</summary>
/// <remarks>
/// A key's number is its place in order. So what is written key by key lies in order of the keys, and a table that lies so is looked
/// through from one end of the bits to the other, where a hash table would be hit at random.
/// </remarks>
internal sealed class DenseKeys : IKeyNumbers
{
    private const int BitsAKey = 4096;

    /// <summary>Beyond what the processor keeps at hand, more than this many bits a key cost more than a hash table.</summary>
    private const int BitsAKeyOfMany = 64;

    private const long BitsAtHand = 1 << 24;

    private readonly long least;
    private readonly ulong[] bits;

    /// <summary>Keys in the words before.</summary>
    private readonly int[] before;

    private DenseKeys(ReadOnlySpan<ulong> keys, ArrowArray column, long least, long greatest)
    {
        this.least = least;
        bits = new ulong[((greatest - least) >> 6) + 1];
        before = new int[bits.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (column.NullCount > 0 && column.IsNull(i)) continue;
            var at = keys[i] - (ulong)least;
            bits[at >> 6] |= 1UL << (int)at;
        }

        for (var i = 0; i < bits.Length; i++)
        {
            before[i] = Count;
            Count += BitOperations.PopCount(bits[i]);
        }
    }

    public int Count { get; }

    /// <summary>The keys of some rows; null if they are no integers, or lie too far apart.</summary>
    /// <param name="columns">The key columns.</param>
    /// <param name="numbers">By row the number of its key; −1 for NULL.</param>
    public static DenseKeys? Of(ReadOnlySpan<ArrowArray> columns, out int[] numbers)
    {
        numbers = [];
        if (columns.Length != 1 || columns[0] is not (PrimitiveArray<sbyte> or PrimitiveArray<short> or PrimitiveArray<int> or PrimitiveArray<long>)) return null;
        var column = columns[0];
        var rented = ArrayPool<ulong>.Shared.Rent(column.Length);
        var dense = Of(column, rented.AsSpan(0, column.Length), out numbers);
        ArrayPool<ulong>.Shared.Return(rented);
        return dense;
    }

    private static DenseKeys? Of(ArrowArray column, Span<ulong> keys, out int[] numbers)
    {
        numbers = [];
        KeyBytes.Words(column, keys);
        var (least, greatest, count) = (long.MaxValue, long.MinValue, 0);
        for (var i = 0; i < keys.Length; i++)
        {
            if (column.NullCount > 0 && column.IsNull(i)) continue;
            least = Math.Min(least, (long)keys[i]);
            greatest = Math.Max(greatest, (long)keys[i]);
            count++;
        }

        if (count == 0 || (ulong)(greatest - least) >= (ulong)Math.Max((long)count * BitsAKeyOfMany, Math.Min(BitsAtHand, (long)count * BitsAKey))) return null;
        var dense = new DenseKeys(keys, column, least, greatest);
        numbers = GC.AllocateUninitializedArray<int>(keys.Length);
        for (var i = 0; i < keys.Length; i++) numbers[i] = column.NullCount > 0 && column.IsNull(i) ? -1 : dense.NumberOf(keys[i]);
        return dense;
    }

    public int Choose(ReadOnlySpan<ArrowArray> columns, bool[]? isWanted, int[] numbers, Span<int> chosen)
    {
        var column = columns[0];
        if (column is PrimitiveArray<long> { NullCount: 0 } longs && isWanted is null)
            return Choose(System.Runtime.InteropServices.MemoryMarshal.Cast<long, ulong>(longs.Values), numbers, chosen);

        var rented = ArrayPool<ulong>.Shared.Rent(column.Length);
        var keys = rented.AsSpan(0, column.Length);
        KeyBytes.Words(column, keys);
        var some = Choose(keys, numbers, chosen);
        ArrayPool<ulong>.Shared.Return(rented);
        var count = 0;
        foreach (var row in chosen[..some])
        {
            if ((column.NullCount == 0 || column.IsValid(row)) && isWanted?[numbers[row]] != false) chosen[count++] = row;
        }

        return count;
    }

    private int Choose(ReadOnlySpan<ulong> keys, int[] numbers, Span<int> chosen)
    {
        var (bits, least) = (this.bits, (ulong)this.least);
        var count = 0;
        // Without a branch on the outcome, which nobody could foretell.
        for (var i = 0; i < keys.Length; i++)
        {
            var at = keys[i] - least;
            var word = at >> 6;
            chosen[count] = i;
            count += word < (ulong)bits.Length ? (int)(bits[word] >> (int)at) & 1 : 0;
        }

        foreach (var row in chosen[..count]) numbers[row] = NumberOf(keys[row]);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NumberOf(ulong key)
    {
        var at = key - (ulong)least;
        return before[at >> 6] + BitOperations.PopCount(bits[at >> 6] & ((1UL << (int)at) - 1));
    }
}
