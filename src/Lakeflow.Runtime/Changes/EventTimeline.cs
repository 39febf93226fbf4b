using System.Buffers;
using Lakeflow.Runtime.Breakers;

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
    public static EventTimeline Build(int keys, ReadOnlySpan<int> numbers, sbyte[] kinds, SortOrder sequence, int floor, int firstFresh, int[]? twins = null)
    {
        var starts = new int[keys + 1];
        var counts = new bool[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            counts[i] = numbers[i] >= 0 && (floor < 0 || sequence.Compare(i, floor) >= 0);
            if (counts[i]) starts[numbers[i] + 1]++;
        }

        for (var k = 0; k < keys; k++) starts[k + 1] += starts[k];
        var events = new int[starts[keys]];
        var next = ArrayPool<int>.Shared.Rent(keys);
        starts.AsSpan(0, keys).CopyTo(next);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (counts[i]) events[next[numbers[i]]++] = i;
        }

        ArrayPool<int>.Shared.Return(next);
        var order = new Order(kinds, sequence);
        var words = sequence.Words;
        var end = 0;
        for (var k = 0; k < keys; k++)
        {
            var mine = events.AsSpan(starts[k]..starts[k + 1]);
            if (words is not null && IsInOrder(mine, words))
            {
                // The most common case: nothing to move, nothing that shares a sequence.
                starts[k] = end;
                mine.CopyTo(events.AsSpan(end));
                end += mine.Length;
                continue;
            }

            Sort(mine, order);
            starts[k] = end;
            for (var i = 0; i < mine.Length; i++)
            {
                if (i == 0 || sequence.Compare(mine[i], events[end - 1]) != 0)
                {
                    events[end++] = mine[i];
                    continue;
                }

                ref var stays = ref events[end - 1];
                if (kinds[mine[i]] == (sbyte)ChangeKind.End && kinds[stays] == (sbyte)ChangeKind.Upsert && stays >= firstFresh) stays = mine[i];
                else if (twins is not null && kinds[mine[i]] == (sbyte)ChangeKind.Upsert && mine[i] < firstFresh) twins[stays] = mine[i];
            }
        }

        starts[keys] = end;
        return new EventTimeline(end == events.Length ? events : events[..end], starts);
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

    private sealed class Order(sbyte[] kinds, SortOrder sequence) : IComparer<int>
    {
        public int Compare(int a, int b)
        {
            var c = sequence.Compare(a, b);
            if (c == 0) c = kinds[b].CompareTo(kinds[a]);
            return c != 0 ? c : a.CompareTo(b);
        }
    }
}
