using System.Runtime.CompilerServices;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Sums of a group in 64 bits, generated: what a loop adds up before it goes into the exact state.</summary>
public interface IPartialSums<TSelf, TState>
    where TSelf : unmanaged, IPartialSums<TSelf, TState>
    where TState : struct
{
    /// <summary>Adds the sums to a state.</summary>
    static abstract void Settle(in TSelf sums, ref TState state);
}

/// <summary>The partial sums of a worker's groups by group id, close together, beside the exact and wider states of <see cref="HashAggregate{TKey, TState}"/>.</summary>
/// <remarks>
/// Bounds of each batch's values are added up: before they could reach 64 bits, all sums go into the states. Whoever needs the
/// states, to merge or to spill them, settles first. Not thread-safe.
/// </remarks>
public sealed class PartialSums<TKey, TState, TSums>
    where TKey : unmanaged, IGroupKey<TKey>
    where TState : struct, IAggregateState<TState>
    where TSums : unmanaged, IPartialSums<TSums, TState>
{
    private TSums[] sums = [];
    private double greatest;

    /// <summary>Bytes held.</summary>
    public long Bytes => (long)sums.Length * Unsafe.SizeOf<TSums>();

    /// <summary>Makes room for the sums of a batch.</summary>
    /// <param name="groups">The states that sums go into where there is no room.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="bounds">What one row can add to each sum at most.</param>
    /// <returns>False if the sums of this batch alone may leave 64 bits: it is not for them.</returns>
    public bool Take(HashAggregate<TKey, TState> groups, int rows, params ReadOnlySpan<double> bounds)
    {
        var more = Magnitude.Greatest(rows, bounds);
        if (!(more < Magnitude.Limit)) return false;
        if (greatest + more >= Magnitude.Limit) Settle(groups);
        greatest += more;
        return true;
    }

    /// <summary>The sums of a group. Valid until the next call.</summary>
    public ref TSums this[int group]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)group >= (uint)sums.Length) Widen(group + 1);
            return ref sums[group];
        }
    }

    /// <summary>The sums of the first groups, by id. Valid until the next call.</summary>
    public Span<TSums> Of(int groups)
    {
        if (groups > sums.Length) Widen(groups);
        return sums.AsSpan(0, groups);
    }

    /// <summary>Adds all sums to the states and starts from 0.</summary>
    public void Settle(HashAggregate<TKey, TState> groups)
    {
        if (greatest == 0) return;
        for (var group = 0; group < Math.Min(groups.Count, sums.Length); group++) TSums.Settle(sums[group], ref groups.State(group));
        Array.Clear(sums);
        greatest = 0;
    }

    /// <summary>As <see cref="Settle"/>, and lets go of the room.</summary>
    public void Release(HashAggregate<TKey, TState> groups)
    {
        Settle(groups);
        sums = [];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Widen(int groups) => Array.Resize(ref sums, Math.Max(groups, Math.Max(64, sums.Length * 2)));
}
