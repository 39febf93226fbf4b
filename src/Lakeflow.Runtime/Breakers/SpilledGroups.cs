using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Keys and states in a file, in parts by the keys' hashes. A key may be there several times, once for each time that its table was spilled.</summary>
/// <param name="memory">Gives the file.</param>
/// <param name="level">How often the keys were divided before: each time by other bits.</param>
internal sealed class SpilledGroups<TKey, TState>(RunMemory memory, int level)
    where TKey : unmanaged, IGroupKey<TKey>
    where TState : struct, IAggregateState<TState>
{
    public const int Parts = 1 << PartBits;

    private const int PartBits = 5;
    private const int MostLevels = 6;
    private const int BlockBytes = 64 << 10;

    /// <summary>A table takes more than its groups: free places, slots, an index.</summary>
    private const int TablePerByte = 3;

    private readonly SpillFile file = memory.NewFile();
    private readonly SpillWriter?[] writers = new SpillWriter?[Parts];
    private readonly List<SpillPlace>[] places = [.. Enumerable.Range(0, Parts).Select(_ => new List<SpillPlace>())];

    public void Write(in TKey key, ref TState state)
    {
        var part = (int)(TKey.Hash(key) >> (64 - (PartBits * (level + 1)))) & (Parts - 1);
        var writer = writers[part] ??= new SpillWriter();
        TKey.Write(key, writer);
        TState.Write(ref state, writer);
        if (writer.Length >= BlockBytes) Flush(part);
    }

    /// <summary>Writes what has not filled a block yet.</summary>
    public void Flush()
    {
        for (var part = 0; part < Parts; part++) Flush(part);
        Array.Clear(writers);
    }

    /// <summary>Tables of one part, in the order of the given groups; divided further where they would be too large.</summary>
    public static IEnumerable<HashAggregate<TKey, TState>> Load(SpilledGroups<TKey, TState>[] groups, int part, RunMemory memory, int workers)
    {
        var reader = new SpillReader();
        var level = groups[0].Level;
        var bytes = groups.Sum(g => g.places[part].Sum(p => (long)p.Length));
        if (bytes * TablePerByte <= memory.Budget.Bytes / workers || level + 1 == MostLevels)
        {
            using var share = memory.Open();
            share.Pin();
            share.Hold(bytes * TablePerByte);
            var table = new HashAggregate<TKey, TState>();
            foreach (var some in groups)
            {
                some.Read(part, reader, table.Texts, (in TKey key, ref TState state) => TState.Merge(ref table.State(table.Find(key)), ref state));
            }

            yield return table;
            yield break;
        }

        var texts = new TextKeyArena();
        var divided = new SpilledGroups<TKey, TState>(memory, level + 1);
        foreach (var some in groups) some.Read(part, reader, texts, divided.Write);
        divided.Flush();
        for (var inner = 0; inner < Parts; inner++)
        {
            foreach (var table in Load([divided], inner, memory, workers)) yield return table;
        }

        divided.file.Dispose();
    }

    private int Level => level;

    private void Read(int part, SpillReader reader, TextKeyArena texts, EachGroup<TKey, TState> each)
    {
        foreach (var place in places[part])
        {
            reader.Begin(file, place);
            while (!reader.IsAtEnd)
            {
                var key = TKey.Read(reader, texts);
                var state = TState.New();
                TState.Read(ref state, reader);
                each(key, ref state);
                texts.Drop();
            }
        }
    }

    private void Flush(int part)
    {
        if (writers[part] is not { Length: > 0 } writer) return;
        places[part].Add(memory.Append(file, writer.Block));
        writer.Clear();
    }
}

/// <summary>Takes a key and its state.</summary>
internal delegate void EachGroup<TKey, TState>(in TKey key, ref TState state)
    where TKey : unmanaged
    where TState : struct;
