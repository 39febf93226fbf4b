using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Changes;

/// <summary>What an event does.</summary>
public enum ChangeKind : sbyte
{
    /// <summary>The end of a version that the target has, as an event: a delete, unless another version begins there. No flow makes it, no state keeps it.</summary>
    End = -1,

    Upsert = 0,
    Delete = 1,

    /// <summary>Takes away every row whose last event comes before it. Its keys may be NULL.</summary>
    Truncate = 2,
}

/// <summary>The columns of an AUTO CDC flow's rows, its events: the stored columns in the target's order, then the ones named here.</summary>
public static class ChangeLayout
{
    /// <summary>No column of a source may begin like this.</summary>
    public const string Prefix = "__lakeflow_";

    /// <summary>The value of SEQUENCE BY; NULL fails the step.</summary>
    public const string Sequence = Prefix + "sequence";

    /// <summary>TINYINT: a <see cref="ChangeKind"/>.</summary>
    public const string Kind = Prefix + "kind";

    /// <summary>ARRAY&lt;STRING&gt;: the columns that the event sets. Only there with <see cref="ChangesInfo.ListsColumns"/>.</summary>
    public const string Listed = Prefix + "columns";

    /// <summary>STRING, of a REPLACE WHERE flow: the data file of a row that the target has and that goes; NULL in new rows.</summary>
    public const string File = Prefix + "file";

    /// <summary>BIGINT, of a REPLACE WHERE flow: the number of that row in its file.</summary>
    public const string Row = Prefix + "row";

    /// <summary>Of a version of SCD type 2: the sequence of the first event of its run.</summary>
    public const string StartAt = "__START_AT";

    /// <summary>Of a version of SCD type 2: the sequence of the event that ended it; NULL for the present one.</summary>
    public const string EndAt = "__END_AT";

    /// <summary>The stored columns among those of the events.</summary>
    public static Schema Stored(Schema events) => new(events.Fields.Where(f => !IsReserved(f.Name)).ToImmutableArray());

    public static bool IsReserved(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
}
