using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>SCD type 2: of each key one row for every run of upserts that are equal in the tracked columns. Language specification §3.3.</summary>
/// <remarks>
/// The state has all events, so what the target holds of a key is known without reading it: the versions that the stored events
/// come to. They are compared with those of all events; only versions that differ are looked up, by key and start, and replaced.
/// </remarks>
/// <param name="events">The events of the step's keys.</param>
/// <param name="before">The stored ones in order.</param>
/// <param name="after">All of them in order.</param>
/// <param name="partsOf">What the events of a timeline leave out; null where every event tells the whole row.</param>
/// <param name="tracked">The columns whose change opens a version.</param>
internal sealed class VersionHistory(
    EventSet events, EventTimeline before, EventTimeline after, Func<EventTimeline, Inheritance>? partsOf, ImmutableArray<string> tracked)
{
    /// <param name="target">The table as it is.</param>
    /// <param name="search">Finds the rows of keys.</param>
    /// <param name="columns">The target's columns.</param>
    /// <param name="keyColumns">Those of its keys.</param>
    public TargetChange Change(Snapshot target, KeySearch search, Schema columns, Schema keyColumns)
    {
        int[] remember = [.. after.Events.Where(events.IsFresh)];
        if (remember.Length == 0) return new TargetChange(Concatenate.Batches(columns, []), [], []);
        var isTouched = new bool[after.Starts.Length - 1];
        foreach (var e in remember) isTouched[events.Numbers[e]] = true;

        using var old = Versions.Of(events, before, isTouched, partsOf, tracked);
        using var now = Versions.Of(events, after, isTouched, partsOf, tracked);
        var (gone, added) = Difference(old, now);
        var rows = Rows(now, added, columns);
        var start = target.Schema.Find(ChangeLayout.StartAt)!;
        var found = gone.Count == 0 ? null : search.Find(target, new Schema(keyColumns.Fields.Add(start)), Owners(old, gone, isTouched.Length));
        return new TargetChange(rows, remember, [])
        {
            Old = found,
            Gone = found is null ? [] : Located(found, old, gone),
            Deleted = Replaced(old, gone, now, added),
        };
    }

    /// <summary>Versions of <paramref name="old"/> that are not among those of <paramref name="now"/>, and the other way round. Both are ordered by key.</summary>
    private static (List<int> Gone, List<int> Added) Difference(Versions old, Versions now)
    {
        using var both = Concatenate.Batches(old.Rows.Schema, [old.Rows, now.Rows]);
        var values = new SortOrder(both.Columns, [.. both.Columns.Select(_ => new SortDirection(Descending: false, NullsFirst: true))]);
        var startOf = new Dictionary<int, int>();
        for (var v = 0; v < now.Count; v++) startOf[now.Starts[v]] = v;
        var stays = new bool[now.Count];
        var gone = new List<int>();
        for (var v = 0; v < old.Count; v++)
        {
            if (startOf.TryGetValue(old.Starts[v], out var same) && old.Ends[v] == now.Ends[same] && values.Compare(old.Lasts[v], old.Rows.Length + now.Lasts[same]) == 0) stays[same] = true;
            else gone.Add(v);
        }

        return (gone, [.. Enumerable.Range(0, now.Count).Where(v => !stays[v])]);
    }

    private RecordBatch Rows(Versions now, List<int> added, Schema columns)
    {
        int[] last = [.. added.Select(v => now.Lasts[v])];
        return new RecordBatch(
            columns,
            [
                .. columns.Fields.Select(f => f.Name switch
                {
                    _ when string.Equals(f.Name, ChangeLayout.StartAt, StringComparison.OrdinalIgnoreCase) => Gather.Take(events.SequenceValues, [.. added.Select(v => now.Starts[v])]),
                    _ when string.Equals(f.Name, ChangeLayout.EndAt, StringComparison.OrdinalIgnoreCase) => Gather.Take(events.SequenceValues, [.. added.Select(v => now.Ends[v])]),
                    var name => Gather.Take(now.Rows.Columns[now.Rows.Schema.IndexOf(name)], last),
                }),
            ],
            last.Length);
    }

    private bool[] Owners(Versions versions, List<int> some, int keys)
    {
        var owners = new bool[keys];
        foreach (var v in some) owners[events.Numbers[versions.Starts[v]]] = true;
        return owners;
    }

    /// <summary>The rows found whose key and start are those of a version that goes.</summary>
    private ImmutableArray<int> Located(FoundRows found, Versions old, List<int> gone)
    {
        var name = new Schema(found.Rows.Schema.Fields[^1]);
        using var first = new RecordBatch(name, [found.Rows.Columns[^1].Retain()], found.Count);
        using var second = new RecordBatch(name, [Gather.Take(events.SequenceValues, [.. gone.Select(v => old.Starts[v])])], gone.Count);
        using var both = Concatenate.Batches(name, [first, second]);
        var order = EventSet.OrderOf(both.Columns[0]);
        var firstOf = new Dictionary<int, int>();
        for (var g = gone.Count - 1; g >= 0; g--) firstOf[KeyOf(g)] = g;
        var located = ImmutableArray.CreateBuilder<int>();
        for (var row = 0; row < found.Count; row++)
        {
            for (var g = firstOf.GetValueOrDefault(found.Numbers[row], gone.Count); g < gone.Count && KeyOf(g) == found.Numbers[row]; g++)
            {
                if (order.Compare(row, found.Count + g) != 0) continue;
                located.Add(row);
                break;
            }
        }

        return located.ToImmutable();

        int KeyOf(int g) => events.Numbers[old.Starts[gone[g]]];
    }

    /// <summary>How many of the versions that go have none with their key and start in their place.</summary>
    private static long Replaced(Versions old, List<int> gone, Versions now, List<int> added)
    {
        var starts = added.Select(v => now.Starts[v]).ToHashSet();
        return gone.Count(v => !starts.Contains(old.Starts[v]));
    }

    /// <summary>The versions of some keys, key by key and in order.</summary>
    /// <param name="Rows">The stored columns after events.</param>
    private sealed record Versions(RecordBatch Rows) : IDisposable
    {
        /// <summary>By version the event at which it starts.</summary>
        public List<int> Starts { get; } = [];

        /// <summary>By version the event at which it ends, or −1.</summary>
        public List<int> Ends { get; } = [];

        /// <summary>By version the row of <see cref="Rows"/> that holds its values.</summary>
        public List<int> Lasts { get; } = [];

        public int Count => Starts.Count;

        public static Versions Of(EventSet events, EventTimeline timeline, bool[] isTouched, Func<EventTimeline, Inheritance>? partsOf, ImmutableArray<string> tracked)
        {
            int[] places = [.. Enumerable.Range(0, isTouched.Length).Where(key => isTouched[key])
                .SelectMany(key => Enumerable.Range(timeline.Starts[key], timeline.Starts[key + 1] - timeline.Starts[key]))];
            var rows = partsOf is null
                ? Gather.Take(events.Values, [.. places.Select(place => timeline.Events[place])])
                : partsOf(timeline).RowsAfter(events.Values, places);
            var versions = new Versions(rows);
            versions.Find(events, [.. places.Select(place => timeline.Events[place])], tracked);
            return versions;
        }

        public void Dispose() => Rows.Dispose();

        private void Find(EventSet events, int[] order, ImmutableArray<string> tracked)
        {
            var compared = tracked.Select(name => Rows.Columns[Rows.Schema.IndexOf(name)]).ToList();
            var same = new SortOrder(compared, [.. compared.Select(_ => new SortDirection(Descending: false, NullsFirst: true))]);
            var isOpen = false;
            for (var i = 0; i < order.Length; i++)
            {
                var e = order[i];
                isOpen &= i > 0 && events.Numbers[order[i - 1]] == events.Numbers[e];
                var isUpsert = events.Kinds[e] == (sbyte)ChangeKind.Upsert;
                if (isOpen && isUpsert && same.Compare(i - 1, i) == 0)
                {
                    Lasts[^1] = i;
                    continue;
                }

                if (isOpen) Ends[^1] = e;
                isOpen = isUpsert;
                if (!isUpsert) continue;
                Starts.Add(e);
                Ends.Add(-1);
                Lasts.Add(i);
            }
        }
    }
}
