using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>The rows that some versions of a table changed: its columns, then <c>_change_type</c>, <c>_commit_version</c>, <c>_commit_timestamp</c>.</summary>
/// <remarks>
/// A commit with change files is read from them alone; of another, files that were added are inserts, files that were removed
/// deletes, and of a file whose deletion vector changed only the rows concerned. Commits that change no rows (compaction) give none.
/// Columns are those of the last version read, or of a later one. A morsel is a file; rows come by version, deletes before inserts.
/// Source: Delta protocol, "Change Data Files".
/// </remarks>
public sealed class ChangeFeed : IBatchSource
{
    /// <summary>The columns that a feed adds to those of the table.</summary>
    public static readonly ImmutableArray<Field> Columns =
    [
        new(RowChangeName.Column, DataType.String, Nullable: false),
        new("_commit_version", DataType.Int64, Nullable: false),
        new("_commit_timestamp", DataType.Timestamp, Nullable: false),
    ];

    private readonly Snapshot table;
    private readonly Snapshot tableWithType;
    private readonly ImmutableArray<ChangePart> parts;

    private ChangeFeed(Snapshot table, long from, IEnumerable<ChangePart> parts, IReadOnlyList<string>? columns)
    {
        this.table = table;
        this.parts = [.. parts];
        FromVersion = from;
        tableWithType = table.With(table.Metadata with { SchemaText = SchemaJson.Write(ChangeFiles.SchemaWithType(table.Schema)) });
        var all = new Schema(table.Schema.Fields.AddRange(Columns));
        Schema = columns is null
            ? all
            : new Schema(columns.Select(c => all.Find(c) ?? throw new ArgumentException($"the change feed has no column {c}")).ToImmutableArray());
    }

    public Schema Schema { get; }

    public long FromVersion { get; }

    /// <summary>The last version read.</summary>
    public long ToVersion => table.Version;

    /// <summary>The changes of a range of versions.</summary>
    /// <param name="from">The first version whose changes are wanted.</param>
    /// <param name="to">The last one; null is the newest.</param>
    /// <param name="columns">Names of the columns wanted, in that order; null is all.</param>
    /// <param name="under">A version whose columns the rows are read under; null is the last one read.</param>
    /// <exception cref="DataFault">LF6051: the range is not in the log. LF6074: changes were not recorded in all of it.</exception>
    public static ChangeFeed Open(IObjectStore store, long from, long? to = null, IReadOnlyList<string>? columns = null, Snapshot? under = null)
    {
        if (from > to) throw DeltaFaults.BadChangeRange(store.Location, from, to.Value);
        var end = Snapshot.Open(store, to);
        if (from > end.Version) throw DeltaFaults.NoSuchVersion(store.Location, from, 0, end.Version);
        var parts = new List<ChangePart>();
        var previous = DateTimeOffset.MinValue;
        var recorded = from == 0 ? (bool?)null : Snapshot.Open(store, from).Properties.WritesChanges;
        foreach (var change in LogTail.Read(store, from).TakeWhile(c => c.Version <= end.Version))
        {
            if (change.Metadata is { } metadata) recorded = new TableProperties(metadata.Properties).WritesChanges;
            if (recorded != true) throw DeltaFaults.NoChangeFeed(store.Location, change.Version);
            previous = change.Timestamp > previous ? change.Timestamp : previous.AddMilliseconds(1);
            parts.AddRange(ChangePart.Of(store, change, previous, end.PartitionColumns.Length > 0));
        }

        return new ChangeFeed(under is null ? end : end.With(under.Metadata), from, parts, columns);
    }

    /// <summary>The changes of the versions committed from a time to another, both included; null is up to now.</summary>
    /// <exception cref="DataFault">LF6058: all versions are older, or all are younger.</exception>
    public static ChangeFeed OpenAt(IObjectStore store, DateTimeOffset from, DateTimeOffset? to = null, IReadOnlyList<string>? columns = null, Snapshot? under = null) => Open(
        store, CommitTimes.FirstVersionFrom(store, from), to is { } end ? CommitTimes.LastVersionUpTo(store, end) : null, columns, under);

    /// <summary>All rows of a version as inserts, for readers that begin there; or those of some of its files.</summary>
    public static ChangeFeed OfSnapshot(Snapshot snapshot, IReadOnlyList<string>? columns = null, IEnumerable<AddFile>? files = null, Snapshot? under = null) => new(
        under is null ? snapshot : snapshot.With(under.Metadata), snapshot.Version, (files ?? snapshot.Files).Select(f => new ChangePart(snapshot.Version, snapshot.Timestamp, RowChange.Insert, f, null)), columns);

    public IBatchReader Open(int worker, int workers) => new Reader(this, worker, workers);

    public void Dispose()
    {
        // Each reader opens the files that it reads, and closes them.
    }

    private DeltaScan Scan(ChangePart part)
    {
        var source = part.Change is null ? tableWithType : table;
        string[] columns = [.. Schema.Fields.Select(f => f.Name).Where(n => source.Schema.Find(n) is not null)];
        var rows = part.Rows is null ? null : new Dictionary<string, RowSet>(StringComparer.Ordinal) { [part.File.Path] = part.Rows };
        return new DeltaScan(source, [part.File], rows, columns);
    }

    private RecordBatch Shape(ChangePart part, RecordBatch rows, long ordinal)
    {
        var columns = Schema.Fields.Select(f => (f.Name, rows.Schema.IndexOf(f.Name)) switch
        {
            (_, >= 0 and var at) => rows.Columns[at].Retain(),
            (RowChangeName.Column, _) => Delta.Columns.Constant(RowChangeName.Of(part.Change!.Value), f.Type, rows.Length),
            ("_commit_version", _) => Delta.Columns.Constant(part.Version, f.Type, rows.Length),
            _ => Delta.Columns.Constant(part.Timestamp.ToUnixTimeMilliseconds() * 1000, f.Type, rows.Length),
        });
        return new RecordBatch(Schema, [.. columns], rows.Length) { Ordinal = ordinal };
    }

    private sealed class Reader(ChangeFeed feed, int worker, int workers) : IBatchReader
    {
        private int part = worker - workers;
        private long ordinal;
        private DeltaScan? scan;
        private DeltaReader? rows;

        public RecordBatch? Read()
        {
            while (true)
            {
                if (rows?.Read() is { } batch)
                {
                    using (batch) return feed.Shape(feed.parts[part], batch, ((long)part << 32) + ordinal++);
                }

                Dispose();
                part += workers;
                if (part >= feed.parts.Length) return null;
                scan = feed.Scan(feed.parts[part]);
                rows = scan.Open(0, 1);
                ordinal = 0;
            }
        }

        public void Dispose()
        {
            rows?.Dispose();
            scan?.Dispose();
            (rows, scan) = (null, null);
        }
    }
}
