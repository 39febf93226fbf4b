using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Changes to one table that become visible together, as one commit, or not at all.</summary>
/// <remarks>
/// Begun on a snapshot, filled, and committed once. Not thread-safe.
/// To change rows: read the snapshot with a <see cref="DeltaScan"/> (with <see cref="KeyFilter"/>s, so that only the files
/// concerned are read), find the rows with <see cref="DeltaReader.ReadLocated"/>, name them by <see cref="LocatedBatch.File"/>
/// and <see cref="LocatedBatch.PositionOf"/> to <see cref="DeleteRows"/>, write their new form with <see cref="OpenWriter"/>,
/// <see cref="Add(IEnumerable{AddFile}, RowChange)"/> the files, and commit: all of it is one version.
/// </remarks>
public sealed class Transaction
{
    /// <summary>Domains of flows: a commit that carries one is never put after another commit that touches the same.</summary>
    public const string FlowDomainPrefix = "lakeflow.flow.";

    private readonly IObjectStore store;
    private readonly Snapshot? head;
    private readonly TimeProvider time;
    private readonly DateTimeOffset begun;
    private readonly Guid id = Guid.NewGuid();
    private readonly Dictionary<FileKey, AddFile> adds = [];
    private readonly Dictionary<FileKey, RemoveFile> removes = [];
    private readonly SortedDictionary<string, DomainMetadata> domains = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Txn> txns = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> metrics = new(StringComparer.Ordinal);
    private readonly FileNumbers numbers = new();
    private readonly RowRemovals rowRemovals = new();
    private readonly HashSet<FileKey> updated = [];
    private readonly List<AddCdcFile> changes = [];
    private readonly List<string> written = [];
    private Protocol? protocol;
    private TableMetadata? metadata;
    private bool done;

    private Transaction(IObjectStore store, Snapshot? read, Snapshot? head, TimeProvider? time)
    {
        this.store = store;
        this.head = head;
        this.time = time ?? TimeProvider.System;
        begun = this.time.GetUtcNow();
        Read = read;
    }

    /// <summary>The version that this builds on; null for a new table.</summary>
    public Snapshot? Read { get; }

    /// <summary>The table's columns as they will be.</summary>
    public Schema Schema => metadata?.Schema ?? Read!.Schema;

    public TableMetadata Metadata => metadata ?? Read!.Metadata;

    /// <summary>The table's properties as they will be.</summary>
    public TableProperties Properties => new(Metadata.Properties);

    /// <summary>True if rows were read to make this commit: rows added by others in between then make it conflict.</summary>
    public bool ReadsRows { get; set; }

    /// <summary>The time in milliseconds that this transaction's files and tombstones carry.</summary>
    public long Timestamp => begun.ToUnixTimeMilliseconds();

    /// <summary>Begins a change of an existing table. LF6056 and LF6064 if it must not be written by us.</summary>
    public static Transaction Begin(Snapshot snapshot, TimeProvider? time = null)
    {
        TableFeatures.CheckWritable(snapshot.Store.Location, snapshot.Protocol, snapshot.Metadata);
        return new Transaction(snapshot.Store, snapshot, snapshot, time);
    }

    /// <summary>Begins a change that first takes the table back to an earlier version, in the same commit.</summary>
    /// <param name="head">The newest version, which the commit is put after.</param>
    /// <param name="earlier">What the table is taken back to: files, schema, properties and domains; the change goes on from there.</param>
    /// <remarks>Transaction numbers (<see cref="SetTxn"/>) are not taken back: the format cannot. The change feed tells of whole files.</remarks>
    public static Transaction BeginRestore(Snapshot head, Snapshot earlier, TimeProvider? time = null)
    {
        TableFeatures.CheckWritable(head.Store.Location, head.Protocol, earlier.Metadata);
        return new Transaction(head.Store, earlier, head, time);
    }

    /// <summary>Begins a new table. The commit conflicts (TableCreated) if there is one by then.</summary>
    public static Transaction Create(IObjectStore store, TableDefinition table, TimeProvider? time = null)
    {
        var transaction = new Transaction(store, null, null, time);
        transaction.metadata = MappedSchema.Assign(store.Location, table.ToMetadata(Guid.NewGuid().ToString(), transaction.begun), null);
        transaction.protocol = TableFeatures.ForNewTable(transaction.metadata);
        TableFeatures.CheckWritable(store.Location, transaction.protocol, transaction.metadata);
        return transaction;
    }

    /// <summary>A writer of files for this transaction, one a worker thread. Schema and partitioning are as they stand now.</summary>
    public TableWriter OpenWriter(int worker = 0, WriteOptions? options = null) => new(store, Metadata, Timestamp, id, worker, options, numbers);

    /// <summary>Puts a file into the table.</summary>
    /// <param name="change">Insert, or UpdatePostimage if its rows are the new form of deleted ones; for the change feed.</param>
    public void Add(AddFile file, RowChange change = RowChange.Insert)
    {
        adds[FileKey.Of(file)] = file;
        if (change == RowChange.UpdatePostimage) updated.Add(FileKey.Of(file));
    }

    public void Add(IEnumerable<AddFile> files, RowChange change = RowChange.Insert)
    {
        foreach (var file in files) Add(file, change);
    }

    /// <summary>Takes rows out of a file of the snapshot; the file's other rows stay.</summary>
    /// <remarks>
    /// With the table property <c>delta.enableDeletionVectors</c> the commit notes them in a deletion vector; without it, the
    /// rows that stay are written again. A file that loses its last row is removed. May be called repeatedly for a file; rows
    /// that are gone already do not matter. The transaction then conflicts with any commit in between that adds rows, or that
    /// removes or changes one of its files; who knows that added rows cannot matter sets <see cref="ReadsRows"/> back.
    /// </remarks>
    /// <param name="file">Of <see cref="Read"/>, as the snapshot or a <see cref="LocatedBatch"/> has it.</param>
    /// <param name="rows">0-based numbers of rows in the file, deleted ones counted, in any order.</param>
    /// <param name="change">Delete, or UpdatePreimage if this transaction adds the rows' new form; for the change feed.</param>
    /// <exception cref="DataFault">LF6063: the table only grows.</exception>
    public void DeleteRows(AddFile file, IEnumerable<long> rows, RowChange change = RowChange.Delete) => RowsToDelete(file, change).AddRange(rows);

    /// <summary>The rows of a file that are taken out: those added to the set as well, as by <see cref="DeleteRows"/>.</summary>
    /// <exception cref="DataFault">LF6063: the table only grows.</exception>
    public RowSet RowsToDelete(AddFile file, RowChange change = RowChange.Delete)
    {
        if (Read?.State.Files.ContainsKey(FileKey.Of(file)) != true) throw new ArgumentException($"{file.Path} is not a file of the version read");
        if (Properties.AppendOnly) throw DeltaFaults.AppendOnly(store.Location);
        ReadsRows = true;
        return rowRemovals.Of(file, change);
    }

    /// <summary>Takes a file of the snapshot out of the table.</summary>
    public void Remove(AddFile file, bool dataChange = true)
    {
        if (dataChange && Properties.AppendOnly) throw DeltaFaults.AppendOnly(store.Location);
        removes[FileKey.Of(file)] = file.Removed(Timestamp, dataChange);
    }

    /// <summary>Takes all files of the snapshot out of the table; what is added by this transaction is then all there is.</summary>
    public void RemoveAll()
    {
        ReadsRows = true;
        foreach (var file in Read?.Files ?? []) Remove(file);
    }

    /// <summary>Empties the table and ends all its flow domains, for a full refresh. The table keeps its id.</summary>
    public void Truncate()
    {
        RemoveAll();
        foreach (var domain in Read?.Domains.Keys ?? [])
        {
            if (domain.StartsWith(FlowDomainPrefix, StringComparison.Ordinal)) RemoveDomain(domain);
        }
    }

    /// <summary>Replaces the schema, and raises the protocol if a type needs it. Columns of the same name are the same column.</summary>
    /// <remarks>
    /// While files of the snapshot stay, a column may only go where column mapping is on, and change its type only to a wider one
    /// where <c>delta.enableTypeWidening</c> is true: the commit fails with LF6078 otherwise.
    /// </remarks>
    public void SetSchema(Schema schema)
    {
        var widened = Properties.WidensTypes ? TypeWidening.Record(schema, Schema) : schema;
        SetMetadata(Metadata with { SchemaText = SchemaJson.Write(widened) });
    }

    /// <summary>Gives a column, or a field of a struct, another name; the files stay as they are.</summary>
    /// <param name="path">The column's name, or that of a field: <c>address.street</c>.</param>
    /// <exception cref="DataFault">LF6078: the table has no column mapping, no such column, or another one of the new name.</exception>
    public void RenameColumn(string path, string name)
    {
        ChangeColumn(path, (field, beside) => beside.Any(f => f != field && string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase))
            ? throw DeltaFaults.CannotChangeColumn(store.Location, path, $"there is a column {name} already")
            : field with { Name = name });
        if (Properties.BloomColumns.Contains(path, StringComparer.OrdinalIgnoreCase))
        {
            SetProperty(TableProperties.BloomProperty, string.Join(", ", Properties.BloomColumns.Select(c => string.Equals(c, path, StringComparison.OrdinalIgnoreCase) ? name : c)));
        }

        var partition = Metadata.PartitionColumns.IndexOf(path, 0, StringComparer.OrdinalIgnoreCase);
        if (partition >= 0) metadata = Metadata with { PartitionColumns = Metadata.PartitionColumns.SetItem(partition, name) };
    }

    /// <summary>Takes a column, or a field of a struct, out of the table; the files stay as they are.</summary>
    /// <exception cref="DataFault">LF6078: the table has no column mapping or no such column, or is partitioned by it.</exception>
    public void DropColumn(string path)
    {
        if (Metadata.PartitionColumns.Contains(path, StringComparer.OrdinalIgnoreCase)) throw DeltaFaults.CannotChangeColumn(store.Location, path, "the table is partitioned by it");
        ChangeColumn(path, (_, beside) => beside.Length > 1 ? null : throw DeltaFaults.CannotChangeColumn(store.Location, path, "no column would be left beside it"));
    }

    /// <summary>Sets a property, or takes it away; the protocol is raised if the property needs it.</summary>
    public void SetProperty(string name, string? value) => SetMetadata(Metadata with
    {
        Properties = value is null ? Metadata.Properties.Remove(name) : Metadata.Properties.SetItem(name, value),
    });

    public void SetDescription(string? description) => metadata = Metadata with { Description = description };

    /// <summary>Columns to partition by from now on; only together with <see cref="RemoveAll"/>.</summary>
    public void SetPartitionColumns(ImmutableArray<string> columns)
    {
        foreach (var column in columns) PartitionValue.CheckColumn(Schema, column);
        metadata = Metadata with { PartitionColumns = [.. columns.Select(c => Schema.Find(c)!.Name)] };
    }

    /// <summary>Notes an application's transaction number, for other engines to see.</summary>
    public void SetTxn(string appId, long version) => txns[appId] = new Txn(appId, version, Timestamp);

    /// <summary>Sets a domain's text. The table gets the writer feature domainMetadata if it has not got it.</summary>
    public void SetDomain(string domain, string json)
    {
        domains[domain] = new DomainMetadata(domain, json, Removed: false);
        SetProtocol(TableFeatures.WithWriterFeature(protocol ?? head!.Protocol, TableFeatures.DomainMetadata));
    }

    public void RemoveDomain(string domain)
    {
        var text = Read?.Domains.GetValueOrDefault(domain) ?? "";
        domains[domain] = new DomainMetadata(domain, text, Removed: true);
    }

    /// <summary>A number for the table's history (numOutputRows …).</summary>
    public void SetMetric(string name, long value) => metrics[name] = value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Makes the commit; afterwards writes a checkpoint where one is due.</summary>
    /// <param name="operation">For the history, in Delta's words: WRITE, STREAMING UPDATE, CREATE TABLE, TRUNCATE …</param>
    /// <param name="parameters">For the history; each value is JSON text, as Delta has it.</param>
    /// <exception cref="ConflictException">Another commit came in between that this one cannot follow.</exception>
    /// <exception cref="DataFault">The store failed. Nothing was committed, unless the store failed after the act: reopen to see.</exception>
    public CommitResult Commit(string operation, IReadOnlyDictionary<string, string>? parameters = null)
    {
        if (done) throw new InvalidOperationException("a transaction commits once");
        done = true;
        if (metadata is not null && Read is not null && Read.State.Files.Keys.Any(f => !removes.ContainsKey(f))) SchemaChange.CheckReadable(store.Location, Read.Metadata, Metadata);
        if (!rowRemovals.IsEmpty) ApplyRowRemovals();
        if (Restores) ApplyRestore();
        var actions = Actions().ToList();
        try
        {
            return Finish(Commit(actions, operation, parameters));
        }
        catch (ConflictException)
        {
            // This commit is not there and never will be: what was written for it is of no use.
            var mine = id.ToString();
            foreach (var add in adds.Values.Where(a => a.Path.Contains(mine, StringComparison.Ordinal))) store.Delete(FilePath.ToStore(add.Path));
            foreach (var path in written) store.Delete(path);
            throw;
        }
    }

    /// <summary>True if rows or the whole of a file are to go.</summary>
    internal bool Touches(AddFile file) => removes.ContainsKey(FileKey.Of(file)) || rowRemovals.Touches(file);


    /// <summary>Turns deleted rows into removed, marked and copied files, and into files of the change feed where it is on.</summary>
    private void ApplyRowRemovals()
    {
        var table = Read!.With(Metadata);
        var removals = rowRemovals.Resolve(store).Where(r => !removes.ContainsKey(FileKey.Of(r.File))).ToList();
        if (Properties.WritesChanges && !Restores) WriteChanges(table, removals);
        foreach (var removal in removals) Remove(removal.File);
        var partial = removals.Where(r => !r.IsWhole).ToList();
        if (Properties.WritesDeletionVectors)
        {
            var vectors = new DeletionVectorWriter(store, id);
            foreach (var removal in partial) Add(removal.With(vectors.Add(removal.Gone)));
            written.Add(vectors.Path);
            vectors.Flush();
        }
        else if (partial.Count > 0)
        {
            using var scan = new DeltaScan(table, partial.Select(r => r.File), partial.ToDictionary(r => r.File.Path, r => r.Kept(), StringComparer.Ordinal));
            using var reader = scan.Open(0, 1);
            using var writer = OpenWriter();
            while (reader.Read() is { } batch)
            {
                using (batch) writer.Write(batch);
            }

            Add(writer.Finish());
        }

        SetDefaultMetric("numDeletedRows", removals.Sum(r => r.Deleted.Count));
        SetDefaultMetric("numUpdatedRows", removals.Sum(r => r.Updated.Count));
    }

    /// <summary>Makes of what is to be done on the earlier version what is to be done on the newest.</summary>
    private void ApplyRestore()
    {
        var wanted = new Dictionary<FileKey, AddFile>(Read!.State.Files);
        foreach (var key in removes.Keys) wanted.Remove(key);
        foreach (var (key, file) in adds) wanted[key] = file;
        removes.Clear();
        adds.Clear();
        foreach (var (key, file) in head!.State.Files)
        {
            if (!wanted.Remove(key)) removes[key] = file.Removed(Timestamp);
        }

        foreach (var (key, file) in wanted) adds[key] = file with { DataChange = true };
        foreach (var (domain, text) in Read.Domains)
        {
            if (head.Domains.GetValueOrDefault(domain) != text) domains.TryAdd(domain, new DomainMetadata(domain, text, Removed: false));
        }

        foreach (var (domain, text) in head.Domains)
        {
            if (!Read.Domains.ContainsKey(domain)) domains.TryAdd(domain, new DomainMetadata(domain, text, Removed: true));
        }
    }

    private void WriteChanges(Snapshot table, IReadOnlyCollection<FileRemoval> removals)
    {
        using var files = new ChangeFiles(table, Timestamp, id);
        var whole = removes.Where(r => r.Value.DataChange && table.State.Files.ContainsKey(r.Key)).Select(r => table.State.Files[r.Key]).ToList();
        files.Write(whole, RowChange.Delete);
        files.Write(removals.Select(r => (r.File, r.Deleted)), RowChange.Delete);
        files.Write(removals.Select(r => (r.File, r.Updated)), RowChange.UpdatePreimage);
        foreach (var kind in adds.Where(a => a.Value.DataChange).GroupBy(a => updated.Contains(a.Key)))
        {
            files.Write(kind.Select(a => a.Value), kind.Key ? RowChange.UpdatePostimage : RowChange.Insert);
        }

        changes.AddRange(files.Finish());
        written.AddRange(changes.Select(c => FilePath.ToStore(c.Path)));
    }

    private void SetDefaultMetric(string name, long value)
    {
        if (value > 0 && !metrics.ContainsKey(name)) SetMetric(name, value);
    }

    private bool IsBlindAppend => !ReadsRows && !Restores && removes.Count == 0 && metadata is null;

    private bool Restores => !ReferenceEquals(head, Read);

    /// <summary>Puts the commit after all those that came since the snapshot, each of which is looked at first; its version.</summary>
    private long Commit(List<LogAction> actions, string operation, IReadOnlyDictionary<string, string>? parameters)
    {
        var checks = new ConflictCheck(store.Location, actions, ReadsRows, createsTable: head is null);
        var version = (head?.Version ?? -1) + 1;
        while (true)
        {
            var info = CommitInfoText.Of(time.GetUtcNow(), operation, parameters, head?.Version, IsBlindAppend, AllMetrics(), id.ToString());
            if (store.PutIfAbsent(LogNames.Commit(version), ActionJson.Write([info, .. actions]))) return version;
            // Lost, unless the commit there is our own: a store may report failure after success and be asked again.
            while (store.Head(LogNames.Commit(version)) is { } commit)
            {
                var winner = ActionJson.Read(store, commit.Path);
                if (winner.OfType<CommitInfo>().Any(c => CommitInfoText.IdOf(c) == id.ToString())) return version;
                checks.Check(version, winner);
                version++;
            }
        }
    }

    private void SetMetadata(TableMetadata wanted)
    {
        metadata = MappedSchema.Assign(store.Location, wanted, Metadata);
        SetProtocol(TableFeatures.Covering(protocol ?? head!.Protocol, metadata));
    }

    private void ChangeColumn(string path, Func<Field, ImmutableArray<Field>, Field?> change)
    {
        if (ColumnMapping.ModeOf(Metadata) == "none")
        {
            throw DeltaFaults.CannotChangeColumn(store.Location, path, "the table's files know it by its name; set delta.columnMapping.mode to 'name' first");
        }

        var fields = ColumnPath.Change(Schema.Fields, path, change) ?? throw DeltaFaults.CannotChangeColumn(store.Location, path, "there is no such column");
        SetMetadata(Metadata with { SchemaText = SchemaJson.Write(new Schema(fields)) });
    }

    private void SetProtocol(Protocol wanted)
    {
        if (!wanted.Equals(protocol ?? head?.Protocol)) protocol = wanted;
    }

    private IEnumerable<LogAction> Actions()
    {
        if (protocol is not null) yield return protocol;
        if (!Metadata.Equals(head?.Metadata)) yield return Metadata;
        foreach (var txn in txns.Values) yield return txn;
        foreach (var domain in domains.Values) yield return domain;
        foreach (var remove in removes.Values.OrderBy(r => r.Path, StringComparer.Ordinal)) yield return remove;
        foreach (var add in adds.Values.OrderBy(a => a.Path, StringComparer.Ordinal)) yield return add;
        foreach (var change in changes) yield return change;
    }

    private SortedDictionary<string, string> AllMetrics()
    {
        var all = new SortedDictionary<string, string>(metrics, StringComparer.Ordinal);
        void Default(string name, long value) => all.TryAdd(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Default("numFiles", adds.Count);
        Default("numOutputBytes", adds.Values.Sum(a => a.Size));
        if (removes.Count > 0) Default("numRemovedFiles", removes.Count);
        return all;
    }

    private CommitResult Finish(long version)
    {
        var now = time.GetUtcNow();
        var snapshot = (head?.AdvanceTo(version) ?? Snapshot.Open(store, version)).Forgetting(now);
        if (version == 0 || version % Math.Max(1, snapshot.Properties.CheckpointInterval) != 0) return new CommitResult(version, snapshot);
        try
        {
            if (!snapshot.Properties.WritesClassicCheckpoints) return new CommitResult(version, snapshot);
            CheckpointWriter.Write(snapshot, now);
            CheckpointWriter.CleanUp(snapshot, now);
            return new CommitResult(version, snapshot);
        }
        catch (DataFault fault)
        {
            // The commit stands; a checkpoint only saves time, and the next one comes.
            return new CommitResult(version, snapshot, fault);
        }
    }
}
