using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The build side of a hash join: all rows in one batch, found by key. Built by one thread, then probed by many.</summary>
/// <remarks>
/// Rows of one key form a chain in row order. A single integer key is looked up by direct index while its range is
/// modest; else by linear probing. A probe makes its key's texts in an arena of its own (<see cref="TextKeyArena"/>) and
/// drops them after the lookup.
/// </remarks>
public sealed class JoinTable<TKey> : IDisposable
    where TKey : unmanaged, IGroupKey<TKey>
{
    /// <summary>In <see cref="next"/>: the row has a NULL key and is in no chain.</summary>
    private const int Absent = -2;

    private readonly TKey[] keys;
    private readonly int[] next;
    private readonly int[] last;
    private readonly byte[] matched;
    private int[] slots;
    private OrdinalIndex direct = OrdinalIndex.Empty;
    private int distinct;

    /// <param name="rows">The build side; the table takes it over.</param>
    public JoinTable(RecordBatch rows)
    {
        Rows = rows;
        keys = new TKey[rows.Length];
        next = new int[rows.Length];
        Array.Fill(next, Absent);
        last = new int[rows.Length];
        matched = new byte[rows.Length];
        var size = 64;
        while (size < rows.Length * 2L) size = checked(size * 2);
        slots = TKey.HasOrdinal ? [] : new int[size];
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
        keys[row] = key;
        next[row] = -1;
        last[row] = row;
        var first = FirstOrAdd(key, row);
        if (first == row)
        {
            Texts.Keep();
            distinct++;
            return;
        }

        Texts.Drop();
        next[last[first]] = row;
        last[first] = row;
    }

    /// <summary>The first row with a key, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int First(in TKey key)
    {
        if (TKey.HasOrdinal && !direct.IsOff) return direct.Find(TKey.Ordinal(key));
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

    private int FirstOrAdd(in TKey key, int row)
    {
        if (TKey.HasOrdinal && !direct.IsOff)
        {
            var ordinal = TKey.Ordinal(key);
            var found = direct.Find(ordinal);
            if (found >= 0) return found;
            if (direct.Add(ordinal, row, distinct + 1)) return row;
            Rehash(row);
        }

        var mask = (uint)slots.Length - 1;
        var at = (uint)TKey.Hash(key) & mask;
        while (true)
        {
            var other = slots[at] - 1;
            if (other < 0)
            {
                slots[at] = row + 1;
                return row;
            }

            if (TKey.Equal(keys[other], key)) return other;
            at = (at + 1) & mask;
        }
    }

    /// <summary>The integer keys lie too far apart: the chains' heads before <paramref name="end"/> go into the hash slots.</summary>
    private void Rehash(int end)
    {
        var size = 64;
        while (size < Rows.Length * 2L) size = checked(size * 2);
        slots = new int[size];
        var mask = (uint)size - 1;
        var inChain = new bool[end];
        for (var row = 0; row < end; row++)
        {
            if (inChain[row] || next[row] == Absent) continue;
            for (var r = next[row]; r >= 0 && r < end; r = next[r]) inChain[r] = true;
            var at = (uint)TKey.Hash(keys[row]) & mask;
            while (slots[at] != 0) at = (at + 1) & mask;
            slots[at] = row + 1;
        }
    }
}
