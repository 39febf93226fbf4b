using System.Collections.Immutable;

namespace Lakeflow.Delta;

/// <summary>One line of a Delta commit: what the table's log says happened. Delta protocol, "Actions".</summary>
public abstract record LogAction;

/// <summary>What a reader and a writer must understand to touch the table.</summary>
/// <param name="MinReader">1 and 2: legacy; 3: <paramref name="ReaderFeatures"/> are named.</param>
/// <param name="MinWriter">1 to 6: legacy; 7: <paramref name="WriterFeatures"/> are named.</param>
public sealed record Protocol(int MinReader, int MinWriter, ImmutableSortedSet<string> ReaderFeatures, ImmutableSortedSet<string> WriterFeatures)
    : LogAction
{
    public bool Equals(Protocol? other) => other is not null && MinReader == other.MinReader && MinWriter == other.MinWriter
        && ReaderFeatures.SetEquals(other.ReaderFeatures) && WriterFeatures.SetEquals(other.WriterFeatures);

    public override int GetHashCode() => HashCode.Combine(MinReader, MinWriter, ReaderFeatures.Count, WriterFeatures.Count);
}

/// <summary>The table's identity, schema, partitioning and properties.</summary>
/// <param name="Id">A UUID that stays for the table's life.</param>
/// <param name="SchemaText">The schema as Spark's JSON; see <see cref="SchemaJson"/>.</param>
/// <param name="PartitionColumns">Names of the columns kept in file names and the log instead of the files.</param>
/// <param name="Properties">Table properties (<c>delta.appendOnly</c> …).</param>
/// <param name="CreatedTime">Milliseconds since the epoch, or null.</param>
public sealed record TableMetadata(
    string Id,
    string SchemaText,
    ImmutableArray<string> PartitionColumns,
    ImmutableSortedDictionary<string, string> Properties,
    long? CreatedTime = null,
    string? Name = null,
    string? Description = null) : LogAction
{
    /// <summary>The schema, read from <see cref="SchemaText"/>.</summary>
    public Arrow.Schema Schema => SchemaJson.Read(SchemaText);

    public bool Equals(TableMetadata? other) => other is not null && Id == other.Id && SchemaText == other.SchemaText && Name == other.Name
        && Description == other.Description && CreatedTime == other.CreatedTime
        && PartitionColumns.SequenceEqual(other.PartitionColumns) && Properties.SequenceEqual(other.Properties);

    public override int GetHashCode() => HashCode.Combine(Id, SchemaText);
}

/// <summary>A data file that is part of the table from this version on.</summary>
/// <param name="Path">URL-escaped, relative to the table or absolute, as it stands in the log.</param>
/// <param name="PartitionValues">Text by physical column name; null is NULL.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModificationTime">Milliseconds since the epoch.</param>
/// <param name="DataChange">False if the rows were in the table already (compaction).</param>
/// <param name="Stats">JSON with numRecords, minValues, maxValues, nullCount; or null.</param>
public sealed record AddFile(
    string Path,
    ImmutableSortedDictionary<string, string?> PartitionValues,
    long Size,
    long ModificationTime,
    bool DataChange,
    string? Stats = null) : LogAction
{
    public DeletionVector? DeletionVector { get; init; }

    public ImmutableSortedDictionary<string, string>? Tags { get; init; }

    public long? BaseRowId { get; init; }

    public long? DefaultRowCommitVersion { get; init; }

    public string? ClusteringProvider { get; init; }

    /// <summary>Rows of the file that are not deleted; null if its statistics do not say.</summary>
    public long? RowCount => JsonText.TopNumber(Stats, "numRecords") - (DeletionVector?.Cardinality ?? 0);

    /// <summary>The action that takes this file out of the table.</summary>
    public RemoveFile Removed(long deletionTimestamp, bool dataChange = true) => new(Path, deletionTimestamp, dataChange)
    {
        PartitionValues = PartitionValues,
        Size = Size,
        DeletionVector = DeletionVector,
        Tags = Tags,
        BaseRowId = BaseRowId,
        DefaultRowCommitVersion = DefaultRowCommitVersion,
    };
}

/// <summary>A data file that is no longer part of the table; kept as a tombstone until its retention ends.</summary>
/// <param name="Path">As in <see cref="AddFile"/>.</param>
/// <param name="DeletionTimestamp">Milliseconds since the epoch, or null.</param>
/// <param name="DataChange">False if the rows stay in the table (compaction).</param>
public sealed record RemoveFile(string Path, long? DeletionTimestamp, bool DataChange) : LogAction
{
    public ImmutableSortedDictionary<string, string?>? PartitionValues { get; init; }

    public long? Size { get; init; }

    public DeletionVector? DeletionVector { get; init; }

    public ImmutableSortedDictionary<string, string>? Tags { get; init; }

    public long? BaseRowId { get; init; }

    public long? DefaultRowCommitVersion { get; init; }
}

/// <summary>The last transaction of an application: lets a writer see that a step has been done.</summary>
public sealed record Txn(string AppId, long Version, long? LastUpdated = null) : LogAction;

/// <summary>A named piece of text that belongs to the table; survives checkpoints. Writer feature <c>domainMetadata</c>.</summary>
/// <param name="Domain">Its name; <c>delta.*</c> belongs to the format.</param>
/// <param name="Configuration">JSON by convention.</param>
/// <param name="Removed">True ends the domain.</param>
public sealed record DomainMetadata(string Domain, string Configuration, bool Removed) : LogAction;

/// <summary>A file of row-level changes, for readers of the change feed. Not part of the table's state.</summary>
public sealed record AddCdcFile(string Path, long Size) : LogAction
{
    public ImmutableSortedDictionary<string, string?> PartitionValues { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;
}

/// <summary>Who did what, as JSON; no part of the table's state.</summary>
/// <param name="Json">The object as it stands in the commit.</param>
public sealed record CommitInfo(string Json) : LogAction;

/// <summary>A Parquet file in <c>_delta_log/_sidecars</c> with the files of a V2 checkpoint.</summary>
public sealed record Sidecar(string Path, long Size) : LogAction;
