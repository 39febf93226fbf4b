using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

/// <summary>A table beside a dictionary that says what should be in it, and the changes that random numbers make to both.</summary>
internal sealed class TableModel
{
    public static readonly Schema Schema = new(
        new Field("id", DataType.Int64), new Field("part", DataType.String), new Field("value", DataType.Int32));

    private readonly Random random;
    private readonly ManualTime time;
    private readonly bool mapped;
    private readonly List<(long Version, DateTimeOffset Until, List<string> Rows)> past = [];
    private string valueName = "value";
    private readonly SortedDictionary<long, (string? Part, int? Value)> rows = [];
    private long nextId;

    public TableModel(Random random, IObjectStore store, ManualTime time, bool vectors, bool feed, bool partitioned, bool mapped = false)
    {
        this.random = random;
        this.time = time;
        this.mapped = mapped;
        Store = store;
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (vectors) properties = properties.Add("delta.enableDeletionVectors", "true");
        if (feed) properties = properties.Add("delta.enableChangeDataFeed", "true");
        if (mapped) properties = properties.Add("delta.columnMapping.mode", "name");
        new DeltaTable(store, time).Create(new TableDefinition(Schema) { Properties = properties, PartitionColumns = partitioned ? ["part"] : [] });
    }

    public IObjectStore Store { get; }

    /// <summary>The rows as text, sorted.</summary>
    public List<string> Expected() => [.. rows.Select(r => $"{r.Key} | {Rows.Text(r.Value.Part)} | {Rows.Text(r.Value.Value)}").Order(StringComparer.Ordinal)];

    /// <summary>One random change of rows, committed.</summary>
    public void Change()
    {
        time.Advance(TimeSpan.FromSeconds(1));
        switch (random.Next(8))
        {
            case 0 or 1 or 2: Append(); break;
            case 3: Delete(); break;
            case 4: Update(); break;
            case 5: Merge(); break;
            case 6: ReplaceWhere(); break;
            default:
                if (random.Next(4) == 0) Overwrite();
                else Append();
                break;
        }
    }

    /// <summary>One random change of files or columns, none of rows.</summary>
    public void Keep()
    {
        // What was the newest version until now can be read for a day.
        past.Add((Snapshot.Open(Store).Version, time.Now, Expected()));
        switch (random.Next(4))
        {
            case 0:
                new Optimize { TargetFileBytes = random.Next(500, 20_000), Workers = random.Next(1, 3) }.Run(Store, time);
                break;
            case 1 when mapped:
                var rename = new DeltaTable(Store, time).Begin();
                rename.RenameColumn(valueName, valueName += "x");
                rename.Commit("RENAME COLUMN");
                break;
            case 2:
                time.Advance(TimeSpan.FromHours(random.Next(1, 150)));
                break;
            default:
                new Vacuum { Retention = TimeSpan.FromHours(random.Next(168, 200)) }.Run(Store, time);
                break;
        }
    }

    /// <summary>Every version that was the newest one in the last week is as it was.</summary>
    public void CheckPast()
    {
        foreach (var (version, until, expected) in past.Where(p => p.Until >= time.Now.AddDays(-7)))
        {
            Assert.Equal(expected, Rows.Sorted(Rows.Of(Snapshot.Open(Store, version))));
        }
    }

    private RecordBatch Batch(IEnumerable<(long Id, (string? Part, int? Value) Values)> rows) => Tables.Batch(
        new Schema(Schema[0], Schema[1], new Field(valueName, DataType.Int32)), rows.Select(r => new object?[] { r.Id, r.Values.Part, r.Values.Value }));

    private (string? Part, int? Value) Rest() => (random.Next(4) switch { 0 => null, 1 => "a", 2 => "b", _ => "c" }, random.Next(9) == 0 ? null : random.Next(100));

    private List<(long Id, (string? Part, int? Value) Values)> New() => [.. Enumerable.Range(0, random.Next(0, 30)).Select(_ => (nextId++, Rest()))];

    private void Append()
    {
        var more = New();
        new DeltaTable(Store, time).Append([Batch(more)]);
        foreach (var (id, rest) in more) rows[id] = rest;
    }

    private void Overwrite()
    {
        var more = New();
        new DeltaTable(Store, time).Overwrite([Batch(more)]);
        rows.Clear();
        foreach (var (id, rest) in more) rows[id] = rest;
    }

    private void Delete()
    {
        var (modulus, limit) = (random.Next(2, 7), random.NextInt64(nextId + 1));
        var transaction = new DeltaTable(Store, time).Begin();
        var count = transaction.DeleteWhere(
            (batch, matches) =>
            {
                for (var i = 0; i < matches.Length; i++) matches[i] = (long)batch.Columns[0].GetValue(i)! is var id && id < limit && id % modulus == 0;
            },
            ["id"],
            [new ColumnPredicate("id", ColumnComparison.Less, limit)]);
        transaction.Commit("DELETE");
        var gone = rows.Keys.Where(id => id < limit && id % modulus == 0).ToList();
        Assert.Equal(gone.Count, count);
        foreach (var id in gone) rows.Remove(id);
    }

    private void Update()
    {
        var wanted = random.Next(100);
        var transaction = new DeltaTable(Store, time).Begin();
        transaction.UpdateWhere(
            (batch, matches) =>
            {
                for (var i = 0; i < matches.Length; i++) matches[i] = batch.Columns[2].GetValue(i) is int value && value > wanted;
            },
            batch => Batch(Enumerable.Range(0, batch.Length).Select(i => ((long)batch.Columns[0].GetValue(i)!, ((string?)"b", (int?)((int)batch.Columns[2].GetValue(i)! / 2))))),
            [new ColumnPredicate(valueName, ColumnComparison.Greater, wanted)]);
        transaction.Commit("UPDATE");
        foreach (var (id, rest) in rows.Where(r => r.Value.Value > wanted).ToList()) rows[id] = ("b", rest.Value / 2);
    }

    private void Merge()
    {
        var source = New();
        source.AddRange(rows.Keys.Where(_ => random.Next(6) == 0).Select(id => (id, Rest())).ToList());
        var transaction = new DeltaTable(Store, time).Begin();
        using var batch = Batch(source);
        var merge = new Merge(["id"]) { DeleteWhen = (b, matches) => { for (var i = 0; i < matches.Length; i++) matches[i] = b.Columns[2].GetValue(i) is null; } };
        var counts = merge.Run(transaction, batch);
        transaction.Commit("MERGE");
        Assert.Equal(source.Count(s => !rows.ContainsKey(s.Id) && s.Values.Value is not null), counts.Inserted);
        Assert.Equal(source.Count(s => rows.ContainsKey(s.Id) && s.Values.Value is null), counts.Deleted);
        foreach (var (id, rest) in source)
        {
            if (rest.Value is null) rows.Remove(id);
            else rows[id] = rest;
        }
    }

    private void ReplaceWhere()
    {
        var more = New().Select(r => (r.Id, (Part: (string?)"a", r.Values.Value))).ToList();
        var transaction = new DeltaTable(Store, time).Begin();
        transaction.ReplaceWhere(
            (batch, matches) =>
            {
                for (var i = 0; i < matches.Length; i++) matches[i] = batch.Columns[1].GetValue(i) is "a";
            },
            [Batch(more)],
            [new ColumnPredicate("part", ColumnComparison.Equal, "a")]);
        transaction.Commit("WRITE");
        foreach (var id in rows.Where(r => r.Value.Part == "a").Select(r => r.Key).ToList()) rows.Remove(id);
        foreach (var (id, rest) in more) rows[id] = rest;
    }
}
