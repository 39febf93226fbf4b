using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

public class TableCareTests
{
    [Fact]
    public void Small_files_are_laid_together_after_a_flow_and_a_stream_of_the_table_does_not_notice()
    {
        var rig = new Rig();
        var pipeline = new PipelineInfo(
            "test", [Rig.Table("t"), Rig.Table("u")],
            [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")), Rig.Flow("u", "u", FlowKind.Append, Rig.From("t", streaming: true))]);
        Update(rig, pipeline, 0, 130, TimeSpan.FromHours(1));

        Assert.Equal(Expected(130), rig.Rows("t"));
        Assert.Equal(Expected(130), rig.Rows("u"));
        Assert.InRange(rig.Snapshot("t").Files.Length, 1, TableCare.ManyFiles);
        Assert.InRange(rig.Snapshot("u").Files.Length, 1, TableCare.ManyFiles);
        // State and log lay theirs together within their own commits.
        var state = Snapshot.Open(rig.Lakehouse.State(rig.Record("t").State.Keys.Single()));
        Assert.Equal(130, state.RowCount);
        Assert.InRange(state.Files.Length, 1, TableCare.ManyFiles);
        Assert.InRange(Snapshot.Open(rig.Lakehouse.EventLog()).Files.Length, 1, TableCare.ManyFiles);
        Assert.True(rig.Run(pipeline).NothingNew);
        Assert.Contains(TableHistory.Read(rig.Snapshot("t").Store), e => e.Operation == "OPTIMIZE");
    }

    [Fact]
    public void Old_files_go_by_themselves_and_the_last_week_stays_readable()
    {
        var rig = new Rig();
        var pipeline = new PipelineInfo("test", [Rig.Table("v", DatasetKind.MaterializedView)], [Rig.Flow("v", "v", FlowKind.Complete, Rig.Files_("in/", streaming: false))]);
        Update(rig, pipeline, 0, 60, TimeSpan.FromDays(1));

        // A file a day: those of a week, those since the last checkpoint, and the newest.
        var store = rig.Snapshot("v").Store;
        Assert.InRange(store.List("").Count(o => !o.Path.StartsWith('_')), 8, 19);
        Assert.Equal(Expected(60), rig.Rows("v"));
        for (var version = rig.Snapshot("v").Version; version > 53; version--)
        {
            Assert.Equal(version, Count(Snapshot.Open(store, version)));
        }
    }

    [Fact]
    public void A_table_that_is_not_managed_is_left_alone()
    {
        var rig = new Rig();
        var table = Rig.Table("t") with { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("pipelines.autoOptimize.managed", "false") };
        var pipeline = new PipelineInfo("test", [table], [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/"))]);
        Update(rig, pipeline, 0, 60, TimeSpan.FromDays(1));

        Assert.Equal(60, rig.Snapshot("t").Files.Length);
    }

    [Fact]
    public void A_vacuum_of_a_table_keeps_the_state_that_a_retained_version_names()
    {
        var rig = new Rig();
        Update(rig, Rig.OneTable(), 0, 120, TimeSpan.FromHours(4));
        var name = rig.Record("t").State.Keys.Single();
        var table = rig.Snapshot("t");
        var done = TableCare.Vacuum(rig.Lakehouse, "t", table.Store, time: rig.Time);

        Assert.Equal(["t", name], done.Select(d => d.Table));
        var oldest = TableFiles.VersionBefore(table, rig.Time.GetUtcNow().AddDays(-7))!.Value;
        Assert.InRange(oldest, 50, 110);
        for (var version = oldest; version <= table.Version; version++)
        {
            var record = FlowRecord.Parse(Snapshot.Open(table.Store, version).Domains[FlowRecord.DomainPrefix + "t"]);
            Assert.Equal(record.Step, Count(Snapshot.Open(rig.Lakehouse.State(name), record.State[name])));
        }
    }

    private static void Update(Rig rig, PipelineInfo pipeline, int from, int to, TimeSpan apart)
    {
        for (var i = from; i < to; i++)
        {
            rig.Files.Put(string.Create(CultureInfo.InvariantCulture, $"in/{i:D4}"), (i, "p"));
            Assert.Equal(UpdateState.Completed, rig.Run(pipeline).State);
            rig.Time.Advance(apart);
        }
    }

    private static string Expected(int count) =>
        string.Join(", ", Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} p")).Order(StringComparer.Ordinal));

    private static long Count(Snapshot snapshot)
    {
        using var scan = new DeltaScan(snapshot);
        using var reader = scan.Open(0, 1);
        long count = 0;
        while (reader.Read() is { } batch)
        {
            using (batch) count += batch.Length;
        }

        return count;
    }
}
