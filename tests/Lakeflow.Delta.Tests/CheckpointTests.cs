using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class CheckpointTests
{
    [Fact]
    public void A_checkpoint_and_the_commits_before_it_are_the_same_state() => Prop
        .ForAll(Arb.From(Gen.ListOf(Steps)), steps =>
        {
            var time = new ManualTime();
            var store = new MemoryStore(time);
            var snapshot = Transaction.Create(store, new TableDefinition(Tables.Orders), time).Commit("CREATE TABLE").Snapshot;
            foreach (var step in steps)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                snapshot = step(Transaction.Begin(snapshot, time), snapshot).Commit("TEST").Snapshot;
            }

            var replayed = Snapshot.Open(store, snapshot.Version);
            CheckpointWriter.Write(snapshot, time.Now);
            // The commits that the checkpoint holds are no longer needed.
            for (var version = 0; version <= snapshot.Version; version++) store.Delete(LogNames.Commit(version));
            var restored = Snapshot.Open(store);
            return Describe(snapshot) == Describe(replayed) && Describe(replayed) == Describe(restored);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_tenth_version_brings_a_checkpoint_that_is_read()
    {
        var store = new MemoryStore();
        var table = Tables.Create(store, Tables.Orders);
        for (var i = 0; i < 12; i++) Assert.Null(table.Append([Tables.OrdersFrom(i * 3, 3)]).Warning);
        Assert.NotNull(store.Head("_delta_log/00000000000000000010.checkpoint.parquet"));
        Assert.Equal(10, LastCheckpoint.Read(store));
        store.Delete(LogNames.Commit(3));
        Assert.Equal(36, Rows.Of(Snapshot.Open(store)).Count);
        Assert.Equal("LF6052", Assert.Throws<DataFault>(() => Snapshot.Open(store, 5)).Code);
    }

    [Fact]
    public void A_broken_hint_or_checkpoint_is_passed_over()
    {
        var store = new MemoryStore();
        var table = Tables.Create(store, Tables.Orders);
        for (var i = 0; i < 11; i++) table.Append([Tables.OrdersFrom(i, 1)]);
        store.Put(LogNames.LastCheckpoint, "{\"version\":"u8);
        Assert.Equal(11, Rows.Of(Snapshot.Open(store)).Count);
        store.Put(LogNames.LastCheckpoint, "{\"version\":99}"u8);
        Assert.Equal(11, Rows.Of(Snapshot.Open(store)).Count);
        store.Put(LogNames.Checkpoint(10), "PAR1 and then nothing"u8);
        Assert.Equal(11, Rows.Of(Snapshot.Open(store)).Count);
        for (var version = 0; version <= 10; version++) store.Delete(LogNames.Commit(version));
        Assert.Equal("LF6059", Assert.Throws<DataFault>(() => Snapshot.Open(store)).Code);
    }

    [Fact]
    public void The_log_is_cleaned_up_to_a_checkpoint_older_than_its_retention()
    {
        var time = new ManualTime();
        var store = new MemoryStore(time);
        var table = Tables.Create(store, Tables.Orders, time);
        for (var i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromDays(1));
            table.Append([Tables.OrdersFrom(i, 1)]);
        }

        // Nothing was older than 30 days.
        Assert.NotNull(store.Head(LogNames.Commit(0)));
        for (var i = 20; i < 50; i++)
        {
            time.Advance(TimeSpan.FromDays(1));
            table.Append([Tables.OrdersFrom(i, 1)]);
        }

        // At version 50 the commits up to 19 are older; version 10 is the newest checkpoint among them.
        Assert.Null(store.Head(LogNames.Commit(9)));
        Assert.NotNull(store.Head(LogNames.Commit(10)));
        Assert.Equal(10, Rows.Of(Snapshot.Open(store, 10)).Count);
        Assert.Equal(50, Rows.Of(Snapshot.Open(store)).Count);
        Assert.Equal("LF6051", Assert.Throws<DataFault>(() => Snapshot.Open(store, 9)).Code);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_is_a_warning()
    {
        var store = new MemoryStore();
        Transaction.Create(store, new TableDefinition(Tables.Orders)
        {
            Properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.checkpointInterval", "1"),
        }).Commit("CREATE TABLE");
        var full = new NoCheckpoints(store);
        var result = new DeltaTable(full).Append([Tables.OrdersFrom(0, 3)]);
        Assert.Equal("LF6069", result.Warning?.Code);
        Assert.Equal(3, Rows.Of(Snapshot.Open(store)).Count);
    }

    [Fact]
    public void A_checkpoint_in_parts_is_read_when_all_parts_are_there()
    {
        var store = new MemoryStore();
        var table = Tables.Create(store, Tables.Orders);
        for (var i = 0; i < 3; i++) table.Append([Tables.OrdersFrom(i * 2, 2)]);
        var snapshot = table.Open();
        LogAction[][] parts = [[snapshot.Protocol, snapshot.Files[0]], [snapshot.Metadata, snapshot.Files[1], snapshot.Files[2]]];
        void PutPart(int part)
        {
            using var content = new MemoryStream();
            DataFile.WriteWhole(content, CheckpointRows.Schema, [CheckpointRows.ToBatch(parts[part])]);
            store.Put($"_delta_log/{3:D20}.checkpoint.{part + 1:D10}.{2:D10}.parquet", content.ToArray());
        }

        PutPart(1);
        Assert.Equal(6, Rows.Of(Snapshot.Open(store)).Count);
        for (var version = 0; version <= 3; version++) store.Delete(LogNames.Commit(version));
        Assert.Throws<DataFault>(() => Snapshot.Open(store));
        PutPart(0);
        Assert.Equal(6, Rows.Of(Snapshot.Open(store)).Count);
        Assert.Equal(7, Rows.Of(table.Append([Tables.OrdersFrom(90, 1)]).Snapshot).Count);
    }

    private static Gen<Func<Transaction, Snapshot, Transaction>> Steps => Gen.OneOf(
        from name in Gen.Choose(0, 1_000_000)
        from partition in Gen.Elements(null, "", "NO", "a/b")
        select Do((t, _) => t.Add(new AddFile(
            $"{name}.parquet", ImmutableSortedDictionary<string, string?>.Empty.Add("country", partition), name, t.Timestamp, true, "{\"numRecords\":3}"))),
        Gen.Constant(Do((t, s) =>
        {
            if (s.Files.Length > 0) t.Remove(s.Files[0]);
        })),
        from key in Gen.Elements("lakeflow.flow.a", "lakeflow.flow.b", "x")
        from text in Gen.Elements("{}", "{\"a\":\"ü\"}")
        select Do((t, _) => t.SetDomain(key, text)),
        Gen.Constant(Do((t, _) => t.RemoveDomain("lakeflow.flow.a"))),
        from app in Gen.Elements("app1", "app2")
        from version in Gen.Choose(0, 100)
        select Do((t, _) => t.SetTxn(app, version)),
        from value in Gen.Elements("1", "2", null)
        select Do((t, _) => t.SetProperty("user.note", value)));

    private static Func<Transaction, Snapshot, Transaction> Do(Action<Transaction, Snapshot> step) => (transaction, snapshot) =>
    {
        step(transaction, snapshot);
        return transaction;
    };

    private static string Describe(Snapshot s) => System.Text.Encoding.UTF8.GetString(ActionJson.Write(
    [
        s.Protocol, s.Metadata,
        .. s.Txns.Values.OrderBy(t => t.AppId),
        .. s.Domains.OrderBy(d => d.Key).Select(d => new DomainMetadata(d.Key, d.Value, false)),
        .. s.Files.Select(f => f with { DataChange = false }),
        .. s.State.Tombstones.Values.OrderBy(t => t.Path).Select(t => t with { DataChange = false }),
    ]));
}
