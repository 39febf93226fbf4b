using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.State;

namespace Lakeflow.Runtime.Flows;

/// <summary>What one step reads of one source.</summary>
/// <param name="Key">What the position or identity is kept under in the flow record.</param>
/// <param name="Open">Opens the rows for a slot; slots of the same source differ in their columns.</param>
internal sealed record PlannedSource(string Key, Func<SourceInfo, IBatchSource> Open)
{
    /// <summary>For the record: a stream's position after the step, or what a batch source was (identity and version).</summary>
    public required string ReadTo { get; init; }

    /// <summary>True if a stream has rows, files or passed commits to take note of.</summary>
    public bool HasNew { get; init; }

    /// <summary>True if a stream has more than one step may take.</summary>
    public bool HasMore { get; init; }

    /// <summary>The state table of a file stream.</summary>
    public SeenFiles? Seen { get; init; }

    /// <summary>Its name in the record.</summary>
    public string? StateName { get; init; }

    /// <summary>The files that a file stream reads in this step, or takes as read.</summary>
    public ImmutableArray<SourceFile> NewFiles { get; init; } = [];
}
