using System.Collections.Immutable;

namespace Lakeflow.Runtime.Changes;

/// <summary>What an AUTO CDC target keeps of each key.</summary>
public enum ScdType
{
    /// <summary>The row after the last event, unless that deleted it.</summary>
    Type1 = 1,

    /// <summary>Every version, each with the sequence at which it began and ended.</summary>
    Type2 = 2,
}

/// <summary>How the rows of an AUTO CDC flow change its target; the rows themselves are laid out as <see cref="ChangeLayout"/> says.</summary>
/// <param name="Scd">What is kept of each key.</param>
/// <param name="Keys">The columns that name a row of the target; at least one.</param>
public sealed record ChangesInfo(ScdType Scd, ImmutableArray<string> Keys)
{
    /// <summary>SCD type 2: the stored columns whose change opens a new version.</summary>
    public ImmutableArray<string> Tracked { get; init; } = [];

    /// <summary>Columns where a NULL of this flow's events means "not told" (<c>IGNORE NULL UPDATES</c>).</summary>
    public ImmutableArray<string> IgnoreNull { get; init; } = [];

    /// <summary>True if each event lists the columns that it sets (<c>COLUMNS TO UPDATE</c>).</summary>
    public bool ListsColumns { get; init; }

    /// <summary>Columns that an event of some flow into the target may leave as they were. Empty: every event tells the whole row.</summary>
    public ImmutableArray<string> Partial { get; init; } = [];

    /// <summary>True if the flow's rows are whole snapshots of the target, each with its version as sequence: what is missing from one is deleted.</summary>
    public bool FromSnapshots { get; init; }

    /// <summary>True if the version of a snapshot is the time of the update that takes it: the source is one snapshot, with rows or without.</summary>
    public bool SnapshotsByTime { get; init; }

    /// <summary>All of it in one line, the same in every process.</summary>
    public string Describe() =>
        $"scd {(int)Scd} keys {Names(Keys)} tracked {Names(Tracked)} ignore null {Names(IgnoreNull)} lists {ListsColumns} partial {Names(Partial)}{(FromSnapshots ? SnapshotsByTime ? " from snapshots by time" : " from snapshots" : "")}";

    private static string Names(ImmutableArray<string> names) => "(" + string.Join(", ", names) + ")";
}
