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
}

/// <summary>What a generated aggregate state must offer.</summary>
public interface IAggregateState<TSelf>
    where TSelf : struct, IAggregateState<TSelf>
{
    /// <summary>The state of a group that has seen no row.</summary>
    static abstract TSelf New();

    /// <summary>Adds what <paramref name="other"/> has seen, after what <paramref name="into"/> has.</summary>
    static abstract void Merge(ref TSelf into, ref TSelf other);
}
