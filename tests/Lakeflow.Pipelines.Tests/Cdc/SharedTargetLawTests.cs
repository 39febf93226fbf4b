using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Robustness;
using static Lakeflow.Pipelines.Tests.Cdc.ChangeModel;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>Several flows into one target share the history of its keys. Language specification §3.6.</summary>
public sealed class SharedTargetLawTests
{
    private static readonly string Sql = $"""
        CREATE TEMPORARY VIEW even AS SELECT * FROM STREAM(events) WHERE seq % 2 = 0;
        CREATE TEMPORARY VIEW odd AS SELECT * FROM STREAM(events) WHERE seq % 2 = 1;
        CREATE TEMPORARY VIEW even_or_all AS SELECT * FROM STREAM(feed) WHERE seq % 2 = 0 OR op = 'T';
        {Two("latest", "", "", "SCD TYPE 1")}
        {Two("patched", "IGNORE NULL UPDATES", "", "SCD TYPE 1")}
        {Two("versions", "", "", "SCD TYPE 2")}
        {Two("patched_versions", "", "IGNORE NULL UPDATES", "SCD TYPE 2 TRACK HISTORY ON (a)")}
        CREATE STREAMING TABLE emptied;
        CREATE FLOW emptied_1 AS AUTO CDC INTO emptied FROM STREAM(even_or_all) KEYS (id) APPLY AS DELETE WHEN op = 'D' APPLY AS TRUNCATE WHEN op = 'T' SEQUENCE BY seq COLUMNS (id, a, b, s);
        CREATE FLOW emptied_2 AS AUTO CDC INTO emptied FROM STREAM(odd) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, a, b, s);
        """;

    [Fact]
    public void Events_that_come_by_several_flows_give_the_table_of_all_events()
    {
        using var bench = new ChangeBench(Sql);
        Prop.ForAll(ChangeFeeds.Any.ToArbitrary(), feed =>
        {
            var lake = bench.RunFeed(feed);
            ChangeEvent[] all = [.. feed.SelectMany(b => b)];
            Assert.Equal(ChangeBench.Text(Latest(all, Patch.None, truncates: false)), ChangeBench.Rows(lake, "latest"));
            Assert.Equal(ChangeBench.Text(Latest(all, Patch.None, truncates: true)), ChangeBench.Rows(lake, "emptied"));
            Assert.Equal(ChangeBench.Text(Latest(all, e => e.Seq % 2 == 0 ? Patch.Nulls : Patch.None, truncates: false)), ChangeBench.Rows(lake, "patched"));
            Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: false, seq => seq)), ChangeBench.Rows(lake, "versions"));
            Assert.Equal(
                ChangeBench.Text(Versions(all, e => e.Seq % 2 == 1 ? Patch.Nulls : Patch.None, tracksOnlyA: true, seq => seq)), ChangeBench.Rows(lake, "patched_versions"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50).WithEndSize(30));
    }

    private static string Two(string table, string even, string odd, string stored) => $"""
        CREATE STREAMING TABLE {table};
        CREATE FLOW {table}_1 AS AUTO CDC INTO {table} FROM STREAM(even) KEYS (id) {even} APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, a, b, s) STORED AS {stored};
        CREATE FLOW {table}_2 AS AUTO CDC INTO {table} FROM STREAM(odd) KEYS (id) {odd} APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, a, b, s) STORED AS {stored};
        """;
}
