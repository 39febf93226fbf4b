using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

/// <summary>Death at each store call of each operation: the old version or the new one is there, and the operation can be done again.</summary>
public sealed class OperationCrashTests
{
    private static readonly Dictionary<string, Action<IObjectStore, ManualTime>> Operations = new()
    {
        ["delete"] = (store, time) => Change(store, time, t => t.DeleteWhere(Where(id => id % 3 == 0), ["id"])),
        ["update"] = (store, time) => Change(store, time, t => t.UpdateWhere(Where(id => id < 20), b => b.Slice(0, b.Length))),
        ["merge"] = (store, time) => Change(store, time, t =>
        {
            using var source = Tables.OrdersFrom(30, 40);
            new Merge(["id"]).Run(t, source);
        }),
        ["replace"] = (store, time) => Change(store, time, t => t.ReplaceWhere(Where(id => id < 10), [Tables.OrdersFrom(0, 5)])),
        ["rename"] = (store, time) => Change(store, time, t => t.RenameColumn("amount", "total")),
        ["optimize"] = (store, time) => new Optimize().Run(store, time),
        ["vacuum"] = (store, time) => new Vacuum().Run(store, time),
        ["restore"] = (store, time) =>
        {
            var transaction = Transaction.BeginRestore(Snapshot.Open(store), Snapshot.Open(store, 2), time);
            transaction.DeleteWhere(Where(id => id == 1), ["id"]);
            transaction.Commit("RESTORE");
        },
    };

    public static TheoryData<string, bool, bool> Cases()
    {
        var cases = new TheoryData<string, bool, bool>();
        foreach (var operation in Operations.Keys)
        {
            cases.Add(operation, true, false);
            cases.Add(operation, false, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Killed_at_any_call_the_old_or_the_new_version_is_there(string name, bool vectors, bool after)
    {
        var operation = Operations[name];
        var template = Prepare(vectors);
        var (clean, time) = Copy(template);
        var old = Content(clean);
        var counting = new FaultyStore(clean, 0, after: false);
        operation(counting, time);
        var (oldVersion, newVersion) = (9L, Snapshot.Open(clean).Version);
        var wanted = Content(clean);
        Assert.InRange(counting.Calls, 3, 2000);
        var seen = new HashSet<long>();
        for (var kill = 1; kill <= counting.Calls; kill++)
        {
            var (store, clock) = Copy(template);
            Assert.Throws<KilledException>(() => operation(new FaultyStore(store, kill, after), clock));
            var version = Snapshot.Open(store).Version;
            seen.Add(version);
            Assert.Contains(version, new[] { oldVersion, newVersion });
            Assert.Equal(version == newVersion ? wanted : old, Content(store));
            // What was removed and is still within the retention can be read.
            Assert.Equal(old, Content(store, oldVersion));
            if (version == newVersion && newVersion != oldVersion) continue;
            operation(store, clock);
            Assert.Equal(wanted, Content(store));
            // What the dead left behind is found once it is old.
            clock.Advance(TimeSpan.FromDays(30));
            new Vacuum().Run(store, clock);
            Assert.Empty(TableFiles.Orphans(Snapshot.Open(store), clock.Now));
            Assert.Equal(wanted, Content(store));
        }

        Assert.Contains(oldVersion, seen);
    }

    private static RowTest Where(Func<long, bool> wanted) => (batch, matches) =>
    {
        for (var i = 0; i < matches.Length; i++) matches[i] = wanted((long)batch.Columns[0].GetValue(i)!);
    };

    private static void Change(IObjectStore store, ManualTime time, Action<Transaction> change)
    {
        var transaction = Transaction.Begin(Snapshot.Open(store), time);
        change(transaction);
        transaction.Commit("CHANGE");
    }

    private static List<string> Content(IObjectStore store, long? version = null) => Rows.Sorted(Rows.Of(Snapshot.Open(store, version)));

    /// <summary>The same objects with the same times.</summary>
    private static (MemoryStore Store, ManualTime Time) Copy((MemoryStore Store, ManualTime Time) from)
    {
        var time = new ManualTime();
        var store = new MemoryStore(time);
        foreach (var item in from.Store.List(""))
        {
            time.Now = item.Modified;
            store.Put(item.Path, from.Store.ReadAll(item.Path));
        }

        time.Now = from.Time.Now;
        return (store, time);
    }

    /// <summary>A table at version 9, so that the next commit writes a checkpoint: some appends and a delete, with old files to clean up.</summary>
    private static (MemoryStore Store, ManualTime Time) Prepare(bool vectors)
    {
        var time = new ManualTime();
        var store = new MemoryStore(time);
        var table = new DeltaTable(store, time);
        table.Create(new TableDefinition(Tables.Orders)
        {
            PartitionColumns = ["country"],
            Properties = ImmutableSortedDictionary<string, string>.Empty
                .Add("delta.enableDeletionVectors", vectors ? "true" : "false")
                .Add("delta.enableChangeDataFeed", "true")
                .Add("delta.columnMapping.mode", "name"),
        });
        for (var i = 0; i < 4; i++) table.Append([Tables.OrdersFrom(i * 10, 10)]);
        Change(store, time, t => t.DeleteWhere(Where(id => id is 5 or 17)));
        time.Advance(TimeSpan.FromDays(3));
        store.Put("part-of-the-dead.parquet", "x"u8);
        for (var i = 0; i < 4; i++) table.Append([Tables.OrdersFrom(100 + (i * 10), 10)]);
        time.Advance(TimeSpan.FromDays(5));
        return (store, time);
    }
}
