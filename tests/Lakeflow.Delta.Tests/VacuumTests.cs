using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class VacuumTests
{
    private readonly ManualTime time = new();
    private readonly MemoryStore store;
    private readonly DeltaTable table;

    public VacuumTests()
    {
        store = new MemoryStore(time);
        table = new DeltaTable(store, time);
        table.Create(new TableDefinition(Tables.Orders)
        {
            PartitionColumns = ["country"],
            Properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.enableDeletionVectors", "true").Add("delta.enableChangeDataFeed", "true"),
        });
    }

    [Fact]
    public void What_no_version_of_the_retention_needs_goes_and_nothing_else()
    {
        table.Append([Tables.OrdersFrom(0, 3000)]);
        Delete(id => id % 3 == 0);
        Delete(id => id % 3 == 1);
        table.Overwrite([Tables.OrdersFrom(0, 30)]);
        var removed = table.Open().Version;
        store.Put("notes.txt", "mine"u8);
        store.Put("_other/x.parquet", "theirs"u8);
        store.Put("part-of-a-run-that-died.parquet", "x"u8);
        store.Put("_change_data/cdc-of-a-run-that-died.parquet", "x"u8);
        // All is young yet.
        Assert.Empty(new Vacuum().Run(store, time).Files);
        time.Advance(TimeSpan.FromDays(8));
        table.Append([Tables.OrdersFrom(100, 10)]);
        var dry = new Vacuum { IsDry = true }.Run(store, time);
        var files = store.List("").Count();
        Assert.Equal(dry.Files.AsEnumerable(), new Vacuum().Run(store, time).Files);
        Assert.Equal(files - dry.Files.Length, store.List("").Count());
        Assert.Contains(dry.Files, f => f.Name.StartsWith("deletion_vector_", StringComparison.Ordinal));
        Assert.Contains(dry.Files, f => f.Path.StartsWith("_change_data/", StringComparison.Ordinal));
        Assert.Contains(dry.Files, f => f.Name == "part-of-a-run-that-died.parquet");
        Assert.NotNull(store.Head("notes.txt"));
        Assert.NotNull(store.Head("_other/x.parquet"));
        Assert.Equal(40, Rows.Of(table.Open()).Count);
        // The version that was the newest one a week ago.
        Assert.Equal(30, Rows.Of(table.Open(removed)).Count);
        Assert.Equal("LF6060", Assert.Throws<DataFault>(() => Rows.Of(table.Open(removed - 1))).Code);
        Assert.Empty(new Vacuum().Run(store, time).Files);
    }

    [Fact]
    public void Longer_than_the_table_s_retention_is_kept_by_the_log_though_checkpoints_forget()
    {
        table.Append([Tables.OrdersFrom(0, 30)]);
        var full = table.Open().Version;
        table.Overwrite([]);
        time.Advance(TimeSpan.FromDays(9));
        for (var i = 0; i < 12; i++) table.Append([Tables.OrdersFrom(i, 1)]);
        Assert.Empty(new Vacuum { Retention = TimeSpan.FromDays(20) }.Run(store, time).Files);
        Assert.Equal(30, Rows.Of(table.Open(full)).Count);
        Assert.Equal("LF6079", Assert.Throws<DataFault>(() => new Vacuum { Retention = TimeSpan.FromHours(1) }.Run(store, time)).Code);
        Assert.NotEmpty(new Vacuum().Run(store, time).Files);
    }

    [Fact]
    public void Versions_that_a_target_names_stay_whatever_their_age()
    {
        table.Append([Tables.OrdersFrom(0, 30)]);
        Delete(id => id < 10);
        var named = table.Open().Version;
        Delete(id => id < 20);
        table.Overwrite([]);
        time.Advance(TimeSpan.FromDays(30));
        new Vacuum { KeepFrom = named }.Run(store, time);
        Assert.Equal(20, Rows.Of(table.Open(named)).Count);
        Assert.Equal(10, Rows.Of(table.Open(named + 1)).Count);
        new Vacuum().Run(store, time);
        Assert.Equal("LF6060", Assert.Throws<DataFault>(() => Rows.Of(table.Open(named))).Code);
    }

    private void Delete(Func<long, bool> doomed)
    {
        var transaction = table.Begin();
        RowRemovalTests.DeleteWhere(transaction, doomed);
        transaction.Commit("DELETE");
        time.Advance(TimeSpan.FromMinutes(1));
    }
}
