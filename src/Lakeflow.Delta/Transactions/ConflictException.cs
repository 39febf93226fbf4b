using System.Globalization;

namespace Lakeflow.Delta;

/// <summary>Why a commit could not follow the commits that came before it.</summary>
public enum ConflictKind
{
    /// <summary>Another run committed a step of the same flow. Never retried: the step's input has been consumed.</summary>
    FlowAdvanced,

    /// <summary>The protocol, schema, partitioning or a property was changed.</summary>
    MetadataChanged,

    /// <summary>Rows were added to what this transaction had read.</summary>
    RowsAdded,

    /// <summary>A file that this transaction read or removes was removed.</summary>
    RowsRemoved,

    /// <summary>Another commit made the table first.</summary>
    TableCreated,
}

/// <summary>A commit lost against another one that it cannot be put after. Nothing was written to the table.</summary>
public sealed class ConflictException : Exception
{
    public ConflictException(ConflictKind kind, string location, long version)
        : base(Describe(kind, location, version))
    {
        Kind = kind;
        Version = version;
    }

    public ConflictKind Kind { get; }

    /// <summary>The version of the other commit.</summary>
    public long Version { get; }

    public string Code => "LF6068";

    /// <summary>True if the same work, done again on the new version, may succeed.</summary>
    public bool IsRetryable => Kind is ConflictKind.RowsAdded or ConflictKind.RowsRemoved;

    private static string Describe(ConflictKind kind, string location, long version)
    {
        var what = kind switch
        {
            ConflictKind.FlowAdvanced => "another run advanced this flow",
            ConflictKind.MetadataChanged => "another commit changed the table's schema or properties",
            ConflictKind.RowsAdded => "another commit added rows",
            ConflictKind.RowsRemoved => "another commit removed rows",
            _ => "another commit made the table",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{what} (version {version} of the table at {location}).");
    }
}
