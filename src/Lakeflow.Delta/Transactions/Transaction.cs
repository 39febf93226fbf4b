using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Changes to one table that become visible together, as one commit, or not at all.</summary>
/// <remarks>Begun on a snapshot, filled, and committed once. Not thread-safe.</remarks>
public sealed class Transaction
{
    /// <summary>Domains of flows: a commit that carries one is never put after another commit that touches the same.</summary>
    public const string FlowDomainPrefix = "lakeflow.flow.";

    private readonly IObjectStore store;
    private readonly TimeProvider time;
    private readonly DateTimeOffset begun;
    private readonly Guid id = Guid.NewGuid();
    private readonly Dictionary<FileKey, AddFile> adds = [];
    private readonly Dictionary<FileKey, RemoveFile> removes = [];
    private readonly SortedDictionary<string, DomainMetadata> domains = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Txn> txns = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> metrics = new(StringComparer.Ordinal);
    private Protocol? protocol;
    private TableMetadata? metadata;
    private bool done;

    private Transaction(IObjectStore store, Snapshot? read, TimeProvider? time)
    {
        this.store = store;
        this.time = time ?? TimeProvider.System;
        begun = this.time.GetUtcNow();
        Read = read;
    }

    /// <summary>The version that this builds on; null for a new table.</summary>
    public Snapshot? Read { get; }

    /// <summary>The table's columns as they will be.</summary>
    public Schema Schema => metadata?.Schema ?? Read!.Schema;

    public TableMetadata Metadata => metadata ?? Read!.Metadata;

    /// <summary>True if rows were read to make this commit: rows added by others in between then make it conflict.</summary>
    public bool ReadsRows { get; set; }

    /// <summary>The time in milliseconds that this transaction's files and tombstones carry.</summary>
    public long Timestamp => begun.ToUnixTimeMilliseconds();

    /// <summary>Begins a change of an existing table. LF6056 and LF6064 if it must not be written by us.</summary>
    public static Transaction Begin(Snapshot snapshot, TimeProvider? time = null)
    {
        TableFeatures.CheckWritable(snapshot.Store.Location, snapshot.Protocol, snapshot.Metadata);
        return new Transaction(snapshot.Store, snapshot, time);
    }

    /// <summary>Begins a new table. The commit conflicts (TableCreated) if there is one by then.</summary>
    public static Transaction Create(IObjectStore store, TableDefinition table, TimeProvider? time = null)
    {
        var transaction = new Transaction(store, null, time);
        transaction.protocol = TableFeatures.ForNewTable(table.Schema);
        transaction.metadata = table.ToMetadata(Guid.NewGuid().ToString(), transaction.begun);
        TableFeatures.CheckWritable(store.Location, transaction.protocol, transaction.metadata);
        return transaction;
    }

    /// <summary>A writer of files for this transaction, one a worker thread. Schema and partitioning are as they stand now.</summary>
    public TableWriter OpenWriter(int worker = 0, WriteOptions? options = null) => new(store, Metadata, Timestamp, id, worker, options);

    public void Add(AddFile file) => adds[FileKey.Of(file)] = file;

    public void Add(IEnumerable<AddFile> files)
    {
        foreach (var file in files) Add(file);
    }

    /// <summary>Takes a file of the snapshot out of the table.</summary>
    public void Remove(AddFile file, bool dataChange = true)
    {
        if (dataChange && new TableProperties(Metadata.Properties).AppendOnly) throw DeltaFaults.AppendOnly(store.Location);
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

    /// <summary>Replaces the schema, and raises the protocol if a type needs it. Whether the change is sound is <see cref="SchemaChange"/>'s matter.</summary>
    public void SetSchema(Schema schema)
    {
        metadata = Metadata with { SchemaText = SchemaJson.Write(schema) };
        SetProtocol(TableFeatures.Covering(protocol ?? Read!.Protocol, schema));
    }

    public void SetProperty(string name, string? value) => metadata = Metadata with
    {
        Properties = value is null ? Metadata.Properties.Remove(name) : Metadata.Properties.SetItem(name, value),
    };

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
        SetProtocol(TableFeatures.WithWriterFeature(protocol ?? Read!.Protocol, TableFeatures.DomainMetadata));
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
            throw;
        }
    }

    private bool IsBlindAppend => !ReadsRows && removes.Count == 0 && metadata is null;

    /// <summary>Puts the commit after all those that came since the snapshot, each of which is looked at first; its version.</summary>
    private long Commit(List<LogAction> actions, string operation, IReadOnlyDictionary<string, string>? parameters)
    {
        var checks = new ConflictCheck(store.Location, actions, ReadsRows, createsTable: Read is null);
        var version = (Read?.Version ?? -1) + 1;
        while (true)
        {
            var info = CommitInfoText.Of(time.GetUtcNow(), operation, parameters, Read?.Version, IsBlindAppend, AllMetrics(), id.ToString());
            if (store.PutIfAbsent(LogNames.Commit(version), ActionJson.Write([info, .. actions]))) return version;
            // Lost, unless the commit there is our own: a store may report failure after success and be asked again.
            while (store.Head(LogNames.Commit(version)) is { } commit)
            {
                var winner = ActionJson.Read(store.ReadAll(commit.Path), commit.Path);
                if (winner.OfType<CommitInfo>().Any(c => CommitInfoText.IdOf(c) == id.ToString())) return version;
                checks.Check(version, winner);
                version++;
            }
        }
    }

    private void SetProtocol(Protocol wanted)
    {
        if (!wanted.Equals(protocol ?? Read?.Protocol)) protocol = wanted;
    }

    private IEnumerable<LogAction> Actions()
    {
        if (protocol is not null) yield return protocol;
        if (metadata is not null && metadata != Read?.Metadata) yield return metadata;
        foreach (var txn in txns.Values) yield return txn;
        foreach (var domain in domains.Values) yield return domain;
        foreach (var remove in removes.Values.OrderBy(r => r.Path, StringComparer.Ordinal)) yield return remove;
        foreach (var add in adds.Values.OrderBy(a => a.Path, StringComparer.Ordinal)) yield return add;
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
        var snapshot = Read?.AdvanceTo(version) ?? Snapshot.Open(store, version);
        if (version == 0 || version % Math.Max(1, snapshot.Properties.CheckpointInterval) != 0) return new CommitResult(version, snapshot);
        try
        {
            var now = time.GetUtcNow();
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
