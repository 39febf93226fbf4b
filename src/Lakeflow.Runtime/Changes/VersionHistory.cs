using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>SCD type 2: of each key one row for every run of upserts that are equal in the tracked columns. Language specification §3.3.</summary>
/// <remarks>
/// What the target holds of a key tells its events: a version that one event made tells that event, and where it ends and none
/// begins there was a delete. The state has the others. Versions are made anew from all events of a key; those that are as they were stay.
/// </remarks>
/// <param name="events">The events of the step's keys.</param>
/// <param name="timeline">All of them in order.</param>
/// <param name="known">The target's rows of these keys.</param>
/// <param name="twins">By event the known upsert of the same key and sequence that gave way to it, or −1.</param>
/// <param name="parts">What events leave out; null where every event tells the whole row.</param>
internal sealed class VersionHistory(EventSet events, EventTimeline timeline, KnownVersions known, int[] twins, Inheritance? parts)
{
    private readonly List<(int Start, int End, int Last)> added = [];
    private readonly List<RememberedEvent> remember = [];
    private readonly bool[] stays = new bool[known.Count];
    private readonly bool[] goesOn = new bool[known.Count];
    private readonly bool[] isKept = new bool[events.StoredCount];

    /// <param name="columns">The target's columns that the flow writes.</param>
    /// <param name="tracked">The columns whose change opens a version.</param>
    /// <param name="expires">By stored event whether it is kept for late events only.</param>
    public TargetChange Change(Schema columns, ImmutableArray<string> tracked, Func<int, bool> expires)
    {
        using var values = ValuesByPlace();
        var all = new RowEquality(values.Columns);
        var run = new RowEquality(tracked.Select(name => values.Columns[values.Schema.IndexOf(name)]));
        for (var key = 0; key + 1 < timeline.Starts.Length; key++) Walk(timeline.Starts[key], timeline.Starts[key + 1], run, all, expires);

        int[] gone = [.. Enumerable.Range(0, stays.Length).Where(row => !stays[row])];
        int[] forget = [.. Enumerable.Range(0, isKept.Length).Where(e => !isKept[e])];
        return new TargetChange(Rows(values, columns), [.. remember], forget)
        {
            Old = known.Rows,
            Gone = [.. gone],
            Deleted = gone.Count(row => !goesOn[row]),
        };
    }

    /// <summary>The rows that events tell, by event; behind them, where events leave something out, the rows after each of the timeline.</summary>
    private RecordBatch ValuesByPlace()
    {
        if (parts is null) return events.Values.WithSchema(events.Values.Schema);
        using var after = parts.RowsAfter(events.Values, Enumerable.Range(0, timeline.Events.Length).ToArray());
        return Concatenate.Batches(after.Schema, [events.Values, after]);
    }

    /// <summary>The row of the values that holds after a place of the timeline.</summary>
    private int RowAt(int place) => parts is null ? timeline.Events[place] : events.Count + place;

    /// <summary>The versions of one key.</summary>
    private void Walk(int from, int to, RowEquality run, RowEquality all, Func<int, bool> expires)
    {
        var first = -1;
        for (var place = from; place < to; place++)
        {
            var e = timeline.Events[place];
            var isUpsert = events.IsUpsert(e);
            if (first >= 0 && isUpsert && run.Same(RowAt(place - 1), RowAt(place))) continue;
            if (first >= 0) Close(first, place - 1, e, all, expires);
            // The end of the version before it tells of a delete.
            else if (!isUpsert) Keep(e, isForLateOnes: true, expires);
            first = isUpsert ? place : -1;
        }

        if (first >= 0) Close(first, to - 1, -1, all, expires);
    }

    /// <summary>A version: from a place of the timeline to another, until an event or without end.</summary>
    private void Close(int first, int last, int end, RowEquality all, Func<int, bool> expires)
    {
        var start = timeline.Events[first];
        var row = known.RowOf(start) is >= 0 and var own ? own : known.RowOf(twins[start]);
        if (row >= 0 && EndsAt(row, end) && ((parts is null && start == known.UpsertOf(row) && first == last) || all.Same(known.UpsertOf(row), RowAt(last)))) stays[row] = true;
        else added.Add((start, end, RowAt(last)));
        if (row >= 0) goesOn[row] = true;

        if (first == last && parts?.LeavesOut(start) != true) return;
        for (var place = first; place <= last; place++) Keep(timeline.Events[place], parts is null && place > first && place < last, expires);
    }

    private bool EndsAt(int row, int end) => known.EndOf(row) is >= 0 and var had ? end >= 0 && events.Sequence.Compare(had, end) == 0 : end < 0;

    private void Keep(int e, bool isForLateOnes, Func<int, bool> expires)
    {
        if (e < events.StoredCount && expires(e) == isForLateOnes) isKept[e] = true;
        else remember.Add(new RememberedEvent(e, isForLateOnes));
    }

    private RecordBatch Rows(RecordBatch values, Schema columns)
    {
        int[] last = [.. added.Select(v => v.Last)];
        return new RecordBatch(
            columns,
            [
                .. columns.Fields.Select(f => f.Name switch
                {
                    _ when string.Equals(f.Name, ChangeLayout.StartAt, StringComparison.OrdinalIgnoreCase) => Gather.Take(events.SequenceValues, [.. added.Select(v => v.Start)]),
                    _ when string.Equals(f.Name, ChangeLayout.EndAt, StringComparison.OrdinalIgnoreCase) => Gather.Take(events.SequenceValues, [.. added.Select(v => v.End)]),
                    var name => Gather.Take(values.Columns[values.Schema.IndexOf(name)], last),
                }),
            ],
            last.Length);
    }
}
