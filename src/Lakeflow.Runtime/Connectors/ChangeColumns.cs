using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Connectors;

/// <summary>The columns that a change feed has beside those of its table. Delta protocol, "Change Data Feed".</summary>
public static class ChangeColumns
{
    public const string ChangeType = "_change_type";
    public const string CommitVersion = "_commit_version";
    public const string CommitTimestamp = "_commit_timestamp";

    /// <summary>In the order in which they stand behind the table's columns.</summary>
    public static readonly ImmutableArray<Field> All =
    [
        new(ChangeType, DataType.String, Nullable: false),
        new(CommitVersion, DataType.Int64, Nullable: false),
        new(CommitTimestamp, DataType.Timestamp, Nullable: false),
    ];
}
