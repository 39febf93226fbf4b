namespace Lakeflow.Runtime.Breakers;

/// <summary>The state of an aggregate over frames that move forward, at a few merges per row whatever their width.</summary>
/// <remarks>
/// <code>
/// rows        first … middle … after
/// suffixes    [ ←―――――――――― )              one for each row: that row to the middle
/// state                     [ ――――→ )      the middle to the end
/// </code>
/// A frame's state is a suffix merged with the state. When its start passes the middle, the suffixes are made anew up to its end:
/// each row is in at most one such pass. Nothing is ever taken out of a state, so that any aggregate that merges will do.
/// </remarks>
/// <param name="rows">For each row the state of that row alone.</param>
public sealed class SlidingStates<TState>(TState[] rows)
    where TState : struct, IAggregateState<TState>
{
    private TState[] suffixes = [];
    private TState state = TState.New();
    private int begin;
    private int middle;
    private int end;

    /// <summary>The state of rows <paramref name="first"/> to <paramref name="after"/> (exclusive).</summary>
    public TState Of(int first, int after)
    {
        // Elsewhere (the next partition), or back: from nothing.
        if (first < begin || first >= end || after < end) Restart(first);
        if (first > middle) Turn(first);
        for (; end < after; end++) TState.Merge(ref state, ref rows[end]);
        if (first >= middle) return state;
        var all = suffixes[first - begin];
        TState.Merge(ref all, ref state);
        return all;
    }

    private void Restart(int first)
    {
        begin = middle = end = first;
        state = TState.New();
    }

    private void Turn(int first)
    {
        if (suffixes.Length < end - first) suffixes = new TState[Math.Max(end - first, 2 * suffixes.Length)];
        for (var row = end - 1; row >= first; row--)
        {
            suffixes[row - first] = rows[row];
            if (row < end - 1) TState.Merge(ref suffixes[row - first], ref suffixes[row - first + 1]);
        }

        begin = first;
        middle = end;
        state = TState.New();
    }
}
