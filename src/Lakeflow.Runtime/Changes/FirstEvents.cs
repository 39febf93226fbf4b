using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>By key the least sequence among a step's events. A version that ended before it stays as it is, whatever the events say.</summary>
/// <remarks>
/// So such versions are not read, and neither are files that hold nothing else. What the state keeps for them, the events of their runs,
/// takes no part either: without the version nothing would tell where the run ends.
/// </remarks>
internal sealed class FirstEvents
{
    private readonly ulong[] words;

    private FirstEvents(ulong[] words, KeyFilter filter)
    {
        this.words = words;
        Filter = filter;
    }

    /// <summary>The versions of a table that did not end before all events.</summary>
    public KeyFilter Filter { get; }

    /// <summary>Of the fresh events; null where sequences do not order as words do.</summary>
    /// <param name="sequence">By event its sequence, never NULL.</param>
    /// <param name="numbers">By event the number of its key, or −1.</param>
    /// <param name="keys">Number of keys.</param>
    public static FirstEvents? Of(ArrowArray sequence, int[] numbers, int keys)
    {
        if (sequence.Length == 0) return null;
        var (words, hasMore) = SortOrder.WordsOf(sequence);
        if (hasMore) return null;
        var first = GC.AllocateUninitializedArray<ulong>(keys);
        Array.Fill(first, ulong.MaxValue);
        var least = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (numbers[i] >= 0 && words[i] < first[numbers[i]]) first[numbers[i]] = words[i];
            if (words[i] < words[least]) least = i;
        }

        return new FirstEvents(first, KeyFilter.FromOrNull(ChangeLayout.EndAt, sequence.GetValue(least)!));
    }

    /// <summary>Of rows chosen by their keys, in place, those whose version has no end or one that is not before the events.</summary>
    /// <param name="ends">By row the end of its version.</param>
    /// <param name="numbers">By row chosen the number of its key.</param>
    /// <param name="chosen">The rows.</param>
    public int Choose(ArrowArray ends, int[] numbers, Span<int> chosen)
    {
        if (chosen.IsEmpty || ends.NullCount == ends.Length) return chosen.Length;
        var (at, _) = SortOrder.WordsOf(ends);
        var count = 0;
        foreach (var row in chosen)
        {
            if (ends.IsNull(row) || at[row] >= words[numbers[row]]) chosen[count++] = row;
        }

        return count;
    }

    /// <summary>Takes the state's events that lie before the versions that were read, and before the events, out of their keys. Nothing can be chosen afterwards.</summary>
    /// <param name="all">The state's events, then the upserts of the versions; others follow.</param>
    /// <param name="versions">Number of versions.</param>
    public void LeaveOut(EventSet all, int versions)
    {
        if (all.StoredCount == 0) return;
        // Sequences that words do not tell apart are not before one another: what is kept in doubt does no harm.
        var at = all.Sequence.Words ?? SortOrder.WordsOf(all.SequenceValues).Words;
        for (var e = all.StoredCount; e < all.StoredCount + versions; e++)
        {
            ref var floor = ref words[all.Numbers[e]];
            floor = Math.Min(floor, at[e]);
        }

        for (var e = 0; e < all.StoredCount; e++)
        {
            ref var key = ref all.Numbers[e];
            if (key >= 0 && at[e] < words[key]) key = -1;
        }
    }
}
