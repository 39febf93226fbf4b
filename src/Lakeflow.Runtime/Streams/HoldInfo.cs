using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Streams;

/// <summary>What is remembered of a stream's rows, and which of them a step gets.</summary>
public enum HoldKind
{
    /// <summary>Rows, or what is known of the groups in them, wait until the watermark has reached their due time, and come out then. Late ones have been left out before.</summary>
    UntilDue,

    /// <summary>The first of each set of equal rows comes out at once, and is remembered until the watermark has reached its due time, or for good.</summary>
    FirstOnly,

    /// <summary>
    /// Rows wait until the watermark has reached the end of their session: of all rows with equal keys whose times from start to due
    /// touch. A row that is not after the watermark, and in no session that is still open, is late.
    /// </summary>
    Sessions,
}

/// <summary>A place in a flow's plan that remembers rows from step to step, in a state table of its own.</summary>
/// <param name="Columns">The rows' columns, by names that a table may have.</param>
/// <param name="Due">The column with the due time, or −1.</param>
/// <param name="Meaning">What the columns are.</param>
public sealed record HoldInfo(HoldKind Kind, Schema Columns, int Due, StateMeaning Meaning)
{
    /// <summary>Of <see cref="HoldKind.Sessions"/>, the column with the row's time; else −1.</summary>
    public int Start { get; init; } = -1;

    /// <summary>What fields of structs in the columns are made from, by their paths.</summary>
    public ImmutableArray<ColumnOrigin> Fields { get; init; } = [];

    /// <summary>The watermark that the place works with.</summary>
    public StreamClock Clock { get; init; }

    /// <summary>Of <see cref="HoldKind.Sessions"/>, the columns in which the rows of a session are equal.</summary>
    public ImmutableArray<int> Keys { get; init; } = [];

    /// <summary>How rows of one group become one, by column; empty where rows are held as they are.</summary>
    public ImmutableArray<PartInfo> Parts { get; init; } = [];
}
