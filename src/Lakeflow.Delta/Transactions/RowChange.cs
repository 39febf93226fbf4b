namespace Lakeflow.Delta;

/// <summary>What happened to a row, in the words of the change data feed.</summary>
public enum RowChange
{
    Insert,
    Delete,

    /// <summary>The row as it was before an update.</summary>
    UpdatePreimage,

    /// <summary>The row as it is after an update.</summary>
    UpdatePostimage,
}

/// <summary>The names of changes in the column <c>_change_type</c>. Delta protocol, "Change Data Files".</summary>
internal static class RowChangeName
{
    public const string Column = "_change_type";

    public static string Of(RowChange change) => change switch
    {
        RowChange.Insert => "insert",
        RowChange.Delete => "delete",
        RowChange.UpdatePreimage => "update_preimage",
        _ => "update_postimage",
    };
}
