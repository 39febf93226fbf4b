using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>The events that a step has to do with: those of the state first, then those that have just come.</summary>
internal sealed class EventSet : IDisposable
{
    private readonly RecordBatch stored;
    private readonly RecordBatch fresh;
    private readonly Schema columns;
    private RecordBatch? values;

    /// <param name="columns">The stored columns of the target.</param>
    /// <param name="stored">Rows of the state.</param>
    /// <param name="storedNumbers">The numbers of their keys.</param>
    /// <param name="fresh">The flow's rows; stays the caller's.</param>
    /// <param name="freshNumbers">The numbers of their keys.</param>
    public EventSet(Schema columns, RecordBatch stored, int[] storedNumbers, RecordBatch fresh, int[] freshNumbers)
    {
        this.columns = columns;
        this.stored = stored;
        this.fresh = fresh;
        StoredCount = stored.Length;
        Numbers = [.. storedNumbers, .. freshNumbers];
        SequenceValues = Both(ChangeLayout.Sequence);
        Kinds =
        [
            .. stored.Length == 0 ? default : Columns.Values<sbyte>(stored, stored.Schema.IndexOf(ChangeLayout.Kind)),
            .. fresh.Length == 0 ? default : Columns.Values<sbyte>(fresh, fresh.Schema.IndexOf(ChangeLayout.Kind)),
        ];
        Sequence = OrderOf(SequenceValues);
    }

    public int StoredCount { get; }

    public int Count => Numbers.Length;

    /// <summary>By event the number of its key; −1 for one without.</summary>
    public int[] Numbers { get; }

    /// <summary>By event its <see cref="ChangeKind"/>.</summary>
    public sbyte[] Kinds { get; }

    public ArrowArray SequenceValues { get; }

    /// <summary>Compares the sequences of events.</summary>
    public SortOrder Sequence { get; }

    public bool IsFresh(int e) => e >= StoredCount;

    /// <summary>The stored columns of all events, where the state holds values.</summary>
    public RecordBatch Values => values ??= new RecordBatch(columns, [.. columns.Fields.Select(f => Both(f.Name))], Count);

    /// <summary>A column of some events, all of them fresh. The caller owns the result.</summary>
    public ArrowArray TakeFresh(string column, ReadOnlySpan<int> events)
    {
        var rows = new int[events.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = events[i] - StoredCount;
        return Gather.Take(fresh.Columns[fresh.Schema.IndexOf(column)], rows);
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

    private ArrowArray Both(string column)
    {
        var schema = new Schema(fresh.Schema.Fields[fresh.Schema.IndexOf(column)]);
        var at = stored.Schema.IndexOf(column);
        using var first = new RecordBatch(schema, [at < 0 ? new NullArray(stored.Length) : stored.Columns[at].Retain()], stored.Length);
        using var second = new RecordBatch(schema, [fresh.Columns[fresh.Schema.IndexOf(column)].Retain()], fresh.Length);
        using var joined = Concatenate.Batches(schema, stored.Length == 0 ? [second] : [first, second]);
        return joined.Columns[0].Retain();
    }
}
