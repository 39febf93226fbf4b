using System.Runtime.InteropServices;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>What a generated hash key must offer. All static: JIT and AOT specialise per key, nothing is virtual.</summary>
/// <remarks>NULL is a value of a key (its flag is part of the struct): NULLs form one group. A join leaves rows with a NULL key out before.</remarks>
public interface IGroupKey<TSelf>
    where TSelf : unmanaged, IGroupKey<TSelf>
{
    static abstract ulong Hash(in TSelf key);

    static abstract bool Equal(in TSelf a, in TSelf b);

    /// <summary>True if <see cref="Ordinal"/> says something: the key is one integer, date or boolean.</summary>
    static virtual bool HasOrdinal => false;

    /// <summary>The key as an integer; <see cref="long.MinValue"/> for NULL. Equal keys have equal ordinals and the other way round.</summary>
    static virtual long Ordinal(in TSelf key) => long.MinValue;

    /// <summary>Puts a key into a block. A key with texts puts those, too.</summary>
    static virtual void Write(in TSelf key, SpillWriter to) => to.Put(key);

    /// <summary>Takes a key out of a block; its texts are laid into <paramref name="texts"/>.</summary>
    static virtual TSelf Read(SpillReader from, TextKeyArena texts) => from.Get<TSelf>();
}

/// <summary>What a generated aggregate state must offer.</summary>
public interface IAggregateState<TSelf>
    where TSelf : struct, IAggregateState<TSelf>
{
    /// <summary>The state of a group that has seen no row.</summary>
    static abstract TSelf New();

    /// <summary>Adds what <paramref name="other"/> has seen, after what <paramref name="into"/> has.</summary>
    static abstract void Merge(ref TSelf into, ref TSelf other);

    /// <summary>Puts a state into a block. As it stands there is enough for a state without objects.</summary>
    static virtual void Write(ref TSelf state, SpillWriter to) => to.Put(MemoryMarshal.AsBytes(new ReadOnlySpan<TSelf>(ref state)));

    /// <summary>Takes out of a block what was put there, into a state that has seen no row.</summary>
    static virtual void Read(ref TSelf state, SpillReader from) => from.Get(MemoryMarshal.AsBytes(new Span<TSelf>(ref state)));
}
