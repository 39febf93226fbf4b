using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Gathers rows by key into states. Groups have dense ids, in order of appearance. One table per worker, merged at the end.</summary>
/// <remarks>
/// Linear probing over 8-byte slots (hash, id), power of two, at most half full; groups, key and state together, lie densely beside. A
/// single integer key is looked up by direct index while its range is modest (three to five times as fast as any hash).
/// Not thread-safe.
/// </remarks>
public sealed class HashAggregate<TKey, TState>
    where TKey : unmanaged, IGroupKey<TKey>
    where TState : struct, IAggregateState<TState>
{
    /// <summary>From this many groups on, tables are merged by several threads.</summary>
    private const int PartitionFrom = 1 << 15;

    /// <summary>Bytes that are worth a collection when a table lets go of them.</summary>
    private const long CollectFrom = 8 << 20;

    private readonly List<TextKeyArena> arenas = [];
    private Slot[] slots = new Slot[64];
    private Group[] groups = new Group[32];
    private OrdinalIndex direct = OrdinalIndex.Empty;
    private int count;
    private RunMemory? memory;
    private MemoryShare? share;
    private SpilledGroups<TKey, TState>? spilled;
    private long objectBytes;
    private long allocated;
    private int thread;

    /// <summary>A table that keeps everything in memory.</summary>
    public HashAggregate() => arenas.Add(Texts);

    /// <summary>A table that spills.</summary>
    /// <param name="run">Whose memory it takes.</param>
    public HashAggregate(FlowRun run)
        : this()
    {
        memory = run.Memory;
        share = memory.Open();
    }

    /// <summary>Makes the text parts of a key that is then looked up with <see cref="Find"/>.</summary>
    public TextKeyArena Texts { get; } = new();

    /// <summary>The number of groups.</summary>
    public int Count => count;

    /// <summary>The id of a key's group; a new group if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(in TKey key)
    {
        if (TKey.HasOrdinal && !direct.IsOff)
        {
            // NULL has no place on the number line; it is looked up by hash, and the least BIGINT with it.
            var ordinal = TKey.Ordinal(key);
            if (ordinal == long.MinValue) return FindHashed(key, TKey.Hash(key));
            var id = direct.Find(ordinal);
            return id >= 0 ? id : AddDirect(key);
        }

        return FindHashed(key, TKey.Hash(key));
    }

    /// <summary>The state of a group. Valid until the next <see cref="Find"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TState State(int id) => ref groups[id].State;

    /// <summary>Starts to bring the state of a group that is wanted some rows later into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Fetch(ReadOnlySpan<int> ids, int row)
    {
        const int ahead = 16;
        if (!Sse.IsSupported || (uint)(row + ahead) >= (uint)ids.Length) return;
        var id = ids[row + ahead];
        // An address for the cache only: it does not matter if the array moves meanwhile.
        if ((uint)id < (uint)groups.Length) Sse.Prefetch0(Unsafe.AsPointer(ref groups[id]));
    }

    /// <summary>The key of a group. Valid until the next <see cref="Find"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly TKey Key(int id) => ref groups[id].Key;

    /// <summary>True if some groups are in a file: what is in memory may be the same groups again.</summary>
    internal bool IsSpilled => spilled is not null;

    internal RunMemory? Memory => memory;

    /// <summary>Bytes of the table's own arrays, and what was allocated beside them if states have objects.</summary>
    private long Bytes =>
        ((long)groups.Length * Unsafe.SizeOf<Group>()) + ((long)slots.Length * Unsafe.SizeOf<Slot>()) + direct.Bytes + arenas.Sum(a => a.Bytes) + objectBytes;

    /// <summary>True if the groups are to be spilled before more rows come; asked after each batch.</summary>
    /// <param name="beside">Bytes that are held beside the table and become free with it.</param>
    public bool IsOver(long beside = 0)
    {
        if (share is null) return false;
        // How large the objects behind states are is not known: what their thread has allocated since the table was empty is not less.
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TState>()) CountObjects();
        share.Hold(Bytes + beside);
        return count > 0 && share.IsOver;
    }

    /// <summary>Writes all groups to a file and begins with none: numbers of groups are given anew.</summary>
    public void Spill()
    {
        spilled ??= new SpilledGroups<TKey, TState>(memory!, 0);
        for (var id = 0; id < count; id++) spilled.Write(groups[id].Key, ref groups[id].State);
        spilled.Flush();
        (slots, groups, direct, count, objectBytes) = (new Slot[64], new Group[32], OrdinalIndex.Empty, 0, 0);
        Texts.Clear();
        arenas.Clear();
        arenas.Add(Texts);
        // Large arrays that nobody has any more stay in the process until the oldest generation is collected.
        if (share?.Used > CollectFrom) GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        share?.Hold(Bytes);
    }

    /// <summary>Gives back the table's part of the memory budget.</summary>
    internal void Release()
    {
        share?.Dispose();
        share = null;
    }

    /// <summary>The groups of one part of the keys, of tables that are all in files; each part is one table, or several if it is large.</summary>
    internal static IEnumerable<HashAggregate<TKey, TState>> Load(ImmutableArray<HashAggregate<TKey, TState>> tables, int part, int workers) =>
        SpilledGroups<TKey, TState>.Load([.. tables.Select(t => t.spilled!)], part, tables[0].memory!, workers);

    /// <summary>One set of groups out of the tables of all workers, given by worker: the same input gives the same bits.</summary>
    /// <returns>Tables with disjoint keys: together the result; or, if one has spilled, all in files. The inputs are spent.</returns>
    public static ImmutableArray<HashAggregate<TKey, TState>> Merge(ImmutableArray<HashAggregate<TKey, TState>> tables)
    {
        if (tables.Any(t => t.IsSpilled))
        {
            foreach (var table in tables) table.Spill();
            return tables;
        }

        foreach (var table in tables) table.share?.Pin();
        if (tables.Length == 1) return tables;
        var first = tables[0];
        if (tables.Sum(t => (long)t.count) < PartitionFrom)
        {
            for (var t = 1; t < tables.Length; t++) first.Absorb(tables[t], Enumerable.Range(0, tables[t].count));
            return [first];
        }

        // Most groups are in most tables: what the first one has is added to it where it is, the rest makes new tables.
        var unknown = new List<int>[tables.Length][];
        for (var t = 1; t < tables.Length; t++) unknown[t] = first.AbsorbKnown(tables[t], tables.Length);
        if (unknown.Skip(1).All(ranges => ranges.All(r => r.Count == 0))) return [first];
        var parts = new HashAggregate<TKey, TState>[tables.Length];
        WorkerPool.Run(parts.Length, part =>
        {
            parts[part] = new HashAggregate<TKey, TState>();
            for (var t = 1; t < tables.Length; t++)
            {
                var table = tables[t];
                parts[part].Absorb(table, unknown[t].SelectMany(r => r).Where(id => (int)((TKey.Hash(table.groups[id].Key) >> 40) % (uint)parts.Length) == part));
            }
        });
        return [first, .. parts.Where(p => p.count > 0)];
    }

    private void CountObjects()
    {
        var now = GC.GetAllocatedBytesForCurrentThread();
        if (thread == Environment.CurrentManagedThreadId) objectBytes += now - allocated;
        (allocated, thread) = (now, Environment.CurrentManagedThreadId);
    }

    /// <summary>Adds groups of another table.</summary>
    private void Absorb(HashAggregate<TKey, TState> other, IEnumerable<int> ids)
    {
        arenas.AddRange(other.arenas);
        foreach (var id in ids)
        {
            var mine = Find(other.groups[id].Key);
            TState.Merge(ref groups[mine].State, ref other.groups[id].State);
        }
    }

    /// <summary>Adds those groups of another table that this one has, a range of them on each thread.</summary>
    /// <returns>The ids of the others, by range.</returns>
    private List<int>[] AbsorbKnown(HashAggregate<TKey, TState> other, int workers)
    {
        arenas.AddRange(other.arenas);
        var unknown = new List<int>[workers];
        WorkerPool.Run(workers, worker =>
        {
            var mine = new List<int>();
            var end = (int)((long)other.count * (worker + 1) / workers);
            for (var id = (int)((long)other.count * worker / workers); id < end; id++)
            {
                var known = Known(other.groups[id].Key);
                if (known < 0) mine.Add(id);
                else TState.Merge(ref groups[known].State, ref other.groups[id].State);
            }

            unknown[worker] = mine;
        });
        return unknown;
    }

    /// <summary>The id of a key's group, or −1. Changes nothing, so any thread may ask.</summary>
    private int Known(in TKey key)
    {
        if (TKey.HasOrdinal && !direct.IsOff && TKey.Ordinal(key) is var ordinal and not long.MinValue) return direct.Find(ordinal);
        var hash = TKey.Hash(key);
        var mask = (uint)slots.Length - 1;
        for (var at = (uint)hash & mask; slots[at].Id != 0; at = (at + 1) & mask)
        {
            if (slots[at].Tag == (uint)(hash >> 32) && TKey.Equal(groups[slots[at].Id - 1].Key, key)) return slots[at].Id - 1;
        }

        return -1;
    }

    private int FindHashed(in TKey key, ulong hash)
    {
        var tag = (uint)(hash >> 32);
        var mask = (uint)slots.Length - 1;
        var at = (uint)hash & mask;
        while (true)
        {
            ref var slot = ref slots[at];
            if (slot.Id == 0) return Add(key, at, tag, hash);
            if (slot.Tag == tag && TKey.Equal(groups[slot.Id - 1].Key, key))
            {
                Texts.Drop();
                return slot.Id - 1;
            }

            at = (at + 1) & mask;
        }
    }

    private int Add(in TKey key, uint at, uint tag, ulong hash)
    {
        Texts.Keep();
        var id = NewGroup(key);
        slots[at] = new Slot { Tag = tag, Id = id + 1 };
        if (count * 2 > slots.Length) Rehash();
        return id;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AddDirect(in TKey key)
    {
        var ordinal = TKey.Ordinal(key);
        if (direct.Add(ordinal, count, count + 1)) return NewGroup(key);

        // The keys lie too far apart: from here on by hash, the groups so far included.
        Rehash();
        return FindHashed(key, TKey.Hash(key));
    }

    private int NewGroup(in TKey key)
    {
        if (count == groups.Length) Array.Resize(ref groups, count * 2);
        groups[count] = new Group { Key = key, State = TState.New() };
        return count++;
    }

    /// <summary>Makes room for all groups, also for those that only the direct index knew: NULL may come after any number of them.</summary>
    private void Rehash()
    {
        var size = 64;
        while (size < count * 4L) size = checked(size * 2);
        var wider = new Slot[size];
        var mask = (uint)size - 1;
        for (var id = 0; id < count; id++)
        {
            var hash = TKey.Hash(groups[id].Key);
            var at = (uint)hash & mask;
            while (wider[at].Id != 0) at = (at + 1) & mask;
            wider[at] = new Slot { Tag = (uint)(hash >> 32), Id = id + 1 };
        }

        slots = wider;
    }

    // Side by side: looking at the key brings the state along.
    private struct Group
    {
        public TKey Key;
        public TState State;
    }

    private struct Slot
    {
        /// <summary>The upper half of the hash: most other keys are told apart by it.</summary>
        public uint Tag;

        /// <summary>Id + 1; 0 = free.</summary>
        public int Id;
    }
}
