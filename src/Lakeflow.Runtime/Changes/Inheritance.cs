using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>What each event leaves out, and which event before it in its key's life told that last. Language specification §3.4.</summary>
/// <remarks>A struct whose leaves may be left out is NULL where all of its leaves are.</remarks>
internal sealed class Inheritance
{
    private readonly ImmutableArray<Leaf> leaves;
    private readonly bool[][] omitted;
    private readonly EventTimeline timeline;
    private readonly int[][] tellers;

    /// <param name="leaves">What may be left out.</param>
    /// <param name="omitted">By leaf and event, whether it is.</param>
    /// <param name="timeline">The events in order.</param>
    /// <param name="kinds">What each does: a delete ends a life.</param>
    public Inheritance(ImmutableArray<Leaf> leaves, bool[][] omitted, EventTimeline timeline, sbyte[] kinds)
    {
        this.leaves = leaves;
        this.omitted = omitted;
        this.timeline = timeline;
        tellers = [.. leaves.Select((_, leaf) => Tellers(leaf, kinds))];
    }

    /// <summary>True if an event leaves something out.</summary>
    public bool LeavesOut(int e) => Array.Exists(omitted, leaf => leaf[e]);

    /// <summary>The events that the row after the last event of a key takes values from, that event included.</summary>
    public IEnumerable<int> TellersOfLast(int key)
    {
        var place = timeline.Starts[key + 1] - 1;
        return tellers.Select(t => t[place]).Where(e => e >= 0).Append(timeline.Events[place]).Distinct();
    }

    /// <summary>The stored columns as they are after the events at some places of the timeline. The caller owns the result.</summary>
    public RecordBatch RowsAfter(RecordBatch events, ReadOnlySpan<int> places)
    {
        var own = new int[places.Length];
        for (var i = 0; i < own.Length; i++) own[i] = timeline.Events[places[i]];
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(events.Columns.Length);
        for (var c = 0; c < events.Columns.Length; c++)
        {
            columns.Add(leaves.Any(l => l.Column == c) ? Assemble(events, c, [], events.Schema[c].Type, places) : Gather.Take(events.Columns[c], own));
        }

        return new RecordBatch(events.Schema, columns.MoveToImmutable(), places.Length);
    }

    private ArrowArray Assemble(RecordBatch events, int column, ImmutableArray<int> path, DataType type, ReadOnlySpan<int> places)
    {
        if (type is not StructType row)
        {
            var leaf = leaves.IndexOf(leaves.First(l => l.Column == column && l.Path.SequenceEqual(path)));
            var from = new int[places.Length];
            for (var i = 0; i < from.Length; i++) from[i] = tellers[leaf][places[i]];
            var values = leaves[leaf].Values(events);
            var taken = Gather.Take(values, from);
            values.Release();
            return taken;
        }

        var children = ImmutableArray.CreateBuilder<ArrowArray>(row.Fields.Length);
        for (var f = 0; f < row.Fields.Length; f++) children.Add(Assemble(events, column, path.Add(f), row.Fields[f].Type, places));
        var validity = ArrowBuffer.RentCleared(Bitmap.ByteCount(places.Length));
        var nulls = 0;
        for (var i = 0; i < places.Length; i++)
        {
            var told = false;
            foreach (var child in children) told |= child.IsValid(i);
            if (told) Bitmap.Set(validity.Bytes, i);
            else nulls++;
        }

        return new StructArray(type, places.Length, children.MoveToImmutable(), validity, nulls);
    }

    /// <summary>By place in the timeline the event whose value holds there; −1 where nobody has told one.</summary>
    private int[] Tellers(int leaf, sbyte[] kinds)
    {
        var tellers = new int[timeline.Events.Length];
        for (var key = 0; key + 1 < timeline.Starts.Length; key++)
        {
            var last = -1;
            for (var place = timeline.Starts[key]; place < timeline.Starts[key + 1]; place++)
            {
                var e = timeline.Events[place];
                if (kinds[e] != (sbyte)ChangeKind.Upsert) last = -1;
                else if (!omitted[leaf][e]) last = e;
                tellers[place] = last;
            }
        }

        return tellers;
    }
}
