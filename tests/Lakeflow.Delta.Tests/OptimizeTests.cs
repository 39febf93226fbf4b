using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class OptimizeTests
{
    private readonly ManualTime time = new();
    private readonly MemoryStore store;

    public OptimizeTests() => store = new MemoryStore(time);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Small_files_become_one_a_partition_and_no_row_changes(bool partitioned)
    {
        var table = Create(partitioned);
        for (var i = 0; i < 12; i++) table.Append([Tables.OrdersFrom(i * 10, 10)]);
        var before = Rows.Sorted(Rows.Of(table.Open()));
        var result = new Optimize { Workers = 2 }.Run(store, time);
        Assert.Equal(partitioned ? 36 : 12, result.FilesBefore);
        Assert.Equal(partitioned ? 3 : 1, result.FilesAfter);
        var after = table.Open();
        Assert.Equal(result.Version, after.Version);
        Assert.Equal(result.FilesAfter, after.Files.Length);
        Assert.Equal(before, Rows.Sorted(Rows.Of(after)));
        Assert.False(LogTail.Read(store, after.Version).Single().ChangesRows);
        Assert.Equal("OPTIMIZE", table.History(1).Single().Operation);
        // Nothing is left to do, and nothing is committed.
        Assert.Equal(new OptimizeResult(after.Version, 0, 0, 0, 0), new Optimize().Run(store, time));
        Assert.Equal(after.Version, table.Open().Version);
    }

    [Fact]
    public void Files_reach_the_target_and_no_more()
    {
        var table = Create(false);
        for (var i = 0; i < 10; i++) table.Append([Tables.OrdersFrom(i * 1000, 1000)]);
        var size = table.Open().Files.Max(f => f.Size);
        new Optimize { TargetFileBytes = (size * 3) + 10, SmallFileBytes = size * 2 }.Run(store, time);
        Assert.Equal(4, table.Open().Files.Length);
        Assert.Equal(10_000, table.Open().RowCount);
    }

    [Fact]
    public void Deleted_rows_are_left_behind()
    {
        var table = Create(false);
        table.Append([Tables.OrdersFrom(0, 1000)]);
        var few = table.Begin();
        RowRemovalTests.DeleteWhere(few, id => id == 7);
        few.Commit("DELETE");
        Assert.Equal(0, new Optimize().Run(store, time).FilesBefore);
        var many = table.Begin();
        RowRemovalTests.DeleteWhere(many, id => id % 4 == 0);
        many.Commit("DELETE");
        Assert.Equal(1, new Optimize().Run(store, time).FilesAfter);
        var file = Assert.Single(table.Open().Files);
        Assert.Null(file.DeletionVector);
        Assert.Equal(749, table.Open().RowCount);
        Assert.Equal(749, RowRemovalTests.Ids(table.Open()).Count);
    }

    [Fact]
    public void An_append_in_between_does_not_matter_and_a_delete_makes_it_begin_again()
    {
        for (var call = 1; call < 120; call++)
        {
            var inner = new MemoryStore(time);
            var table = new DeltaTable(inner, time);
            table.Create(new TableDefinition(Tables.Orders) { Properties = Vectors });
            for (var i = 0; i < 4; i++) table.Append([Tables.OrdersFrom(i * 10, 10)]);
            var between = new LateWinnerStore(inner, call, () =>
            {
                if (call % 2 == 0)
                {
                    table.Append([Tables.OrdersFrom(100, 5)]);
                    return;
                }

                var delete = table.Begin();
                RowRemovalTests.DeleteWhere(delete, id => id == 15);
                delete.Commit("DELETE");
            });
            new Optimize().Run(between, time);
            var after = Snapshot.Open(inner);
            var expected = Enumerable.Range(0, 40).Select(i => (long)i).ToList();
            if (after.Version > 5 && call % 2 == 0) expected.AddRange(Enumerable.Range(100, 5).Select(i => (long)i));
            if (after.Version > 5 && call % 2 == 1) expected.Remove(15);
            Assert.Equal(expected, RowRemovalTests.Ids(after));
        }
    }

    [Fact]
    public void A_table_that_only_grows_may_be_laid_together()
    {
        var table = new DeltaTable(store, time);
        table.Create(new TableDefinition(Tables.Orders) { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.appendOnly", "true") });
        for (var i = 0; i < 4; i++) table.Append([Tables.OrdersFrom(i * 10, 10)]);
        Assert.Equal(1, new Optimize().Run(store, time).FilesAfter);
        Assert.Equal(40, table.Open().RowCount);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Random_changes_compactions_renames_and_vacuums_equal_the_model(bool vectors, bool partitioned, bool mapped)
    {
        for (var seed = 100; seed < 104; seed++)
        {
            var random = new Random(seed);
            var model = new TableModel(random, new MemoryStore(time), time, vectors, feed: true, partitioned, mapped);
            for (var step = 0; step < 30; step++)
            {
                if (random.Next(2) == 0) model.Change();
                else model.Keep();
                Assert.Equal(model.Expected(), Rows.Sorted(Rows.Of(Snapshot.Open(model.Store))));
            }

            model.CheckPast();
        }
    }

    private static readonly ImmutableSortedDictionary<string, string> Vectors =
        ImmutableSortedDictionary<string, string>.Empty.Add("delta.enableDeletionVectors", "true");

    private DeltaTable Create(bool partitioned)
    {
        var table = new DeltaTable(store, time);
        table.Create(new TableDefinition(Tables.Orders) { Properties = Vectors, PartitionColumns = partitioned ? ["country"] : [] });
        return table;
    }
}
