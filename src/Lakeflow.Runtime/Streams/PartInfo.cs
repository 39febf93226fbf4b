namespace Lakeflow.Runtime.Streams;

/// <summary>How a column of rows that hold parts of groups is made of those of several rows. NULL is no value; it remains where there is no other.</summary>
/// <param name="By">Of <see cref="PartKind.ByLeast"/> and <see cref="PartKind.ByGreatest"/> the column that decides; else −1.</param>
public readonly record struct PartInfo(PartKind Kind, int By = -1);

public enum PartKind
{
    /// <summary>Equal in the rows of one group.</summary>
    Key,
    Sum,
    Least,
    Greatest,

    /// <summary>That of the row with the least value of another column; the first of equals.</summary>
    ByLeast,

    /// <inheritdoc cref="ByLeast"/>
    ByGreatest,
    BitAnd,
    BitOr,
    BitXor,

    /// <summary>What <c>approx_count_distinct</c> has seen.</summary>
    Sketch,
}
