using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>SCD type 2: of each key one row for every run of upserts that are equal in the tracked columns. Language specification §3.3.</summary>
/// <remarks>The history of every key that has a new event is made again from its events, and compared with what the target has.</remarks>
internal sealed class VersionHistory(EventSet events, EventTimeline timeline, Inheritance? parts, ImmutableArray<string> tracked)
{
    // One entry a version: the place of its last event in the timeline, the events at which it starts and ends, its key.
    private readonly List<int> lasts = [];
    private readonly List<int> starts = [];
    private readonly List<int> ends = [];
    private readonly List<int> owners = [];

    /// <param name="target">The table as it is.</param>
    /// <param name="search">Finds the rows of keys.</param>
    /// <param name="columns">The target's columns.</param>
    public TargetChange Change(Snapshot target, KeySearch search, Schema columns)
    {
        var keys = timeline.Starts.Length - 1;
        var isTouched = new bool[keys];
        var remember = new List<int>();
        var places = new List<int>();
        for (var key = 0; key < keys; key++)
        {
            foreach (var e in timeline.Of(key))
            {
                if (events.IsFresh(e)) remember.Add(e);
            }

            if (!timeline.Of(key).ContainsAnyInRange(events.StoredCount, int.MaxValue)) continue;
            isTouched[key] = true;
            for (var place = timeline.Starts[key]; place < timeline.Starts[key + 1]; place++) places.Add(place);
        }

        if (remember.Count == 0) return new TargetChange(Concatenate.Batches(columns, []), [], []);
        int[] at = [.. places];
        using var after = RowsAfter(at);
        FindVersions(at, after);
        using var versions = Versions(after, columns, at);
        var old = search.Find(target, columns, isTouched);
        return Difference(old, versions, remember);
    }

    private RecordBatch RowsAfter(int[] places) => parts is not null
        ? parts.RowsAfter(events.Values, places)
        : Gather.Take(events.Values, [.. places.Select(place => timeline.Events[place])]);

    /// <param name="places">Places of the timeline, key by key.</param>
    /// <param name="after">The rows after them.</param>
    private void FindVersions(int[] places, RecordBatch after)
    {
        var compared = tracked.Select(name => after.Columns[after.Schema.IndexOf(name)]).ToList();
        var same = new SortOrder(compared, [.. compared.Select(_ => new SortDirection(Descending: false, NullsFirst: true))]);
        var isOpen = false;
        for (var i = 0; i < places.Length; i++)
        {
            var e = timeline.Events[places[i]];
            var key = events.Numbers[e];
            var follows = i > 0 && events.Numbers[timeline.Events[places[i - 1]]] == key;
            if (!follows) isOpen = false;
            if (events.Kinds[e] != (sbyte)ChangeKind.Upsert)
            {
                if (isOpen) ends[^1] = e;
                isOpen = false;
                continue;
            }

            if (isOpen && same.Compare(i - 1, i) == 0)
            {
                lasts[^1] = i;
                continue;
            }

            if (isOpen) ends[^1] = e;
            isOpen = true;
            lasts.Add(i);
            starts.Add(e);
            ends.Add(-1);
            owners.Add(key);
        }
    }

    private RecordBatch Versions(RecordBatch after, Schema columns, int[] places)
    {
        int[] last = [.. lasts];
        return new RecordBatch(
            columns,
            [
                .. columns.Fields.Select(f => f.Name switch
                {
                    _ when string.Equals(f.Name, ChangeLayout.StartAt, StringComparison.OrdinalIgnoreCase) => Gather.Take(events.SequenceValues, [.. starts]),
                    _ when string.Equals(f.Name, ChangeLayout.EndAt, StringComparison.OrdinalIgnoreCase) => Gather.Take(events.SequenceValues, [.. ends]),
                    var name => Gather.Take(after.Columns[after.Schema.IndexOf(name)], last),
                }),
            ],
            last.Length);
    }

    /// <summary>What the target has and should not, and the other way round.</summary>
    private TargetChange Difference(FoundRows old, RecordBatch versions, List<int> remember)
    {
        using var both = Concatenate.Batches(versions.Schema, [old.Rows, versions]);
        var start = both.Columns[versions.Schema.IndexOf(ChangeLayout.StartAt)];
        var startOrder = EventSet.OrderOf(start);
        var whole = new SortOrder(both.Columns, [.. both.Columns.Select(_ => new SortDirection(Descending: false, NullsFirst: true))]);

        var first = new Dictionary<int, int>();
        for (var v = owners.Count - 1; v >= 0; v--) first[owners[v]] = v;
        var isThere = new bool[owners.Count];
        var gone = ImmutableArray.CreateBuilder<int>();
        long deleted = 0;
        for (var row = 0; row < old.Count; row++)
        {
            var match = -1;
            if (first.TryGetValue(old.Numbers[row], out var from))
            {
                for (var v = from; match < 0 && v < owners.Count && owners[v] == old.Numbers[row]; v++)
                {
                    if (startOrder.Compare(row, old.Count + v) == 0) match = v;
                }
            }

            if (match >= 0 && !isThere[match] && whole.Compare(row, old.Count + match) == 0)
            {
                isThere[match] = true;
                continue;
            }

            gone.Add(row);
            if (match < 0) deleted++;
        }

        int[] added = [.. Enumerable.Range(0, owners.Count).Where(v => !isThere[v])];
        return new TargetChange(Gather.Take(versions, added), [.. remember], []) { Old = old, Gone = gone.ToImmutable(), Deleted = deleted };
    }
}
