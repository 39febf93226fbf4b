using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class BloomPruningTests
{
    private readonly MemoryStore store = new(new ManualTime());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_that_are_spread_over_all_files_are_looked_for_in_those_that_have_them(bool mapped)
    {
        var table = Create(mapped);
        var snapshot = table.Open();
        // Statistics rule out nothing: each file has small keys and large ones.
        using var scan = new DeltaScan(snapshot, ["id", "name"], keys: [KeyFilter.Values("id", [1003L, 2003L, 77_777L])]);
        Assert.Equal(10, scan.Files.Length);
        var rows = Rows.Of(scan);
        Assert.Contains(rows, r => r[0] is 1003L);
        Assert.Contains(rows, r => r[0] is 2003L);
        // Two files have one each; of the other eight a filter is wrong once in a hundred times.
        Assert.InRange(rows.Count, 400, 800);
        Assert.InRange(Rows.Of(snapshot, predicates: [new ColumnPredicate("name", ColumnComparison.Equal, "n77777")]).Count, 0, 400);
        Assert.Contains(Rows.Of(snapshot, predicates: [new ColumnPredicate("name", ColumnComparison.Equal, "n4005")]), r => r[1] is "n4005");
        using var ranges = new DeltaScan(snapshot, keys: [KeyFilter.Ranges("id", [(5L, 6L)])]);
        Assert.Equal(4000, Rows.Of(ranges).Count);
    }

    [Fact]
    public void A_renamed_key_keeps_its_filters()
    {
        var table = Create(mapped: true);
        var rename = table.Begin();
        rename.RenameColumn("id", "key");
        var after = rename.Commit("RENAME COLUMN").Snapshot;
        Assert.Equal("key, name", after.Metadata.Properties["lakeflow.bloomFilterColumns"]);
        using var scan = new DeltaScan(after, ["key"], keys: [KeyFilter.Values("key", [77_777L])]);
        Assert.InRange(Rows.Of(scan).Count, 0, 800);
    }

    [Fact]
    public void A_merge_of_spread_keys_finds_every_one()
    {
        var table = Create(mapped: false);
        var random = new Random(5);
        var transaction = table.Begin();
        var schema = transaction.Schema;
        var ids = Enumerable.Range(0, 200).Select(_ => (long)((random.Next(10) * 1000) + random.Next(600))).Distinct().ToList();
        using var source = Tables.Batch(schema, ids.Select(i => new object?[] { i, "new" }));
        var counts = new Merge(["id"]).Run(transaction, source);
        Assert.Equal(ids.Count(i => i % 1000 < 398), counts.Updated);
        Assert.Equal(ids.Count(i => i % 1000 >= 398), counts.Inserted);
        var after = transaction.Commit("MERGE").Snapshot;
        Assert.Equal(ids.Order(), Rows.Of(after).Where(r => r[1] is "new").Select(r => (long)r[0]!).Order());
    }

    /// <summary>Ten files of 400 rows; file f has the keys f·1000 to f·1000 + 397, the least and the greatest of all, and their names.</summary>
    private DeltaTable Create(bool mapped)
    {
        var schema = new Schema(new Field("id", DataType.Int64), new Field("name", DataType.String));
        var properties = ImmutableSortedDictionary<string, string>.Empty.Add("lakeflow.bloomFilterColumns", "id, name");
        if (mapped) properties = properties.Add("delta.columnMapping.mode", "name");
        var table = new DeltaTable(store);
        table.Create(new TableDefinition(schema) { Properties = properties });
        for (var file = 0; file < 10; file++)
        {
            var ids = Enumerable.Range(0, 398).Select(i => (long)((file * 1000) + i)).Concat([-1L, 1_000_000L]);
            table.Append([Tables.Batch(schema, ids.Select(i => new object?[] { i, i < 0 ? "a" : i == 1_000_000 ? "z" : $"n{i}" }))]);
        }

        return table;
    }
}
