using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Streams;

/// <summary>What a join of two streams gives beside pairs, or instead of them.</summary>
public enum StreamJoinKind
{
    Inner,

    /// <summary>Left rows that can no longer match, too.</summary>
    Left,

    /// <summary>Right rows that can no longer match, too.</summary>
    Right,

    /// <summary>Both.</summary>
    Full,

    /// <summary>Left rows alone, once each, when they first match.</summary>
    Semi,
}

/// <summary>A join of two streams: what it remembers of each.</summary>
/// <param name="Output">Which columns a pair has, those of both sides numbered through.</param>
/// <param name="Meaning">What is remembered.</param>
public sealed record StreamJoinInfo(StreamJoinKind Kind, JoinSideInfo Left, JoinSideInfo Right, ImmutableArray<int> Output, StateMeaning Meaning)
{
    /// <summary>The watermark that the join works with.</summary>
    public StreamClock Clock { get; init; }
}

/// <summary>One side of a <see cref="StreamJoinInfo"/>.</summary>
/// <param name="Columns">The rows' columns, by names that a table may have.</param>
/// <param name="Keys">The columns that equal the other side's.</param>
/// <param name="Due">The column with the time after which no row of the other side can match, or −1.</param>
/// <param name="Late">The column with the time after which the row is late, or −1.</param>
public sealed record JoinSideInfo(Schema Columns, ImmutableArray<int> Keys, int Due, int Late)
{
    /// <summary>What fields of structs in the columns are made from, by their paths.</summary>
    public ImmutableArray<ColumnOrigin> Fields { get; init; } = [];
}
