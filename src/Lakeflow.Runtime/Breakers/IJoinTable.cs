namespace Lakeflow.Runtime.Breakers;

/// <summary>The build side of a join as the run sees it that loads its parts, one after another.</summary>
public interface IJoinTable
{
    /// <summary>What a lookup gives for a key that belongs to a part which is not in memory.</summary>
    const int Elsewhere = -3;

    /// <summary>True if the build side was spilled, and is divided into parts.</summary>
    internal bool IsDivided { get; }

    internal int Parts { get; }

    /// <summary>Brings a part into memory in place of the one that is there; −1 for none: then rows are set aside for all.</summary>
    internal void Load(int part);

    /// <summary>What each worker has set aside since the last call, null for nothing.</summary>
    internal PartedRows?[] TakeAside();
}
