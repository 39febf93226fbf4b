using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;
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
    /// <summary>Fewer events than these are not worth a second thread.</summary>
    private const int Few = 20_000;

    private readonly bool[] stays = new bool[known.Count];
    private readonly bool[] goesOn = new bool[known.Count];
    private readonly bool[] isKept = new bool[events.StoredCount];

    /// <summary>Columns of the target that the flow no longer writes: what a version has there it keeps.</summary>
    private HashSet<string> left = [];

    /// <param name="columns">The target's columns.</param>
    /// <param name="tracked">The columns whose change opens a version.</param>
    /// <param name="expires">By stored event whether it is kept for late events only.</param>
    /// <param name="workers">How many threads to use.</param>
    public TargetChange Change(Schema columns, ImmutableArray<string> tracked, Func<int, bool> expires, int workers)
    {
        left = [.. columns.Fields.Where(f => !IsPeriod(f) && events.Columns.IndexOf(f.Name) < 0).Select(f => f.Name)];
        var values = parts is null ? null : ValuesByPlace(parts);
        var all = Equality(events.Columns.Fields.Select(f => f.Name), values);
        var run = Equality(tracked, values);
        // Those that take no part in the timeline stay what they are.
        for (var e = 0; e < isKept.Length; e++) isKept[e] = events.Numbers[e] < 0;
        var keys = timeline.Starts.Length - 1;
        var shares = new Share[timeline.Events.Length < Few ? 1 : workers];
        WorkerPool.Run(shares.Length, worker =>
        {
            var (first, end) = ((int)((long)keys * worker / shares.Length), (int)((long)keys * (worker + 1) / shares.Length));
            shares[worker] = new Share(end - first);
            for (var key = first; key < end; key++) Walk(timeline.Starts[key], timeline.Starts[key + 1], run, all, expires, shares[worker]);
        });

        var gone = Places(stays, false);
        var deleted = 0;
        foreach (var row in gone) deleted += goesOn[row] ? 0 : 1;
        return new TargetChange(Rows(share => share.Present), [.. shares.SelectMany(share => share.Remember)], Places(isKept, false))
        {
            Over = Rows(share => share.Over),
            Values = values,
            Old = known.Rows,
            Gone = ImmutableCollectionsMarshal.AsImmutableArray(gone),
            HasNewForm = goesOn,
            NewForms = () => [.. shares.Select(share => share.Present).Concat(shares.Select(share => share.Over)).SelectMany(AreNewForms)],
            Deleted = deleted,
            Parts = [.. shares],
        };

        NewRows Rows(Func<Share, PooledList<Version>> versions) => new([.. shares.Select(share => (versions(share).Count, new GatherRows(rows => Gather(values, columns, versions(share), rows))))]);
    }

    private static bool[] AreNewForms(PooledList<Version> versions)
    {
        var are = new bool[versions.Count];
        for (var i = 0; i < are.Length; i++) are[i] = versions.Items[i].IsNewForm;
        return are;
    }

    /// <summary>Where flags are <paramref name="wanted"/>.</summary>
    private static int[] Places(bool[] flags, bool wanted)
    {
        var places = new int[flags.AsSpan().Count(wanted)];
        var at = 0;
        for (var i = 0; i < flags.Length; i++)
        {
            if (flags[i] == wanted) places[at++] = i;
        }

        return places;
    }

    private RowEquality Equality(IEnumerable<string> columns, RecordBatch? values) => values is null
        ? new RowEquality(columns.Select(events.PartsOf), events.Starts[..^1])
        : new RowEquality(columns.Select(name => new[] { values.Columns[values.Schema.IndexOf(name)] }), [0]);

    /// <summary>The rows that events tell, by event, and behind them the rows after each of the timeline.</summary>
    private RecordBatch ValuesByPlace(Inheritance parts)
    {
        using var after = parts.RowsAfter(events.Values, Enumerable.Range(0, timeline.Events.Length).ToArray());
        return Concatenate.Batches(after.Schema, [events.Values, after]);
    }

    /// <summary>The row of the values that holds after a place of the timeline.</summary>
    private int RowAt(int place) => parts is null ? timeline.Events[place] : events.Count + place;

    /// <summary>The versions of one key.</summary>
    private void Walk(int from, int to, RowEquality run, RowEquality all, Func<int, bool> expires, Share share)
    {
        var first = -1;
        var before = -1;
        for (var place = from; place < to; place++)
        {
            var e = timeline.Events[place];
            var isUpsert = events.IsUpsert(e);
            if (first >= 0 && isUpsert && run.Same(RowAt(place - 1), RowAt(place))) continue;
            if (first >= 0) before = Close(first, place - 1, e, before, all, expires, share);
            // The end of the version before it tells of a delete.
            else if (!isUpsert) Keep(e, isForLateOnes: true, expires, share);
            first = isUpsert ? place : -1;
        }

        if (first >= 0) Close(first, to - 1, -1, before, all, expires, share);
    }

    /// <summary>A version: from a place of the timeline to another, until an event or without end.</summary>
    /// <param name="first">The place.</param>
    /// <param name="last">The place of its last event.</param>
    /// <param name="end">The event that ends it, or −1.</param>
    /// <param name="before">The last of the target's rows that a version before it was, or −1.</param>
    /// <param name="all">Compares rows as a whole.</param>
    /// <param name="expires">By stored event whether it is kept for late events only.</param>
    /// <param name="share">Where it goes.</param>
    /// <returns>The target's row that the version was or was a part of, else the one before.</returns>
    private int Close(int first, int last, int end, int before, RowEquality all, Func<int, bool> expires, Share share)
    {
        var start = timeline.Events[first];
        var row = RowOf(start);
        var was = left.Count == 0 || row >= 0 ? row : WasPartOf(first, last, before);
        if (row >= 0 && EndsAt(row, end) && ((parts is null && start == known.UpsertOf(row) && first == last) || all.Same(known.UpsertOf(row), RowAt(last)))) stays[row] = true;
        else (end < 0 ? share.Present : share.Over).Add(new Version(start, end, RowAt(last), was, row >= 0));
        if (row >= 0) goesOn[row] = true;

        var latest = was >= 0 ? was : before;
        if (first == last && parts?.LeavesOut(start) != true) return latest;
        for (var place = first; place <= last; place++) Keep(timeline.Events[place], parts is null && place > first && place < last, expires, share);
        return latest;
    }

    /// <summary>The target's row that an event opened, or −1.</summary>
    private int RowOf(int e) => known.RowOf(e) is >= 0 and var own ? own : known.RowOf(twins[e]);

    /// <summary>The target's row of which a new version has been a part: one that now begins earlier, or one that a late event has split.</summary>
    private int WasPartOf(int first, int last, int before)
    {
        for (var place = first + 1; place <= last; place++)
        {
            if (RowOf(timeline.Events[place]) is >= 0 and var row) return row;
        }

        return events.IsFresh(timeline.Events[first]) ? -1 : before;
    }

    private bool EndsAt(int row, int end) => known.EndOf(row) is >= 0 and var had ? end >= 0 && events.Sequence.Compare(had, end) == 0 : end < 0;

    private void Keep(int e, bool isForLateOnes, Func<int, bool> expires, Share share)
    {
        if (e < events.StoredCount && expires(e) == isForLateOnes) isKept[e] = true;
        else share.Remember.Add(new RememberedEvent(e, isForLateOnes));
    }

    private RecordBatch Gather(RecordBatch? values, Schema columns, PooledList<Version> versions, ReadOnlySpan<int> rows)
    {
        var rented = ArrayPool<int>.Shared.Rent(4 * rows.Length);
        var starts = rented.AsSpan(0, rows.Length);
        var ends = rented.AsSpan(rows.Length, rows.Length);
        var last = rented.AsSpan(2 * rows.Length, rows.Length);
        var was = rented.AsSpan(3 * rows.Length, rows.Length);
        for (var i = 0; i < rows.Length; i++) (starts[i], ends[i], last[i], was[i], _) = versions.Items[rows[i]];
        var told = columns.Fields.Where(f => !IsPeriod(f) && !left.Contains(f.Name)).Select(f => f.Name).ToArray();
        var own = values is null ? events.Take(told, last) : null;
        var gathered = new ArrowArray[columns.Count];
        for (int c = 0, next = 0; c < gathered.Length; c++)
        {
            var field = columns[c];
            gathered[c] = IsPeriod(field) ? Segments.Gather.Take(events.SequenceValues, Named(field, ChangeLayout.StartAt) ? starts : ends)
                : left.Contains(field.Name) ? known.Take(field.Name, was)
                : own is not null ? own[next++]
                : Segments.Gather.Take(values!.Columns[values.Schema.IndexOf(field.Name)], last);
        }

        ArrayPool<int>.Shared.Return(rented);
        return new RecordBatch(columns, ImmutableCollectionsMarshal.AsImmutableArray(gathered), rows.Length);
    }

    private static bool IsPeriod(Field field) => Named(field, ChangeLayout.StartAt) || Named(field, ChangeLayout.EndAt);

    private static bool Named(Field field, string name) => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A new version.</summary>
    /// <param name="Start">The event that opens it.</param>
    /// <param name="End">The event that ends it, or −1.</param>
    /// <param name="Last">The row of its values.</param>
    /// <param name="Was">The target's row that it was or was a part of, or −1. Only looked for where the target has columns that the flow does not write.</param>
    /// <param name="IsNewForm">True if the target had a version of this start.</param>
    private readonly record struct Version(int Start, int End, int Last, int Was, bool IsNewForm);

    /// <summary>What one worker finds.</summary>
    /// <param name="keys">How many it looks at: most have a version that is over, and one that is not.</param>
    private sealed class Share(int keys) : IDisposable
    {
        /// <summary>New versions without an end.</summary>
        public PooledList<Version> Present { get; } = new(keys);

        /// <summary>New versions with one.</summary>
        public PooledList<Version> Over { get; } = new(keys);

        public List<RememberedEvent> Remember { get; } = [];

        public void Dispose()
        {
            Present.Dispose();
            Over.Dispose();
        }
    }
}
