using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
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
        rows.Length == 0 ? [] : Columns.Values<sbyte>(rows, rows.Schema.IndexOf(ChangeLayout.Kind)).ToArray(),
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
    /// <param name="parts">The state's events first, the fresh ones last.</param>
    public EventSet(Schema columns, DataType sequence, params ImmutableArray<EventPart> parts)
    {
        this.columns = columns;
        this.parts = parts;
        StoredCount = parts[0].Count;
        Numbers = new int[parts.Sum(p => p.Count)];
        Kinds = new sbyte[Numbers.Length];
        var at = 0;
        foreach (var part in parts)
        {
            part.Numbers.CopyTo(Numbers, at);
            part.Kinds.CopyTo(Kinds, at);
            at += part.Count;
        }

        FirstFresh = Count - parts[^1].Count;
        SequenceValues = Joined(sequence, p => p.Sequence.Retain());
        Sequence = OrderOf(SequenceValues);
    }

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

    /// <summary>A column of some events: of fresh ones alone it need not be put together first. The caller owns the result.</summary>
    public ArrowArray Take(string column, ReadOnlySpan<int> events)
    {
        if (values is not null) return Gather.Take(values.Columns[columns.IndexOf(column)], events);
        var rows = new int[events.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            if (events[i] < FirstFresh) return Gather.Take(Values.Columns[columns.IndexOf(column)], events);
            rows[i] = events[i] - FirstFresh;
        }

        var fresh = ColumnOf(parts[^1], column);
        var taken = Gather.Take(fresh, rows);
        fresh.Release();
        return taken;
    }

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

    private static ArrowArray ColumnOf(EventPart part, string name) =>
        part.Rows.Schema.IndexOf(name) is >= 0 and var at ? part.Rows.Columns[at].Retain() : new NullArray(part.Count);

    private ArrowArray Joined(DataType type, Func<EventPart, ArrowArray> columnOf)
    {
        var schema = new Schema(new Field("", type));
        var batches = parts.Where(p => p.Count > 0).Select(p => new RecordBatch(schema, [columnOf(p)], p.Count)).ToArray();
        using var joined = Concatenate.Batches(schema, batches);
        foreach (var batch in batches) batch.Dispose();
        return joined.Columns[0].Retain();
    }
}
