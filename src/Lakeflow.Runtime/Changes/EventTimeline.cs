using System.Buffers;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Changes;

/// <summary>Events by key, and for each key in the order of their sequence: one event for each key and sequence.</summary>
/// <remarks>
/// Of events with one sequence a delete stays, else the one that was there first: those of the state come before those of
/// the step. Which of several upserts stays is not promised by the language (specification §3.1, §10). The end of a version
/// is a delete, unless another version was known to begin there.
/// </remarks>
internal sealed class EventTimeline
{
    /// <summary>Above this many events of one key a sort by halves is worth it.</summary>
    private const int Few = 24;

    /// <summary>Fewer events than these are not worth a second thread.</summary>
    private const int ManyEvents = 20_000;

    private EventTimeline(int[] events, int[] starts)
    {
        Events = events;
        Starts = starts;
    }

    /// <summary>Numbers of events.</summary>
    public int[] Events { get; }

    /// <summary>By key number, where its events begin in <see cref="Events"/>; the last entry is where they all end.</summary>
    public int[] Starts { get; }

    public ReadOnlySpan<int> Of(int key) => Events.AsSpan(Starts[key]..Starts[key + 1]);

    /// <param name="keys">Number of keys.</param>
    /// <param name="numbers">For each event the number of its key; −1 for one that belongs to none.</param>
    /// <param name="kinds">For each event its <see cref="ChangeKind"/>.</param>
    /// <param name="sequence">Compares the sequences of two events.</param>
    /// <param name="floor">The event before which nothing counts, or −1.</param>
    /// <param name="firstFresh">The first event that was not known before.</param>
    /// <param name="twins">By event, takes the known upsert of the same key and sequence that gave way to it; null if nobody asks.</param>
    /// <param name="workers">How many threads to use: each puts the events of a range of keys in order.</param>
    public static EventTimeline Build(int keys, int[] numbers, sbyte[] kinds, SortOrder sequence, int floor, int firstFresh, int[]? twins, int workers)
    {
        var starts = new int[keys + 1];
        var ranges = new (int First, int End)[numbers.Length < ManyEvents ? 1 : workers];
        for (var r = 0; r < ranges.Length; r++) ranges[r] = ((int)((long)keys * r / ranges.Length), (int)((long)keys * (r + 1) / ranges.Length));
        WorkerPool.Run(ranges.Length, r => Count(ranges[r], numbers, sequence, floor, starts));
        for (var k = 0; k < keys; k++) starts[k + 1] += starts[k];
        var timeline = new EventTimeline(GC.AllocateUninitializedArray<int>(starts[keys]), starts);
        var ends = new int[ranges.Length];
        WorkerPool.Run(ranges.Length, r =>
        {
            var next = ArrayPool<int>.Shared.Rent(ranges[r].End - ranges[r].First);
            timeline.Place(ranges[r], numbers, sequence, floor, next);
            ends[r] = timeline.Settle(ranges[r], next, new Order(kinds, sequence), firstFresh, twins);
            ArrayPool<int>.Shared.Return(next);
        });
        return timeline.Close(ranges, ends);
    }

    /// <summary>Counts the events of a range of keys: those of key k at k + 1.</summary>
    private static void Count((int First, int End) range, int[] numbers, SortOrder sequence, int floor, int[] starts)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (Counts(range, numbers[i]) && (floor < 0 || sequence.Compare(i, floor) >= 0)) starts[numbers[i] + 1]++;
        }
    }

    private static bool Counts((int First, int End) range, int key) => (uint)(key - range.First) < (uint)(range.End - range.First);

    /// <summary>Puts the events of a range of keys where they belong, those of a key as they came.</summary>
    /// <param name="next">By key of the range where its next event goes; afterwards where the key's events end.</param>
    private void Place((int First, int End) range, int[] numbers, SortOrder sequence, int floor, int[] next)
    {
        var (starts, events) = (Starts, Events);
        starts.AsSpan(range.First, range.End - range.First).CopyTo(next);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (Counts(range, numbers[i]) && (floor < 0 || sequence.Compare(i, floor) >= 0)) events[next[numbers[i] - range.First]++] = i;
        }
    }

    /// <summary>Sorts the events of each key of a range, and leaves one of those with one sequence.</summary>
    /// <param name="ends">By key of the range where its events end.</param>
    /// <returns>Where those of the range end then.</returns>
    private int Settle((int First, int End) range, int[] ends, Order order, int firstFresh, int[]? twins)
    {
        var (starts, events) = (Starts, Events);
        var words = order.Sequence.Words;
        var end = range.First < range.End ? starts[range.First] : 0;
        for (var k = range.First; k < range.End; k++)
        {
            var mine = events.AsSpan(starts[k]..ends[k - range.First]);
            starts[k] = end;
            if (words is not null && IsInOrder(mine, words))
            {
                // The most common case: nothing to sort, nothing that shares a sequence.
                mine.CopyTo(events.AsSpan(end));
                end += mine.Length;
                continue;
            }

            Sort(mine, order);
            for (var i = 0; i < mine.Length; i++)
            {
                if (i == 0 || order.Sequence.Compare(mine[i], events[end - 1]) != 0)
                {
                    events[end++] = mine[i];
                    continue;
                }

                ref var stays = ref events[end - 1];
                if (order.Kinds[mine[i]] == (sbyte)ChangeKind.End && order.Kinds[stays] == (sbyte)ChangeKind.Upsert && stays >= firstFresh) stays = mine[i];
                else if (twins is not null && order.Kinds[mine[i]] == (sbyte)ChangeKind.Upsert && mine[i] < firstFresh) twins[stays] = mine[i];
            }
        }

        return end;
    }

    /// <summary>Moves ranges of keys together: the events that went have left a gap behind each.</summary>
    private EventTimeline Close(ReadOnlySpan<(int First, int End)> ranges, ReadOnlySpan<int> ends)
    {
        var end = 0;
        for (var r = 0; r < ranges.Length; r++)
        {
            if (ranges[r].First == ranges[r].End) continue;
            var from = Starts[ranges[r].First];
            if (from > end)
            {
                Events.AsSpan(from..ends[r]).CopyTo(Events.AsSpan(end));
                foreach (ref var start in Starts.AsSpan(ranges[r].First..ranges[r].End)) start -= from - end;
            }

            end += ends[r] - from;
        }

        Starts[^1] = end;
        return end == Events.Length ? this : new EventTimeline(Events[..end], Starts);
    }

    /// <summary>True if each event comes after the one before.</summary>
    private static bool IsInOrder(ReadOnlySpan<int> events, ulong[] words)
    {
        for (var i = 1; i < events.Length; i++)
        {
            if (words[events[i - 1]] >= words[events[i]]) return false;
        }

        return true;
    }

    private static void Sort(Span<int> events, Order order)
    {
        if (events.Length > Few)
        {
            events.Sort(order);
            return;
        }

        for (var i = 1; i < events.Length; i++)
        {
            var current = events[i];
            var at = i;
            for (; at > 0 && order.Compare(events[at - 1], current) > 0; at--) events[at] = events[at - 1];
            events[at] = current;
        }
    }

    private sealed record Order(sbyte[] Kinds, SortOrder Sequence) : IComparer<int>
    {
        public int Compare(int a, int b)
        {
            var c = Sequence.Compare(a, b);
            if (c == 0) c = Kinds[b].CompareTo(Kinds[a]);
            return c != 0 ? c : a.CompareTo(b);
        }
    }
}
