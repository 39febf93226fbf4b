using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>One version of a table: its schema, its files and what else its log holds. Never changes.</summary>
public sealed class Snapshot
{
    private readonly LogState state;

    private Snapshot(IObjectStore store, long version, DateTimeOffset timestamp, LogState state)
    {
        Store = store;
        Version = version;
        Timestamp = timestamp;
        this.state = state;
        Protocol = state.Protocol ?? throw DeltaFaults.Incomplete(store.Location, version, "protocol");
        TableFeatures.CheckReadable(store.Location, Protocol);
        Metadata = state.Metadata ?? throw DeltaFaults.Incomplete(store.Location, version, "metadata");
        Schema = Metadata.Schema;
        Files = [.. state.Files.Values.OrderBy(f => f.ModificationTime).ThenBy(f => f.Path, StringComparer.Ordinal)];
    }

    public IObjectStore Store { get; }

    public long Version { get; }

    /// <summary>When the version was committed: the commit file's time, or the in-commit time where the table keeps one.</summary>
    public DateTimeOffset Timestamp { get; }

    public Protocol Protocol { get; }

    public TableMetadata Metadata { get; }

    /// <summary>All columns, those of the partitioning included.</summary>
    public Schema Schema { get; }

    public ImmutableArray<string> PartitionColumns => Metadata.PartitionColumns;

    /// <summary>What the table's files call a column. It stays when the column is renamed.</summary>
    public string NameInFiles(Field column) => new ColumnMapping(Metadata).PhysicalName(column);

    /// <summary>The data files, by modification time and path: the same order however the log was read.</summary>
    public ImmutableArray<AddFile> Files { get; }

    /// <summary>Rows of the table as its files' statistics tell; null if one does not.</summary>
    public long? RowCount => Files.Aggregate((long?)0, (sum, file) => sum + file.RowCount);

    /// <summary>Bytes of the data files.</summary>
    public long ByteSize => Files.Sum(f => f.Size);

    /// <summary>JSON by domain name.</summary>
    public IReadOnlyDictionary<string, string> Domains => state.Domains;

    /// <summary>The last transaction of each application.</summary>
    public IReadOnlyDictionary<string, Txn> Txns => state.Txns;

    internal LogState State => state;

    /// <summary>What the table's <c>delta.*</c> properties say, or their defaults.</summary>
    public TableProperties Properties => new(Metadata.Properties);

    /// <summary>The newest version, or the one asked for. LF6050 if there is no table, LF6051 if there is no such version.</summary>
    public static Snapshot Open(IObjectStore store, long? version = null)
    {
        DataFault? broken = null;
        foreach (var segment in LogSegment.Find(store, version))
        {
            try
            {
                return Replay(store, segment);
            }
            catch (DataFault fault) when (fault.Code == "LF6059")
            {
                // An older checkpoint, or the commits alone, lead to the same version.
                broken ??= fault;
            }
        }

        throw broken!;
    }

    /// <summary>The version that was the newest at a time. LF6058 before the first and after the last.</summary>
    public static Snapshot OpenAt(IObjectStore store, DateTimeOffset time) => Open(store, CommitTimes.VersionAt(store, time));

    /// <summary>The newest version, or false if there is no table.</summary>
    public static bool TryOpen(IObjectStore store, [NotNullWhen(true)] out Snapshot? snapshot)
    {
        snapshot = LogSegment.List(store, 0).Count == 0 ? null : Open(store);
        return snapshot is not null;
    }

    /// <summary>The newest version, from this one and the commits since; this one if there are none.</summary>
    public Snapshot Advance()
    {
        if (Store.Head(LogNames.Commit(Version + 1)) is null)
        {
            // Nothing newer, unless the log was cleaned up beyond this version.
            return LastCheckpoint.Read(Store) > Version ? Open(Store) : this;
        }

        return AdvanceTo(long.MaxValue);
    }

    /// <summary>This version's files under the metadata that a commit on its way gives the table.</summary>
    internal Snapshot With(TableMetadata metadata)
    {
        if (metadata == Metadata) return this;
        var next = new LogState(state);
        next.Apply(metadata);
        return new Snapshot(Store, Version, Timestamp, next);
    }

    /// <summary>This version with its struct columns as a reader wants them: only their fields that it names, in its order; those that the table has not got are NULL.</summary>
    /// <param name="wanted">Columns that it has not got are as the table has them.</param>
    public Snapshot Shaped(Schema wanted)
    {
        var shaped = new Schema(Schema.Fields.Select(f => wanted.Find(f.Name) is { } w ? SchemaChange.Project(new Schema(f), new Schema(w with { Name = f.Name }))[0] : f).ToImmutableArray());
        return shaped.Equals(Schema) ? this : With(Metadata with { SchemaText = SchemaJson.Write(shaped) });
    }

    /// <summary>This version without the tombstones whose retention is over, as its checkpoint would have it: a process that lives long keeps no more than one that starts.</summary>
    internal Snapshot Forgetting(DateTimeOffset now)
    {
        var expired = (now - Properties.DeletedFileRetention).ToUnixTimeMilliseconds();
        state.Forget(expired);
        return this;
    }

    /// <summary>The table before its first row: this version's protocol and metadata, and nothing else.</summary>
    internal Snapshot Emptied()
    {
        var next = new LogState();
        next.Apply(Protocol);
        next.Apply(Metadata);
        return new Snapshot(Store, Version, Timestamp, next);
    }

    /// <summary>This version and the commits since, up to <paramref name="last"/> or the newest.</summary>
    internal Snapshot AdvanceTo(long last)
    {
        var next = new LogState(state);
        var version = Version;
        DateTimeOffset? timestamp = null;
        while (version < last && Store.Head(LogNames.Commit(version + 1)) is { } info)
        {
            version++;
            var actions = ActionJson.Read(Store, info.Path);
            next.Apply(actions);
            timestamp = CommitTimes.Of(info, actions);
        }

        return new Snapshot(Store, version, timestamp ?? Timestamp, next);
    }

    private static Snapshot Replay(IObjectStore store, LogSegment segment)
    {
        var state = new LogState();
        var timestamp = default(DateTimeOffset);
        if (segment.Checkpoint.Count > 0)
        {
            state.Apply(CheckpointReader.Read(store, segment.Checkpoint));
            timestamp = store.Head(LogNames.Commit(segment.CheckpointVersion))?.Modified ?? segment.Checkpoint[0].Info.Modified;
        }

        foreach (var commit in segment.Commits)
        {
            var actions = ActionJson.Read(store, commit.Info.Path);
            state.Apply(actions);
            timestamp = CommitTimes.Of(commit.Info, actions);
        }

        return new Snapshot(store, segment.Version, timestamp, state);
    }
}
