using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

public class RefreshTests
{
    private static readonly UpdateOptions Full = new() { Workers = 1, FullRefresh = ["t"] };

    [Fact]
    public void A_full_refresh_reads_all_again_under_a_new_generation_and_keeps_the_tables_id()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable());
        var id = rig.Snapshot("t").Metadata.Id;
        rig.Files.Put("in/a", (1, "changed"));

        rig.Run(Rig.OneTable(), Full);

        Assert.Equal("1 changed", rig.Rows("t"));
        Assert.Equal(id, rig.Snapshot("t").Metadata.Id);
        Assert.Equal((2, 1L), (rig.Record("t").Generation, rig.Record("t").Step));
        Assert.True(rig.Run(Rig.OneTable()).NothingNew);
    }

    [Fact]
    public void A_full_refresh_that_would_lose_rows_names_the_files_and_needs_a_yes()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Put("in/b", (2, "q"));
        rig.Run(Rig.OneTable());
        rig.Files.Delete("in/a");

        var error = Assert.Throws<RuntimeError>(() => rig.Run(Rig.OneTable(), Full));
        Assert.Equal("LF5063", error.Code);
        Assert.Contains("in/a", error.Message, StringComparison.Ordinal);
        Assert.Equal("1 p, 2 q", rig.Rows("t"));

        rig.Run(Rig.OneTable(), Full with { LoseRows = true });
        Assert.Equal("2 q", rig.Rows("t"));
    }

    [Fact]
    public void A_table_that_must_not_be_reset_is_refused_by_name_and_passed_over_by_all()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var table = Rig.Table("t") with { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("pipelines.reset.allowed", "false") };
        var pipeline = Rig.OneTable() with { Datasets = [table] };
        rig.Run(pipeline);

        Assert.Equal("LF5057", Assert.Throws<RuntimeError>(() => rig.Run(pipeline, Full)).Code);
        rig.Run(pipeline, new UpdateOptions { Workers = 1, FullRefreshAll = true });
        Assert.Equal(1, rig.Record("t").Generation);
    }

    [Fact]
    public void Selections_that_make_no_sense_are_refused_before_anything_runs()
    {
        var rig = new Rig();
        Assert.Equal("LF5058", Assert.Throws<RuntimeError>(() => rig.Run(Rig.OneTable(), Full with { FullRefresh = ["nope"] })).Code);
        Assert.Equal("LF5059", Assert.Throws<RuntimeError>(() => rig.Run(Rig.OneTable(), Full with { Refresh = ["t"] })).Code);
        Assert.Equal("LF5059", Assert.Throws<RuntimeError>(() => rig.Run(Rig.OneTable(), Full with { FullRefreshAll = true })).Code);
    }

    [Fact]
    public void A_view_is_computed_when_anything_it_depends_on_changed_and_else_left()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var pipeline = View();
        Assert.Equal("CHANGE_SET_MISSING", rig.Run(pipeline).Flows[1].Reason);
        Assert.True(rig.Run(pipeline).NothingNew);

        rig.Files.Put("in/b", (2, "q"));
        Assert.Equal("DATA_HAS_CHANGED", rig.Run(pipeline).Flows[1].Reason);
        Assert.Equal("1 p, 2 q", rig.Rows("v"));

        var other = pipeline with { Flows = [pipeline.Flows[0], pipeline.Flows[1] with { PlanFingerprint = "plan-2" }] };
        Assert.Equal("QUERY_FINGERPRINT_CHANGED", rig.Run(other).Flows[1].Reason);
        var timed = pipeline with { Flows = [pipeline.Flows[0], other.Flows[1] with { DependsOnTime = true }] };
        Assert.Equal("TIME_FUNCTION", rig.Run(timed).Flows[1].Reason);
        Assert.Equal("TIME_FUNCTION", rig.Run(timed).Flows[1].Reason);
    }

    [Fact]
    public void A_view_that_reads_a_table_twice_reads_one_version_of_it()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var source = Rig.OneTable();
        var pipeline = source with
        {
            Datasets = source.Datasets.Add(Rig.Table("v", DatasetKind.MaterializedView)),
            Flows = source.Flows.Add(Rig.Flow("v", "v", FlowKind.Complete, Rig.From("t", streaming: false), Rig.From("t", streaming: false))),
        };

        // Between the two readings another run appends to the table.
        rig.Run(pipeline, code: flow => flow.Name == "t" ? new RowFlow(flow) : new Twice(flow, () =>
        {
            rig.Files.Put("in/b", (2, "q"));
            rig.Run(source);
        }));

        Assert.Equal("1 p, 1 p", rig.Rows("v"));
        Assert.Equal("1 p, 2 q", rig.Rows("t"));
    }

    [Fact]
    public void A_view_over_files_looks_at_path_size_and_time()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var pipeline = new PipelineInfo("test", [Rig.Table("v", DatasetKind.MaterializedView)],
            [Rig.Flow("v", "v", FlowKind.Complete, Rig.Files_("in/", streaming: false))]);
        rig.Run(pipeline);
        Assert.True(rig.Run(pipeline).NothingNew);

        rig.Files.Put("in/a", (7, "q"));
        rig.Run(pipeline);

        Assert.Equal("7 q", rig.Rows("v"));
    }

    [Fact]
    public void A_stream_refuses_a_source_that_changed_rows_and_tells_what_to_do()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var pipeline = new PipelineInfo("test", [Rig.Table("t"), Rig.Table("u")],
            [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")), Rig.Flow("u", "u", FlowKind.Append, Rig.From("t", streaming: true))]);
        rig.Run(pipeline);

        rig.Run(pipeline, Full);
        var result = rig.Run(pipeline);

        Assert.Equal("LF5053", result.Flows[1].Error!.Code);
        Assert.Equal("1 p", rig.Rows("u"));
        rig.Run(pipeline, new UpdateOptions { Workers = 1, FullRefresh = ["u"] });
        Assert.Equal("1 p", rig.Rows("u"));
    }

    [Fact]
    public void A_stream_over_a_table_reads_what_later_versions_add()
    {
        var rig = new Rig();
        var pipeline = new PipelineInfo("test", [Rig.Table("t"), Rig.Table("u")],
            [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")), Rig.Flow("u", "u", FlowKind.Append, Rig.From("t", streaming: true))]);
        for (var i = 0; i < 4; i++)
        {
            rig.Files.Put($"in/{i}", (i, "p"));
            rig.Run(pipeline);
        }

        Assert.Equal("0 p, 1 p, 2 p, 3 p", rig.Rows("u"));
        Assert.Equal(4, rig.Record("u").Step);
    }

    [Fact]
    public void A_streaming_table_gains_the_columns_that_its_declaration_gains()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable());
        var wider = new Schema(MemoryFiles.Columns.Fields.Add(new Field("z", DataType.Double)));

        rig.Run(Rig.OneTable() with { Datasets = [Rig.Table("t", columns: wider)] });

        Assert.Equal(["x", "y", "z"], rig.Snapshot("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal("1 p", rig.Rows("t"));
    }

    [Fact]
    public void A_flow_that_begins_anew_reads_all_again_into_a_table_that_keeps_its_rows()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable());

        rig.Run(Rig.OneTable(), Anew);

        Assert.Equal("1 p, 1 p", rig.Rows("t"));
        Assert.Equal((2, 1L), (rig.Record("t").Generation, rig.Record("t").Step));
        Assert.True(rig.Run(Rig.OneTable()).NothingNew);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_store_call_while_a_flow_begins_anew_its_rows_are_read_again_once_or_not_at_all(bool afterTheAct)
    {
        var calls = ResetOnce(0, afterTheAct, out _);
        Assert.InRange(calls, 10, 1000);
        for (var call = 1; call <= calls; call++)
        {
            ResetOnce(call, afterTheAct, out var rows);
            Assert.Contains(rows, new[] { "1 p, 2 q", "1 p, 1 p, 2 q, 2 q" });
        }
    }

    private static int ResetOnce(int deathAt, bool afterTheAct, out string rows)
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Put("in/b", (2, "q"));
        var pipeline = Rig.OneTable(("maxfilespertrigger", "1"));
        rig.Run(pipeline);
        rig.Death = new Death { At = deathAt, AfterTheAct = afterTheAct };
        try
        {
            rig.Run(pipeline, Anew);
        }
        catch (Died)
        {
            // As wanted.
        }

        var calls = rig.Death.Calls;
        rig.Death = new Death();
        rig.Run(pipeline);
        rows = rig.Rows("t");
        return calls;
    }

    [Fact]
    public void A_flow_that_begins_anew_is_one_that_is_there_and_that_runs()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(View());

        string? Code(UpdateOptions options) => Assert.Throws<RuntimeError>(() => rig.Run(View(), options with { Workers = 1 })).Code;

        Assert.Equal("LF5058", Code(new() { ResetFlows = ["nobody"] }));
        Assert.Equal("LF5059", Code(new() { ResetFlows = ["v"] }));
        Assert.Equal("LF5059", Code(new() { ResetFlows = ["t"], FullRefreshAll = true }));
        Assert.Equal("LF5059", Code(new() { ResetFlows = ["t"], FullRefresh = ["t"] }));
        Assert.Equal("LF5059", Code(new() { ResetFlows = ["t"], Refresh = ["v"] }));
        Assert.Equal("LF5059", Code(new() { Refresh = ["t"], FullRefresh = ["t"] }));
        Assert.Equal("CONFLICTING_PIPELINE_REFRESH_OPTIONS", Assert.Throws<RuntimeError>(
            () => rig.Run(View(), new() { Refresh = ["t"], FullRefreshAll = true })).ErrorClass);
    }

    [Fact]
    public void A_flow_under_another_name_reads_from_the_start_and_says_so()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable());

        var renamed = rig.Run(Rig.OneTable() with { Flows = [Rig.Flow("other", "t", FlowKind.Append, Rig.Files_("in/"))] });

        Assert.Equal("1 p, 1 p", rig.Rows("t"));
        Assert.Contains("and t, which read them before", renamed.Flows[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_under_another_name_says_so_in_a_table_that_was_emptied_before_as_well()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable());
        rig.Run(Rig.OneTable(), Full);
        rig.Run(Rig.OneTable(), Anew);

        var renamed = rig.Run(Rig.OneTable() with { Flows = [Rig.Flow("other", "t", FlowKind.Append, Rig.Files_("in/"))] });

        Assert.Contains("and t, which read them before", renamed.Flows[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_that_was_not_in_the_pipeline_when_its_table_was_emptied_reads_all_when_it_comes_back()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Put("old/a", (-1, "o"));
        rig.Files.Put("more/a", (9, "m"));
        var one = Rig.OneTable();
        var three = one with
        {
            Flows = [.. one.Flows, Rig.Flow("backfill", "t", FlowKind.Once, Rig.Files_("old/", streaming: false)), Rig.Flow("more", "t", FlowKind.Append, Rig.Files_("more/"))],
        };
        rig.Run(three);
        Assert.Equal("-1 o, 1 p, 9 m", rig.Rows("t"));

        rig.Run(one, Full);
        Assert.Equal("1 p", rig.Rows("t"));
        rig.Run(three);

        Assert.Equal("-1 o, 1 p, 9 m", rig.Rows("t"));
        Assert.True(rig.Run(three).NothingNew);
    }

    [Fact]
    public void A_backfill_flow_joins_a_running_table_and_runs_once()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Put("old/a", (-1, "o"));
        rig.Run(Rig.OneTable());
        var pipeline = Rig.OneTable();
        pipeline = pipeline with { Flows = pipeline.Flows.Add(Rig.Flow("backfill", "t", FlowKind.Once, Rig.Files_("old/", streaming: false))) };

        rig.Run(pipeline);
        rig.Files.Put("old/b", (-2, "o"));
        Assert.True(rig.Run(pipeline).NothingNew);
        Assert.Equal("-1 o, 1 p", rig.Rows("t"));

        // It runs again when it alone begins anew, and when the whole table does.
        rig.Run(pipeline, new() { Workers = 1, ResetFlows = ["backfill"] });
        Assert.Equal("-1 o, -1 o, -2 o, 1 p", rig.Rows("t"));
        rig.Run(pipeline, Full);
        Assert.Equal("-1 o, -2 o, 1 p", rig.Rows("t"));
    }

    [Theory]
    [InlineData(DatasetKind.StreamingTable, DatasetKind.MaterializedView)]
    [InlineData(DatasetKind.MaterializedView, DatasetKind.StreamingTable)]
    [InlineData(DatasetKind.StreamingTable, DatasetKind.FlowTable)]
    public void A_table_that_becomes_something_else_is_not_written_over_in_silence(DatasetKind was, DatasetKind now)
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"), (2, "q"));
        rig.Run(As(was));
        rig.Files.Put("in/b", (3, "r"));

        var error = Assert.Throws<RuntimeError>(() => rig.Run(As(now)));

        Assert.Equal("LF5065", error.Code);
        Assert.Contains("its 2 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 file(s) of in/", error.Message, StringComparison.Ordinal);
        Assert.Equal("1 p, 2 q", rig.Rows("t"));
        rig.Run(As(now), Full);
        Assert.Equal("1 p, 2 q, 3 r", rig.Rows("t"));
        Assert.True(rig.Run(As(now)).NothingNew);
    }

    private static readonly UpdateOptions Anew = new() { Workers = 1, ResetFlows = ["t"] };

    private static PipelineInfo As(DatasetKind kind) => new("test", [Rig.Table("t", kind)],
    [
        kind == DatasetKind.MaterializedView
            ? Rig.Flow("t", "t", FlowKind.Complete, Rig.Files_("in/", streaming: false))
            : Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")),
    ]);

    private static PipelineInfo View() => new("test", [Rig.Table("t"), Rig.Table("v", DatasetKind.MaterializedView)],
    [
        Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")),
        Rig.Flow("v", "v", FlowKind.Complete, Rig.From("t", streaming: false)),
    ]);

    private sealed class Twice(FlowInfo info, Action between) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run)
        {
            for (var slot = 0; slot < 2; slot++)
            {
                using var source = run.Source(slot);
                using var reader = source.Open(0, 1);
                while (reader.Read() is { } batch)
                {
                    using (batch) run.Output(0).Write(batch);
                }

                if (slot == 0) between();
            }
        }
    }
}
