using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>A table at a place: the few calls that most users need, in one.</summary>
public sealed class DeltaTable
{
    private readonly TimeProvider time;

    public DeltaTable(IObjectStore store, TimeProvider? time = null)
    {
        Store = store;
        this.time = time ?? TimeProvider.System;
    }

    public IObjectStore Store { get; }

    /// <summary>True if there is a table: a log with something in it.</summary>
    public bool Exists => Store.List(LogNames.Folder).Any(o => LogNames.Parse(o) is not null);

    /// <summary>The newest version, or the one asked for.</summary>
    public Snapshot Open(long? version = null) => Snapshot.Open(Store, version);

    /// <summary>The version that was the newest at a time.</summary>
    public Snapshot OpenAt(DateTimeOffset time) => Snapshot.OpenAt(Store, time);

    /// <summary>Makes an empty table. LF6062 if there is one.</summary>
    public CommitResult Create(TableDefinition table)
    {
        if (Exists) throw DeltaFaults.TableExists(Store.Location);
        return Transaction.Create(Store, table, time).Commit("CREATE TABLE", new Dictionary<string, string>
        {
            ["partitionBy"] = JsonText.Of(json =>
            {
                json.WriteStartArray();
                foreach (var column in table.PartitionColumns) json.WriteStringValue(column);
                json.WriteEndArray();
            }),
            ["isManaged"] = "false",
        });
    }

    /// <summary>Begins a change of the newest version.</summary>
    public Transaction Begin() => Transaction.Begin(Snapshot.Open(Store), time);

    /// <summary>Adds rows, with one thread, as one commit.</summary>
    public CommitResult Append(IEnumerable<RecordBatch> batches, WriteOptions? options = null) => Write(batches, overwrite: false, options);

    /// <summary>Replaces all rows, with one thread, as one commit.</summary>
    public CommitResult Overwrite(IEnumerable<RecordBatch> batches, WriteOptions? options = null) => Write(batches, overwrite: true, options);

    /// <summary>DESCRIBE HISTORY, newest first.</summary>
    public IEnumerable<HistoryEntry> History(int limit = int.MaxValue) => TableHistory.Read(Store, limit);

    private CommitResult Write(IEnumerable<RecordBatch> batches, bool overwrite, WriteOptions? options)
    {
        var transaction = Begin();
        if (overwrite) transaction.RemoveAll();
        using var writer = transaction.OpenWriter(options: options);
        foreach (var batch in batches) writer.Write(batch);
        var rows = writer.Rows;
        transaction.Add(writer.Finish());
        transaction.SetMetric("numOutputRows", rows);
        return transaction.Commit("WRITE", new Dictionary<string, string> { ["mode"] = overwrite ? "Overwrite" : "Append" });
    }
}
