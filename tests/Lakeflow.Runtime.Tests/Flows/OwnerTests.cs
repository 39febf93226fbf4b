using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>A table has one pipeline that writes it.</summary>
public class OwnerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_table_of_another_pipeline_is_refused_before_anything_is_changed(bool reset)
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Pipeline("shop", "t", "u"));
        var (rows, files) = (rig.Rows("t"), rig.FileCount);
        rig.Files.Put("in/b", (2, "q"));

        var error = Assert.Throws<RuntimeError>(() => rig.Run(Pipeline("store", "new", "t", "u"), new UpdateOptions { Workers = 1, FullRefreshAll = reset, LoseRows = true }));

        Assert.Equal("LF5067", error.Code);
        Assert.Contains("main.shop.t (of the pipeline shop), main.shop.u (of the pipeline shop). This is the pipeline store", error.Message, StringComparison.Ordinal);
        Assert.Contains("--adopt main.shop.t,main.shop.u", error.Hint, StringComparison.Ordinal);
        Assert.Equal(rows, rig.Rows("t"));
        // But for the event log, which tells of the failure.
        Assert.InRange(rig.FileCount, files, files + 2);
        Assert.False(Snapshot.TryOpen(rig.Lakehouse.Table(Rig.Name("new")), out _));
    }

    [Fact]
    public void Pipelines_share_a_lakehouse_and_read_each_others_tables()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Pipeline("shop", "t"));
        var reader = new PipelineInfo("report", [Rig.Table("r")], [Rig.Flow("r", "r", FlowKind.Append, Rig.From("t", streaming: true))]);

        Assert.Equal(UpdateState.Completed, rig.Run(reader).State);
        Assert.Equal("1 p", rig.Rows("r"));
        Assert.True(rig.Run(Pipeline("shop", "t")).NothingNew);
        Assert.Equal(new TableOrigin("StreamingTable", "report"), TableOrigin.Of(rig.Snapshot("r")));
    }

    [Fact]
    public void A_table_that_is_taken_over_keeps_its_rows_and_its_flows_positions_and_is_lost_to_the_other()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Pipeline("shop", "t"));
        rig.Files.Put("in/b", (2, "q"));

        var taken = rig.Run(Pipeline("store", "t"), new UpdateOptions { Workers = 1, Adopt = ["t"] });

        Assert.Equal(1, taken.Flows[0].Counts.Read);
        Assert.Equal("1 p, 2 q", rig.Rows("t"));
        Assert.True(rig.Run(Pipeline("store", "t")).NothingNew);
        Assert.Equal("LF5067", Assert.Throws<RuntimeError>(() => rig.Run(Pipeline("shop", "t"))).Code);
    }

    [Fact]
    public void A_table_of_an_early_version_belongs_to_whoever_comes_first()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Pipeline("shop", "t"));
        var early = Transaction.Begin(rig.Snapshot("t"), rig.Time);
        early.SetDomain(TableOrigin.Domain, """{"kind":"StreamingTable"}""");
        early.Commit("ALTER TABLE");

        Assert.True(rig.Run(Pipeline("store", "t")).NothingNew);
        Assert.Equal("LF5067", Assert.Throws<RuntimeError>(() => rig.Run(Pipeline("shop", "t"))).Code);
    }

    [Fact]
    public void Rows_that_no_pipeline_wrote_are_not_written_over_unless_they_are_taken_over()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Pipeline("shop", "t"));
        var bare = Transaction.Begin(rig.Snapshot("t"), rig.Time);
        foreach (var domain in rig.Snapshot("t").Domains.Keys) bare.RemoveDomain(domain);
        bare.Commit("ALTER TABLE");
        var view = new PipelineInfo("shop", [Rig.Table("t", DatasetKind.MaterializedView)], [Rig.Flow("t", "t", FlowKind.Complete, Rig.Files_("other/", streaming: false))]);
        rig.Files.Put("other/a", (7, "z"));

        var error = Assert.Throws<RuntimeError>(() => rig.Run(view));

        Assert.Equal("LF5067", error.Code);
        Assert.Contains("main.shop.t (made by no pipeline)", error.Message, StringComparison.Ordinal);
        Assert.Equal("1 p", rig.Rows("t"));
        rig.Run(view, new UpdateOptions { Workers = 1, Adopt = ["t"] });
        Assert.Equal("7 z", rig.Rows("t"));
    }

    [Fact]
    public void Of_two_pipelines_that_make_one_table_at_once_one_is_refused()
    {
        // Law: whenever the other comes in between, the table is whose who made it, with the rows of one.
        for (var call = 1; call <= 12; call++)
        {
            var rig = new Rig();
            rig.Files.Put("in/a", (1, "p"));
            var refused = new List<string>();
            void Run(string name)
            {
                try
                {
                    rig.Run(Pipeline(name, "t"));
                }
                catch (RuntimeError error)
                {
                    refused.Add(error.Code);
                }
            }

            rig.Death = new Death { At = call, Meanwhile = () => Run("shop") };
            Run("store");

            Assert.Equal(["LF5067"], refused);
            Assert.Equal("1 p", rig.Rows("t"));
        }
    }

    private static PipelineInfo Pipeline(string name, params string[] tables) => new(
        name, [.. tables.Select(t => Rig.Table(t))], [.. tables.Select(t => Rig.Flow(t, t, FlowKind.Append, Rig.Files_("in/")))]);
}
