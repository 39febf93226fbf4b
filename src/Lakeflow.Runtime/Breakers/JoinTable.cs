using System.Runtime.CompilerServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The build side of a hash join: all rows in one batch, found by key. Built by one thread, then probed by many.</summary>
/// <remarks>
/// Rows of one key form a chain in row order. All keys are put in before the first is looked for (<see cref="Seal"/>), so it is known
/// how a single integer key is found best: by direct index where the keys lie close together, else by linear probing, behind
/// one bit for each number of their range where that is not too wide: most rows that match nothing are turned away there. A probe
/// makes its key's texts in an arena of its own (<see cref="TextKeyArena"/>) and drops them after the lookup.
/// <para>
/// A build side that was spilled is divided by the keys' hashes into parts, of which at most one is in memory. A row that looks for a key of
/// another part is set aside (<see cref="RowsAside"/>) and comes again, through the same segment, when that part is there.
/// </para>
/// </remarks>
public sealed class JoinTable<TKey> : IJoinTable, IDisposable
    where TKey : unmanaged, IGroupKey<TKey>
{
    /// <summary>In <see cref="next"/>: the row has a NULL key and is in no chain.</summary>
    private const int Absent = -2;

    /// <summary>Numbers per key up to which a direct index pays; a range of this many times 4,096 is small for any number of keys.</summary>
    private const int Dense = 16;

    /// <summary>Numbers per key up to which their bits take no more room than the keys.</summary>
    private const int Sparse = 512;

    private readonly List<RowsAside> asides = [];
    private TKey[] keys = [];
    private int[] next = [];
    private byte[] matched = [];
    private int[] slots = [];
    private int[] heads = [];
    private ulong[] bits = [];
    private long least;
    private ulong range;

    private MemoryShare? share;
    private TableParts<TKey>? parts;

    /// <summary>The part in memory; −1 if none is, and rows are set aside for all.</summary>
    private int part = -1;

    /// <param name="rows">The build side; the table takes it over.</param>
    public JoinTable(RecordBatch rows)
    {
        Rows = rows;
        Begin(rows);
    }

    /// <summary>The table of gathered rows, which it takes over.</summary>
    /// <param name="run">Whose memory it takes.</param>
    /// <param name="rows">The build side, in memory or spilled.</param>
    /// <param name="fill">Puts the keys of a table's rows in, and seals it.</param>
    public static JoinTable<TKey> Of(FlowRun run, BatchBuffer rows, Action<JoinTable<TKey>> fill)
    {
        JoinTable<TKey> table;
        if (rows.IsSpilled)
        {
            table = new JoinTable<TKey>(Concatenate.Batches(rows.Schema, [])) { parts = TableParts<TKey>.Divide(run.Memory, rows, fill) };
            table.HasNullKey = table.parts.HasNullKey;
        }
        else
        {
            table = new JoinTable<TKey>(rows.Concat());
            fill(table);
        }

        rows.Dispose();
        table.share = run.Memory.Open();
        table.share.Pin();
        table.share.Hold(table.Bytes);
        return table;
    }

    /// <summary>The build side's columns; of the part in memory, if it is divided.</summary>
    public RecordBatch Rows { get; private set; }

    /// <summary>True if the build side has rows, wherever they are.</summary>
    public bool HasRows => parts is not null || Rows.Length > 0;

    /// <summary>What a row with a NULL key finds: −1, nobody; but when it has come again, for one of its other keys, it has been dealt with.</summary>
    public int OfNull => part < 0 ? -1 : IJoinTable.Elsewhere;

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
        if (TKey.HasOrdinal && count > 0 && low != long.MinValue && parts is null)
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

    /// <summary>The first row with a key, or −1. For tables that are not divided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int First(in TKey key) => First(key, -1, null!);

    /// <summary>The first row with a key, −1 if there is none, or <see cref="IJoinTable.Elsewhere"/>: then the row that asks is to be forgotten for now.</summary>
    /// <param name="key">The key.</param>
    /// <param name="row">The row of the segment's batch that asks.</param>
    /// <param name="aside">Takes it if the key's part is still to come.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int First(in TKey key, int row, RowsAside aside)
    {
        // Each row may meet all rows of the other side: a stop does not wait for a whole batch of such.
        if ((row & 15) == 0) aside.HeedStop();
        if (TKey.HasOrdinal && range > 0)
        {
            var at = (ulong)(TKey.Ordinal(key) - least);
            if (at >= range) return -1;
            if (at < (ulong)heads.Length) return heads[at] - 1;
            if ((bits[at >> 6] & (1UL << (int)at)) == 0) return -1;
        }

        return Probe(key, row, aside);
    }

    /// <summary>The next row with the same key, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int row) => next[row];

    /// <summary>Notes that a row found a partner, for right and full joins. Any worker may do so at any time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Mark(int row) => matched[row] = 1;

    /// <summary>The rows that were never marked, in order.</summary>
    public int[] Unmatched() => [.. Enumerable.Range(0, Rows.Length).Where(row => matched[row] == 0)];

    /// <summary>The rows that were never marked, in order, as a source.</summary>
    public IBatchSource UnmatchedRows() => parts is null ? new BatchSource(Gather.Take(Rows, Unmatched())) : new OrderedSource(Rows.Schema, UnmatchedOfParts());

    /// <summary>Where a segment that probes puts the rows whose keys are elsewhere; one for each worker, in their order.</summary>
    public RowsAside Aside(FlowRun run)
    {
        var aside = new RowsAside(run.Memory, parts?.Count ?? 0, run.Stop);
        asides.Add(aside);
        return aside;
    }

    bool IJoinTable.IsDivided => parts is not null;

    int IJoinTable.Parts => parts!.Count;

    PartedRows?[] IJoinTable.TakeAside() => [.. asides.Select(a => a.Take())];

    void IJoinTable.Load(int wanted)
    {
        if (part == wanted) return;
        if (part >= 0) parts!.Matched[part] = matched.AsSpan().ContainsAnyExcept((byte)0) ? matched : null;
        part = wanted;
        Texts.Clear();
        Rows.Dispose();
        Rows = parts!.Read(part);
        Begin(Rows);
        if (part >= 0)
        {
            matched = parts.Matched[part] ?? matched;
            parts.Fill(this);
        }

        share!.Hold(Bytes);
    }

    public void Dispose()
    {
        Rows.Dispose();
        share?.Dispose();
    }

    /// <summary>For each row its part; of rows without a key the first.</summary>
    internal int[] PartsOf(int count)
    {
        var of = new int[keys.Length];
        for (var row = 0; row < of.Length; row++)
        {
            if (next[row] != Absent) of[row] = TableParts<TKey>.PartOf(TKey.Hash(keys[row]), count);
        }

        return of;
    }

    private long Bytes =>
        BatchCodec.BytesOf(Rows, new ArrowArray?[Rows.Columns.Length]) + ((long)keys.Length * (Unsafe.SizeOf<TKey>() + sizeof(int) + sizeof(byte)))
        + ((slots.Length + (long)heads.Length) * sizeof(int)) + (bits.Length * (long)sizeof(ulong)) + Texts.Bytes;

    private void Begin(RecordBatch rows)
    {
        keys = new TKey[rows.Length];
        next = new int[rows.Length];
        Array.Fill(next, Absent);
        matched = new byte[rows.Length];
    }

    private IEnumerable<RecordBatch> UnmatchedOfParts()
    {
        for (var p = 0; p < parts!.Count; p++)
        {
            ((IJoinTable)this).Load(p);
            yield return Gather.Take(Rows, Unmatched());
        }
    }

    private int Probe(in TKey key, int asking, RowsAside aside)
    {
        var hash = TKey.Hash(key);
        if (parts is not null && TableParts<TKey>.PartOf(hash, parts.Count) is var wanted && wanted != part)
        {
            if (part < 0) aside.Add(asking, wanted);
            return IJoinTable.Elsewhere;
        }

        var mask = (uint)slots.Length - 1;
        var at = (uint)hash & mask;
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
