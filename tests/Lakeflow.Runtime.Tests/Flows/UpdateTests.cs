using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

public class UpdateTests
{
    [Fact]
    public void A_table_gets_no_property_that_its_protocol_does_not_bear_out()
    {
        var rig = new Rig();
        var declared = new Dictionary<string, string> { ["delta.minReaderVersion"] = "3", ["delta.feature.rowTracking"] = "supported", ["delta.enableRowTracking"] = "true", ["quality"] = "gold" };
        var pipeline = Rig.OneTable() with { Datasets = [Rig.Table("t") with { Properties = declared.ToImmutableSortedDictionary(StringComparer.Ordinal) }] };
        rig.Run(pipeline);
        Assert.Equal(["quality"], rig.Snapshot("t").Metadata.Properties.Keys);
        var version = rig.Snapshot("t").Version;
        rig.Run(pipeline);
        Assert.Equal(version, rig.Snapshot("t").Version);
    }

    [Fact]
    public void A_file_becomes_rows_and_the_second_run_commits_nothing()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"), (2, "q"));

        var first = rig.Run(Rig.OneTable());
        var version = rig.Snapshot("t").Version;
        var second = rig.Run(Rig.OneTable());

        Assert.Equal(UpdateState.Completed, first.State);
        Assert.Equal("1 p, 2 q", rig.Rows("t"));
        Assert.True(second.NothingNew);
        Assert.Equal(version, rig.Snapshot("t").Version);
        Assert.Equal(["in/a"], rig.Files.Opened);
    }

    [Fact]
    public void A_new_file_is_read_and_no_other()
    {
        var rig = new Rig();
        rig.Files.Put("in/b", (2, "q"));
        rig.Run(Rig.OneTable());
        rig.Files.Opened.Clear();
        // It sorts before the file that was read: order of arrival is no order of names.
        rig.Files.Put("in/a", (1, "p"));

        rig.Run(Rig.OneTable());

        Assert.Equal(["in/a"], rig.Files.Opened);
        Assert.Equal("1 p, 2 q", rig.Rows("t"));
        Assert.Equal(2, rig.Record("t").Step);
    }

    [Fact]
    public void A_file_that_was_overwritten_is_read_again_only_where_that_is_asked_for()
    {
        var rig = new Rig();
        var pipeline = Rig.OneTable(("allowoverwrites", "true"));
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(pipeline);
        rig.Files.Put("in/a", (2, "q"));
        rig.Run(Rig.OneTable());
        Assert.Equal("1 p", rig.Rows("t"));

        rig.Run(pipeline);

        Assert.Equal("1 p, 2 q", rig.Rows("t"));
    }

    [Fact]
    public void Files_come_in_steps_of_the_size_asked_for()
    {
        var rig = new Rig();
        for (var i = 0; i < 5; i++) rig.Files.Put($"in/{i}", (i, "p"));

        var result = rig.Run(Rig.OneTable(("maxfilespertrigger", "2")));

        Assert.Equal(3, result.Flows[0].Steps);
        Assert.Equal(5, result.Flows[0].Counts.Written);
        Assert.Equal("0 p, 1 p, 2 p, 3 p, 4 p", rig.Rows("t"));
    }

    [Fact]
    public void Files_that_were_there_before_can_be_left_out()
    {
        var rig = new Rig();
        var pipeline = Rig.OneTable(("includeexistingfiles", "false"));
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(pipeline);
        rig.Files.Put("in/b", (2, "q"));

        rig.Run(pipeline);

        Assert.Equal("2 q", rig.Rows("t"));
        Assert.Equal(["in/b"], rig.Files.Opened);
    }

    [Fact]
    public void A_step_that_consumed_input_commits_even_with_no_rows()
    {
        var rig = new Rig();
        rig.Files.Put("in/empty");

        var result = rig.Run(Rig.OneTable());

        Assert.Equal(FlowState.Completed, result.Flows[0].State);
        Assert.Equal(1, rig.Record("t").Step);
        Assert.True(rig.Run(Rig.OneTable()).NothingNew);
    }

    [Fact]
    public void Rules_count_every_row_by_themselves_and_a_row_is_dropped_once()
    {
        // The worked example of the language specification, §2.4.
        var rig = new Rig();
        rig.Files.Put("in/a", (5, "p"), (-1, "q"), (7, null), (500, null), (null, "r"));
        var pipeline = WithRules(ViolationAction.Warn, ViolationAction.DropRow, ViolationAction.DropRow);

        var result = rig.Run(pipeline, code: Ruled);

        var counts = rig.Record("t").Counts;
        Assert.Equal("-1 q, 5 p", rig.Rows("t"));
        Assert.Equal((5L, 2L, 3L), (counts.Read, counts.Written, counts.Dropped));
        Assert.Equal([(3L, 2L), (3L, 2L), (3L, 2L)], counts.Expectations.Select(e => (e.Passed, e.Failed)));
        Assert.Equal(["in/a:3", "in/a:4"], counts.Expectations[1].Samples.Select(s => s.Place));
        Assert.Equal("""{"x":7,"y":null}""", counts.Expectations[1].Samples[0].Row);
        Assert.Equal(counts, result.Flows[0].Counts);
    }

    [Fact]
    public void A_rule_that_fails_the_update_leaves_the_table_as_it_was_and_the_input_unread()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (5, "p"));
        rig.Run(WithRules(ViolationAction.Warn, ViolationAction.FailUpdate, ViolationAction.FailUpdate), code: Ruled);
        rig.Files.Put("in/b", (7, null), (500, null), (8, "s"));
        var before = rig.Snapshot("t").Version;

        var result = rig.Run(WithRules(ViolationAction.Warn, ViolationAction.FailUpdate, ViolationAction.FailUpdate), code: Ruled);

        Assert.Equal(UpdateState.Failed, result.State);
        var error = result.Flows[0].Error!;
        Assert.Equal("LF5010", error.Code);
        Assert.Contains("Violated expectations: 'b, c'.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Output record: '{\"x\":7,\"y\":null}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, rig.Snapshot("t").Version);
        // The rule is mended: the same file is read now.
        rig.Run(WithRules(ViolationAction.Warn, ViolationAction.Warn, ViolationAction.Warn), code: Ruled);
        Assert.Equal("5 p, 500 NULL, 7 NULL, 8 s", rig.Rows("t"));
    }

    [Fact]
    public void Null_in_a_not_null_column_names_the_column_and_the_row()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"), (2, null));
        var columns = new Schema(new("x", DataType.Int64), new Field("y", DataType.String, Nullable: false));
        var pipeline = Rig.OneTable() with { Datasets = [Rig.Table("t", columns: columns)] };

        var error = rig.Run(pipeline).Flows[0].Error!;

        Assert.Equal("LF5012", error.Code);
        Assert.Contains("Column y of main.shop.t", error.Message, StringComparison.Ordinal);
        Assert.Contains("in/a:2", error.Message, StringComparison.Ordinal);
        Assert.Equal("", rig.Rows("t"));
    }

    [Fact]
    public void Several_flows_fill_one_table()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Put("old/a", (9, "z"));
        var pipeline = new PipelineInfo("test", [Rig.Table("t")],
        [
            Rig.Flow("live", "t", FlowKind.Append, Rig.Files_("in/")),
            Rig.Flow("backfill", "t", FlowKind.Once, Rig.Files_("old/", streaming: false)),
        ]);
        rig.Run(pipeline);
        rig.Files.Put("in/b", (2, "q"));
        rig.Files.Put("old/b", (8, "y"));

        rig.Run(pipeline);

        Assert.Equal("1 p, 2 q, 9 z", rig.Rows("t"));
        Assert.Equal((2L, 1L), (rig.Record("t", "live").Step, rig.Record("t", "backfill").Step));
    }

    [Fact]
    public void What_depends_on_a_failed_flow_is_skipped_and_the_rest_goes_on()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var pipeline = new PipelineInfo("test", [Rig.Table("a"), Rig.Table("b"), Rig.Table("c")],
        [
            Rig.Flow("a", "a", FlowKind.Append, Rig.Files_("in/")),
            Rig.Flow("b", "b", FlowKind.Append, Rig.From("a", streaming: true)),
            Rig.Flow("c", "c", FlowKind.Append, Rig.Files_("in/")),
        ]);

        var result = rig.Run(pipeline, code: flow => flow.Name == "a" ? new Broken(flow, new RuntimeError("LF5001", "no")) : new RowFlow(flow));

        Assert.Equal([FlowState.Failed, FlowState.Skipped, FlowState.Completed], result.Flows.Select(f => f.State));
        Assert.Equal(UpdateState.Failed, result.State);
        Assert.Equal("1 p", rig.Rows("c"));
    }

    [Fact]
    public void Faults_that_may_pass_are_tried_again_with_growing_delays()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        for (var i = 0; i < 2; i++) rig.Files.Faults.Enqueue(new RuntimeError("LF7015", "gone", retryable: true));

        var result = rig.Run(Rig.OneTable());

        Assert.Equal(UpdateState.Completed, result.State);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)], rig.Time.Waits);
        Assert.Equal("1 p", rig.Rows("t"));
    }

    [Fact]
    public void Other_faults_are_not_tried_again_and_retries_end()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Faults.Enqueue(new RuntimeError("LF7020", "broken"));
        Assert.Equal("LF7020", rig.Run(Rig.OneTable()).Flows[0].Error!.Code);
        Assert.Empty(rig.Time.Waits);

        for (var i = 0; i < 5; i++) rig.Files.Faults.Enqueue(new RuntimeError("LF7015", "gone", retryable: true));
        Assert.Equal(UpdateState.Failed, rig.Run(Rig.OneTable()).State);
        Assert.Equal(2, rig.Time.Waits.Count);
    }

    [Fact]
    public void A_stopped_update_is_canceled_and_leaves_nothing_half()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        using var stop = new CancellationTokenSource();

        var result = rig.Run(Rig.OneTable(), code: flow => new Stopping(flow, stop), stop: stop.Token);

        Assert.Equal(UpdateState.Canceled, result.State);
        Assert.Equal(FlowState.Stopped, result.Flows[0].State);
        Assert.Equal("", rig.Rows("t"));
        rig.Run(Rig.OneTable());
        Assert.Equal("1 p", rig.Rows("t"));
    }

    [Fact]
    public void Unselected_tables_keep_their_rows()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var pipeline = new PipelineInfo("test", [Rig.Table("a"), Rig.Table("b")],
            [Rig.Flow("a", "a", FlowKind.Append, Rig.Files_("in/")), Rig.Flow("b", "b", FlowKind.Append, Rig.Files_("in/"))]);
        rig.Run(pipeline);
        rig.Files.Put("in/b", (2, "q"));

        var result = rig.Run(pipeline, new UpdateOptions { Workers = 1, Refresh = ["shop.a"] });

        Assert.Equal([FlowState.Completed, FlowState.Excluded], result.Flows.Select(f => f.State));
        Assert.Equal("1 p", rig.Rows("b"));
    }

    private static PipelineInfo WithRules(params ViolationAction[] actions)
    {
        var pipeline = Rig.OneTable();
        string[] conditions = ["x > 0", "y IS NOT NULL", "x < 100"];
        var rules = actions.Select((a, i) => new ExpectationInfo(Rig.Name("t"), $"{(char)('a' + i)}", conditions[i], a, SourceSpan.None));
        return pipeline with { Flows = [pipeline.Flows[0] with { Expectations = [.. rules] }] };
    }

    private static RowFlow Ruled(FlowInfo flow) => new(flow, (x, _) => x > 0, (_, y) => y is not null, (x, _) => x is null ? null : x < 100);

    private sealed class Broken(FlowInfo info, Exception failure) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run) => throw failure;
    }

    private sealed class Stopping(FlowInfo info, CancellationTokenSource stop) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run)
        {
            stop.Cancel();
            new RowFlow(info).Run(run);
        }
    }

    [Fact]
    public void Nothing_is_told_of_a_flow_after_its_end()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        using var progress = new SlowProgress();

        rig.Run(Rig.OneTable(), code: flow => new WaitingFlow(new RowFlow(flow), progress.Seen), progress: progress);

        Assert.True(progress.Noted.Wait(TimeSpan.FromMinutes(1)));
        Assert.Equal(FlowState.Completed, progress.States[^1]);
        Assert.Contains(FlowState.Running, progress.States);
    }

    /// <summary>What is told beside the flow it notes only after the flow's end, if that comes meanwhile.</summary>
    private sealed class SlowProgress : IProgress<UpdateEvent>, IDisposable
    {
        private readonly ManualResetEventSlim end = new();

        public ManualResetEventSlim Seen { get; } = new();

        public ManualResetEventSlim Noted { get; } = new();

        public List<FlowState> States { get; } = [];

        public void Report(UpdateEvent value)
        {
            if (value is not FlowProgress flow) return;
            var isBeside = Thread.CurrentThread.IsThreadPoolThread;
            if (isBeside)
            {
                Seen.Set();
                end.Wait(TimeSpan.FromMilliseconds(300));
            }

            lock (States) States.Add(flow.State);
            if (isBeside) Noted.Set();
            else if (flow.State == FlowState.Completed) end.Set();
        }

        public void Dispose()
        {
            end.Dispose();
            Seen.Dispose();
            Noted.Dispose();
        }
    }

    /// <summary>Goes on when its progress was told by somebody else.</summary>
    private sealed class WaitingFlow(IFlow flow, ManualResetEventSlim seen) : IFlow
    {
        public FlowInfo Info => flow.Info;

        public void Run(FlowRun run)
        {
            Assert.True(seen.Wait(TimeSpan.FromMinutes(1)));
            flow.Run(run);
        }
    }
}
