using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class RowOperationTests
{
    private readonly MemoryStore store = new(new ManualTime());

    [Fact]
    public void A_key_that_comes_twice_is_refused()
    {
        var table = Tables.Create(store, TableModel.Schema);
        var transaction = table.Begin();
        using var twice = Tables.Batch(TableModel.Schema, [1L, "a", 1], [1L, "b", 2]);
        var fault = Assert.Throws<DataFault>(() => new Merge(["id"]).Run(transaction, twice));
        Assert.Equal("LF6077", fault.Code);
        Assert.Contains("key 1 ", fault.Message);
    }

    [Fact]
    public void A_null_key_matches_nothing_and_is_inserted()
    {
        var table = Tables.Create(store, TableModel.Schema);
        table.Append([Tables.Batch(TableModel.Schema, [null, "a", 1], [2L, "a", 2])]);
        var transaction = table.Begin();
        using var source = Tables.Batch(TableModel.Schema, [null, "b", 3], [2L, null, 4]);
        Assert.Equal(new MergeCounts(2, 0, 0), new Merge(["id", "part"]).Run(transaction, source));
        Assert.Equal(["2 | NULL | 4", "2 | a | 2", "NULL | a | 1", "NULL | b | 3"], Rows.Sorted(Rows.Of(transaction.Commit("MERGE").Snapshot)));
    }

    [Fact]
    public void Keys_of_text_and_several_columns_match_whole()
    {
        var table = Tables.Create(store, TableModel.Schema);
        table.Append([Tables.Batch(TableModel.Schema, [1L, "a", 1], [1L, "b", 2], [11L, "", 3])]);
        var transaction = table.Begin();
        using var source = Tables.Batch(TableModel.Schema, [1L, "b", 20], [1L, "1", 4]);
        Assert.Equal(new MergeCounts(1, 1, 0), new Merge(["part", "id"]).Run(transaction, source));
        Assert.Equal(["1 | 1 | 4", "1 | a | 1", "1 | b | 20", "11 |  | 3"], Rows.Sorted(Rows.Of(transaction.Commit("MERGE").Snapshot)));
    }

    [Fact]
    public void A_merge_leaves_files_without_its_keys_untouched()
    {
        var table = Tables.Create(store, TableModel.Schema);
        for (var i = 0L; i < 20; i++) table.Append([Tables.Batch(TableModel.Schema, Enumerable.Range(0, 50).Select(j => new object?[] { (i * 50) + j, "a", 1 }))]);
        var before = table.Open().Files.Select(f => f.Path).ToHashSet();
        var transaction = table.Begin();
        using var source = Tables.Batch(TableModel.Schema, [60L, "z", 9], [61L, "z", 9]);
        new Merge(["id"]).Run(transaction, source);
        var after = transaction.Commit("MERGE").Snapshot;
        Assert.Equal(1000, after.RowCount);
        Assert.Equal(19, after.Files.Count(f => before.Contains(f.Path)));
    }

    [Fact]
    public void Rows_outside_of_what_they_replace_are_refused()
    {
        var table = Tables.Create(store, TableModel.Schema);
        table.Append([Tables.Batch(TableModel.Schema, [1L, "a", 1])]);
        var transaction = table.Begin();
        var fault = Assert.Throws<DataFault>(() => transaction.ReplaceWhere(
            (b, m) =>
            {
                for (var i = 0; i < m.Length; i++) m[i] = b.Columns[1].GetValue(i) is "a";
            },
            [Tables.Batch(TableModel.Schema, [2L, "a", 2], [3L, "b", 3])]));
        Assert.Equal("LF6076", fault.Code);
        Assert.Contains("row 2", fault.Message);
    }
}
