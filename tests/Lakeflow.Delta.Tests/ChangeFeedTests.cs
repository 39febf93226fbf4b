using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class ChangeFeedTests
{
    private readonly ManualTime time = new();
    private readonly MemoryStore store;

    public ChangeFeedTests() => store = new MemoryStore(time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_update_tells_both_forms_of_a_row_and_an_append_its_rows(bool vectors)
    {
        var table = Create(vectors, "true");
        table.Append([Rows123()]);
        time.Advance(TimeSpan.FromMinutes(1));
        var transaction = table.Begin();
        transaction.DeleteWhere((b, m) => m[0] = (long)b.Columns[0].GetValue(0)! == 1, ["id"]);
        transaction.UpdateWhere((b, m) => m[1] = true, b => Tables.Batch(TableModel.Schema, [2L, "b", 20]));
        Assert.Equal(2, transaction.Commit("MERGE").Version);
        using var feed = ChangeFeed.Open(store, 1);
        Assert.Equal(["id", "part", "value", "_change_type", "_commit_version", "_commit_timestamp"], feed.Schema.Fields.Select(f => f.Name));
        var second = 1_767_225_600_000_000L;
        Assert.Equal(
            [
                $"1 | a | 1 | delete | 2 | {second + 60_000_000}", $"1 | a | 1 | insert | 1 | {second}", $"2 | a | 2 | insert | 1 | {second}",
                $"2 | a | 2 | update_preimage | 2 | {second + 60_000_000}", $"2 | b | 20 | update_postimage | 2 | {second + 60_000_000}",
                $"3 | a | 3 | insert | 1 | {second}",
            ],
            Rows.Sorted(Rows.Of(feed)));
        using var some = ChangeFeed.Open(store, 2, 2, ["_change_type", "value"]);
        Assert.Equal(["delete | 1", "update_postimage | 20", "update_preimage | 2"], Rows.Sorted(Rows.Of(some, workers: 2)));
        using var whole = ChangeFeed.OfSnapshot(table.Open(), ["id", "_change_type"]);
        Assert.Equal(["2 | insert", "3 | insert"], Rows.Sorted(Rows.Of(whole)));
    }

    [Fact]
    public void A_range_can_be_given_by_time()
    {
        var table = Create(vectors: false, "true");
        var first = time.GetUtcNow();
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromHours(1));
            table.Append([Tables.Batch(TableModel.Schema, [(long)i, null, i])]);
        }

        using var middle = ChangeFeed.OpenAt(store, first.AddMinutes(90), first.AddMinutes(150), ["id", "_commit_version"]);
        Assert.Equal(["1 | 2"], Rows.Sorted(Rows.Of(middle)));
        Assert.Equal("LF6058", Assert.Throws<DataFault>(() => ChangeFeed.OpenAt(store, first.AddDays(9))).Code);
        Assert.Equal("LF6058", Assert.Throws<DataFault>(() => ChangeFeed.OpenAt(store, first.AddDays(-9), first.AddDays(-8))).Code);
    }

    [Fact]
    public void What_was_not_recorded_is_refused()
    {
        var table = Create(vectors: false, feed: null);
        table.Append([Rows123()]);
        Assert.Equal("LF6074", Assert.Throws<DataFault>(() => ChangeFeed.Open(store, 0)).Code);
        Assert.Equal("LF6074", Assert.Throws<DataFault>(() => ChangeFeed.Open(store, 1)).Code);
        var on = table.Begin();
        on.SetProperty("delta.enableChangeDataFeed", "true");
        var enabled = on.Commit("SET TBLPROPERTIES").Snapshot;
        Assert.Contains("changeDataFeed", enabled.Protocol.WriterFeatures);
        table.Append([Tables.Batch(TableModel.Schema, [4L, "b", 4])]);
        using var feed = ChangeFeed.Open(store, 2, columns: ["id", "_commit_version"]);
        Assert.Equal(["4 | 3"], Rows.Sorted(Rows.Of(feed)));
        Assert.Equal("LF6074", Assert.Throws<DataFault>(() => ChangeFeed.Open(store, 1)).Code);
        Assert.Equal("LF6051", Assert.Throws<DataFault>(() => ChangeFeed.Open(store, 9)).Code);
        Assert.Equal("LF6051", Assert.Throws<DataFault>(() => ChangeFeed.Open(store, 3, 2)).Code);
    }

    [Fact]
    public void A_name_of_the_feed_cannot_be_a_column()
    {
        var schema = new Schema(new Field("_commit_version", DataType.Int64));
        var properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.enableChangeDataFeed", "true");
        Assert.Equal("LF6075", Assert.Throws<DataFault>(() => Transaction.Create(store, new TableDefinition(schema) { Properties = properties })).Code);
    }

    [Fact]
    public void A_deletion_vector_that_another_engine_wrote_without_change_files_is_read_by_its_difference()
    {
        var table = Create(vectors: true, feed: null);
        table.Append([Rows123()]);
        table.Append([Tables.Batch(TableModel.Schema, [4L, "b", 4])]);
        var transaction = table.Begin();
        transaction.DeleteWhere((b, m) => m[0] = (long)b.Columns[0].GetValue(0)! == 1, ["id"]);
        transaction.Commit("DELETE");
        var change = LogTail.Read(store, 3).Single();
        var parts = ChangePart.Of(store, change, time.GetUtcNow(), partitioned: false);
        var part = Assert.Single(parts);
        Assert.Equal(RowChange.Delete, part.Change);
        Assert.Equal([0L], part.Rows!.Ascending());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Random_changes_equal_the_model_and_the_feed_leads_from_any_version_to_any_later(bool vectors, bool partitioned)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var model = new TableModel(random, new MemoryStore(time), time, vectors, feed: true, partitioned);
            for (var step = 0; step < 15; step++)
            {
                model.Change();
                Assert.Equal(model.Expected(), Rows.Sorted(Rows.Of(Snapshot.Open(model.Store))));
            }

            var to = random.NextInt64(1, 16);
            var from = random.NextInt64(0, to);
            Assert.Equal(Rows.Sorted(Rows.Of(Snapshot.Open(model.Store, to))), Applied(model.Store, from, to));
        }
    }

    internal static List<string> Applied(IObjectStore store, long from, long to)
    {
        var bag = Rows.Sorted(Rows.Of(Snapshot.Open(store, from)));
        using var feed = ChangeFeed.Open(store, from + 1, to);
        foreach (var version in Rows.Of(feed).GroupBy(r => (long)r[^2]!).OrderBy(g => g.Key))
        {
            foreach (var row in version.OrderBy(r => (string)r[^3]! is "delete" or "update_preimage" ? 0 : 1))
            {
                var text = string.Join(" | ", row[..^3].Select(Rows.Text));
                if ((string)row[^3]! is "insert" or "update_postimage") bag.Add(text);
                else Assert.True(bag.Remove(text), $"version {version.Key} deletes {text}, which is not there");
            }
        }

        bag.Sort(StringComparer.Ordinal);
        return bag;
    }

    private static RecordBatch Rows123() => Tables.Batch(TableModel.Schema, [1L, "a", 1], [2L, "a", 2], [3L, "a", 3]);

    private DeltaTable Create(bool vectors, string? feed)
    {
        var table = new DeltaTable(store, time);
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (vectors) properties = properties.Add("delta.enableDeletionVectors", "true");
        if (feed is not null) properties = properties.Add("delta.enableChangeDataFeed", feed);
        table.Create(new TableDefinition(TableModel.Schema) { Properties = properties });
        return table;
    }
}
