using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The build side of a hash join: all rows in one batch, found by key. Built by one thread, then probed by many.</summary>
/// <remarks>
/// Rows of one key form a chain in row order. All keys are put in before the first is looked for (<see cref="Seal"/>), so it is known
/// how a single integer key is found best: by direct index where the keys lie close together, else by linear probing, behind
/// one bit for each number of their range where that is not too wide: most rows that match nothing are turned away there. A probe
/// makes its key's texts in an arena of its own (<see cref="TextKeyArena"/>) and drops them after the lookup.
/// </remarks>
public sealed class JoinTable<TKey> : IDisposable
    where TKey : unmanaged, IGroupKey<TKey>
{
    /// <summary>In <see cref="next"/>: the row has a NULL key and is in no chain.</summary>
    private const int Absent = -2;

    /// <summary>Numbers per key up to which a direct index pays; a range of this many times 4,096 is small for any number of keys.</summary>
    private const int Dense = 16;

    /// <summary>Numbers per key up to which their bits take no more room than the keys.</summary>
    private const int Sparse = 512;

    private readonly TKey[] keys;
    private readonly int[] next;
    private readonly byte[] matched;
    private int[] slots = [];
    private int[] heads = [];
    private ulong[] bits = [];
    private long least;
    private ulong range;

    /// <param name="rows">The build side; the table takes it over.</param>
    public JoinTable(RecordBatch rows)
    {
        Rows = rows;
        keys = new TKey[rows.Length];
        next = new int[rows.Length];
        Array.Fill(next, Absent);
        matched = new byte[rows.Length];
    }

    /// <summary>The build side's columns.</summary>
    public RecordBatch Rows { get; }

    /// <summary>Makes the text parts of keys to <see cref="Add"/>.</summary>
    public TextKeyArena Texts { get; } = new();

    /// <summary>True once a row with a NULL key was seen; for <c>NOT IN</c>.</summary>
    public bool HasNullKey { get; set; }

    /// <summary>Puts row <paramref name="row"/> in, behind the rows of the same key. Rows with a NULL key are not put in.</summary>
    public void Add(in TKey key, int row)
    {
        Texts.Keep();
        keys[row] = key;
        next[row] = -1;
    }

    /// <summary>Makes the rows that were put in findable: once, after the last.</summary>
    public void Seal()
    {
        var count = 0;
        var (low, high) = (long.MaxValue, long.MinValue);
        for (var row = 0; row < keys.Length; row++)
        {
            if (next[row] == Absent) continue;
            count++;
            if (!TKey.HasOrdinal) continue;
            var ordinal = TKey.Ordinal(keys[row]);
            low = Math.Min(low, ordinal);
            high = Math.Max(high, ordinal);
        }

        // NULL has no place on the number line: it counts as the least BIGINT, and both are looked up by hash.
        if (TKey.HasOrdinal && count > 0 && low != long.MinValue)
        {
            var width = (ulong)(high - low);
            var most = (ulong)Math.Max(count, 4096);
            least = low;
            if (width < Math.Min(most * Dense, 1UL << 30)) heads = new int[width + 1];
            else if (width < Math.Min(most * Sparse, 1UL << 36)) bits = new ulong[(width >> 6) + 1];
            range = heads.Length > 0 || bits.Length > 0 ? width + 1 : 0;
        }

        if (heads.Length == 0)
        {
            var size = 64;
            while (size < count * 2L) size = checked(size * 2);
            slots = new int[size];
        }

        // From the last row to the first: each row is put before the chain of its key.
        for (var row = keys.Length - 1; row >= 0; row--)
        {
            if (next[row] != Absent) Link(row);
        }
    }

    /// <summary>The first row with a key, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int First(in TKey key)
    {
        if (TKey.HasOrdinal && range > 0)
        {
            var at = (ulong)(TKey.Ordinal(key) - least);
            if (at >= range) return -1;
            if (at < (ulong)heads.Length) return heads[at] - 1;
            if ((bits[at >> 6] & (1UL << (int)at)) == 0) return -1;
        }

        return Probe(key);
    }

    /// <summary>The next row with the same key, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int row) => next[row];

    /// <summary>Notes that a row found a partner, for right and full joins. Any worker may do so at any time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Mark(int row) => matched[row] = 1;

    /// <summary>The rows that were never marked, in order.</summary>
    public int[] Unmatched() => [.. Enumerable.Range(0, Rows.Length).Where(row => matched[row] == 0)];

    public void Dispose() => Rows.Dispose();

    private int Probe(in TKey key)
    {
        var mask = (uint)slots.Length - 1;
        var at = (uint)TKey.Hash(key) & mask;
        while (true)
        {
            var row = slots[at] - 1;
            if (row < 0 || TKey.Equal(keys[row], key)) return row;
            at = (at + 1) & mask;
        }
    }

    private void Link(int row)
    {
        var at = TKey.HasOrdinal ? (ulong)(TKey.Ordinal(keys[row]) - least) : 0;
        if (heads.Length > 0)
        {
            next[row] = heads[at] - 1;
            heads[at] = row + 1;
            return;
        }

        if (bits.Length > 0) bits[at >> 6] |= 1UL << (int)at;
        var mask = (uint)slots.Length - 1;
        var slot = (uint)TKey.Hash(keys[row]) & mask;
        while (slots[slot] != 0 && !TKey.Equal(keys[slots[slot] - 1], keys[row])) slot = (slot + 1) & mask;
        next[row] = slots[slot] - 1;
        slots[slot] = row + 1;
    }
}
