using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>Some of the events of a step, all from one place.</summary>
/// <param name="Rows">Columns of the target by name; those that are missing are NULL. Stays the caller's.</param>
/// <param name="Numbers">By event the number of its key; −1 for one without.</param>
/// <param name="Kinds">By event its <see cref="ChangeKind"/>.</param>
/// <param name="Sequence">By event its sequence. Stays the caller's.</param>
internal sealed record EventPart(RecordBatch Rows, int[] Numbers, sbyte[] Kinds, ArrowArray Sequence)
{
    public int Count => Numbers.Length;

    /// <summary>Events as a flow makes them and the state keeps them.</summary>
    public static EventPart Of(RecordBatch rows, int[] numbers) => new(
        rows, numbers,
        rows.Length == 0 ? [] : Segments.Columns.Values<sbyte>(rows, rows.Schema.IndexOf(ChangeLayout.Kind)).ToArray(),
        rows.Columns[rows.Schema.IndexOf(ChangeLayout.Sequence)]);
}

/// <summary>The events that a step has to do with: those of the state, then those that the target's versions tell, at last those that have just come.</summary>
internal sealed class EventSet : IDisposable
{
    private readonly ImmutableArray<EventPart> parts;
    private readonly Schema columns;
    private RecordBatch? values;

    /// <param name="columns">The stored columns of the target.</param>
    /// <param name="sequence">The type of sequences.</param>
    /// <param name="workers">How many threads to use.</param>
    /// <param name="parts">The state's events first, the fresh ones last.</param>
    public EventSet(Schema columns, DataType sequence, int workers, params ImmutableArray<EventPart> parts)
    {
        this.columns = columns;
        this.parts = parts;
        StoredCount = parts[0].Count;
        Starts = new int[parts.Length + 1];
        for (var p = 0; p < parts.Length; p++) Starts[p + 1] = checked(Starts[p] + parts[p].Count);
        Numbers = GC.AllocateUninitializedArray<int>(Starts[^1]);
        Kinds = GC.AllocateUninitializedArray<sbyte>(Numbers.Length);
        FirstFresh = Starts[^2];
        ArrowArray? sequences = null;
        WorkerPool.Share(workers, 2, half =>
        {
            if (half == 0) sequences = Joined(sequence, p => p.Sequence.Retain());
            else CopyParts();
        });
        SequenceValues = sequences!;
        Sequence = OrderOf(SequenceValues);
    }

    /// <summary>The stored columns of the target.</summary>
    public Schema Columns => columns;

    /// <summary>Events of the state, which come first.</summary>
    public int StoredCount { get; }

    /// <summary>The first of those that have just come, which are the last.</summary>
    public int FirstFresh { get; }

    public int Count => Numbers.Length;

    /// <summary>By event the number of its key; −1 for one without.</summary>
    public int[] Numbers { get; }

    /// <summary>By event its <see cref="ChangeKind"/>.</summary>
    public sbyte[] Kinds { get; }

    public ArrowArray SequenceValues { get; }

    /// <summary>Compares the sequences of events.</summary>
    public SortOrder Sequence { get; }

    public bool IsFresh(int e) => e >= FirstFresh;

    public bool IsUpsert(int e) => Kinds[e] == (sbyte)ChangeKind.Upsert;

    /// <summary>The stored columns of all events, where the state holds values.</summary>
    public RecordBatch Values => values ??= new RecordBatch(columns, [.. columns.Fields.Select(f => Joined(f.Type, p => ColumnOf(p, f.Name)))], Count);

    /// <summary>Where the events of each part begin, and last where all end.</summary>
    public int[] Starts { get; }

    /// <summary>The part that an event is of.</summary>
    public int PartOf(int e)
    {
        var part = parts.Length - 1;
        while (e < Starts[part]) part--;
        return part;
    }

    /// <summary>A column of all events, part by part; the arrays stay the parts'. A part without it has <see cref="NullArray"/>.</summary>
    public ArrowArray[] PartsOf(string column) =>
        [.. parts.Select(p => p.Rows.Schema.IndexOf(column) is >= 0 and var at ? p.Rows.Columns[at] : new NullArray(p.Count))];

    /// <summary>Columns of some events, one by one. The caller owns the results.</summary>
    /// <param name="columns">Their names.</param>
    /// <param name="events">The events.</param>
    public ArrowArray[] Take(ReadOnlySpan<string> columns, ReadOnlySpan<int> events)
    {
        var taken = new ArrowArray[columns.Length];
        var first = events.IsEmpty ? parts.Length - 1 : PartOf(events[0]);
        var (from, to) = (Starts[first], Starts[first + 1]);
        var rented = ArrayPool<int>.Shared.Rent(events.Length);
        var rows = rented.AsSpan(0, events.Length);
        var count = 0;
        while (count < rows.Length && events[count] >= from && events[count] < to) rows[count] = events[count++] - from;
        for (var c = 0; c < taken.Length; c++) taken[c] = count == rows.Length ? TakeFrom(first, columns[c], rows) : TakeFromParts(columns[c], events);
        ArrayPool<int>.Shared.Return(rented);
        return taken;
    }

    /// <summary>A column of some events. The caller owns the result.</summary>
    public ArrowArray Take(string column, ReadOnlySpan<int> events) => Take([column], events)[0];

    /// <summary>The last truncate, or −1.</summary>
    public int LastTruncate()
    {
        var last = -1;
        for (var e = 0; e < Count; e++)
        {
            if (Kinds[e] == (sbyte)ChangeKind.Truncate && (last < 0 || Sequence.Compare(e, last) > 0)) last = e;
        }

        return last;
    }

    public void Dispose()
    {
        SequenceValues.Release();
        values?.Dispose();
    }

    /// <summary>An order of sequences, none of which is NULL as a whole: that of a struct goes by its fields.</summary>
    public static SortOrder OrderOf(ArrowArray sequence)
    {
        IReadOnlyList<ArrowArray> parts = sequence is StructArray { NullCount: 0 } row ? row.Children : [sequence];
        return new SortOrder(parts, [.. parts.Select(_ => new SortDirection(Descending: false, NullsFirst: true))]);
    }

    private void CopyParts()
    {
        for (var p = 0; p < parts.Length; p++)
        {
            parts[p].Numbers.CopyTo(Numbers, Starts[p]);
            parts[p].Kinds.CopyTo(Kinds, Starts[p]);
        }
    }

    private static ArrowArray ColumnOf(EventPart part, string name) =>
        part.Rows.Schema.IndexOf(name) is >= 0 and var at ? part.Rows.Columns[at].Retain() : new NullArray(part.Count);

    private ArrowArray TakeFrom(int part, string column, ReadOnlySpan<int> rows)
    {
        var all = ColumnOf(parts[part], column);
        var taken = Gather.Take(all, rows);
        all.Release();
        return taken;
    }

    /// <summary>Takes from each part what is wanted of it, and then those in the order wanted.</summary>
    private ArrowArray TakeFromParts(string column, ReadOnlySpan<int> events)
    {
        var wanted = new List<int>[parts.Length];
        foreach (ref var some in wanted.AsSpan()) some = [];
        var order = new int[events.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var part = PartOf(events[i]);
            order[i] = wanted[part].Count;
            wanted[part].Add(events[i] - Starts[part]);
        }

        var begins = new int[parts.Length];
        for (var part = 1; part < begins.Length; part++) begins[part] = begins[part - 1] + wanted[part - 1].Count;
        for (var i = 0; i < order.Length; i++) order[i] += begins[PartOf(events[i])];
        var schema = new Schema(columns.Find(column)! with { Name = "" });
        RecordBatch[] taken = [.. wanted.Select((rows, part) => new RecordBatch(schema, [TakeFrom(part, column, CollectionsMarshal.AsSpan(rows))], rows.Count))];
        using var joined = Concatenate.Batches(schema, [.. taken.Where(t => t.Length > 0)]);
        foreach (var batch in taken) batch.Dispose();
        return Gather.Take(joined.Columns[0], order);
    }

    private ArrowArray Joined(DataType type, Func<EventPart, ArrowArray> columnOf)
    {
        var schema = new Schema(new Field("", type));
        var batches = parts.Where(p => p.Count > 0).Select(p => new RecordBatch(schema, [columnOf(p)], p.Count)).ToArray();
        using var joined = Concatenate.Batches(schema, batches);
        foreach (var batch in batches) batch.Dispose();
        return joined.Columns[0].Retain();
    }
}
