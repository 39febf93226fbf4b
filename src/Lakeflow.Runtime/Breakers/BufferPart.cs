using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>What one worker puts into a <see cref="BatchBuffer"/>.</summary>
/// <param name="schema">Of the batches.</param>
/// <param name="memory">What it may hold; null for all.</param>
/// <param name="order">In which rows are written to files.</param>
internal sealed class BufferPart(Schema schema, RunMemory? memory, RowOrder? order) : IBatchSink, IDisposable
{
    private readonly MemoryShare? share = memory?.Open();
    private readonly List<RecordBatch> held = [];
    private readonly List<(long Ordinal, SpillPlace Place)> stored = [];
    private readonly List<SortedRun> runs = [];
    private readonly ArrowArray?[] dictionaries = new ArrowArray?[schema.Count];
    private SpillFile? file;
    private long heldBytes;
    private long heldRows;

    /// <summary>The batches in memory.</summary>
    public IReadOnlyList<RecordBatch> Held => held;

    public long Rows { get; private set; }

    /// <summary>What all rows take in memory.</summary>
    public long Bytes { get; private set; }

    public bool IsSpilled => file is not null;

    public void Write(RecordBatch rows)
    {
        held.Add(rows.WithSchema(rows.Schema));
        Rows += rows.Length;
        if (share is null) return;
        var bytes = BatchCodec.BytesOf(rows, dictionaries);
        Bytes += bytes;
        heldBytes += bytes;
        heldRows += rows.Length;
        share.Hold(Needed);
        if (share.IsOver) Spill();
    }

    /// <summary>The batches by ordinal with a way to read each, from memory or from the file.</summary>
    public IEnumerable<(long Ordinal, Func<RecordBatch> Read)> Stored(SpillReader reader)
    {
        foreach (var (ordinal, place) in stored)
        {
            yield return (ordinal, () => Read(reader, place));
        }

        foreach (var batch in held) yield return (batch.Ordinal, () => batch.WithSchema(schema));
    }

    /// <summary>The sorted runs, with what is still in memory as the last.</summary>
    public IEnumerable<SortedRun> Runs()
    {
        if (held.Count > 0) Spill();
        return runs;
    }

    /// <summary>The batches in memory, which the caller owns now.</summary>
    public List<RecordBatch> TakeHeld()
    {
        List<RecordBatch> taken = [.. held];
        held.Clear();
        return taken;
    }

    public void Dispose()
    {
        Drop();
        share?.Dispose();
        file?.Dispose();
    }

    private RecordBatch Read(SpillReader reader, SpillPlace place)
    {
        reader.Begin(file!, place);
        return BatchCodec.Read(schema, reader);
    }

    /// <summary>The rows will be put together; those that are sorted have a number and a word a key beside.</summary>
    private long Needed => (2 * heldBytes) + (order is null ? 0 : heldRows * (sizeof(long) + sizeof(int) + (order.Keys.Length * sizeof(ulong))));

    private void Spill()
    {
        file ??= memory!.NewFile();
        if (order is null)
        {
            var writer = new SpillWriter();
            foreach (var batch in held)
            {
                writer.Clear();
                BatchCodec.Write(batch, writer);
                stored.Add((batch.Ordinal, memory!.Append(file, writer.Block)));
            }
        }
        else
        {
            runs.Add(SortedRun.Write(schema, order, [.. held.OrderBy(b => b.Ordinal)], memory!, file));
        }

        Drop();
    }

    private void Drop()
    {
        foreach (var batch in held) batch.Dispose();
        held.Clear();
        Array.Clear(dictionaries);
        (heldBytes, heldRows) = (0, 0);
        share?.Hold(0);
    }
}
