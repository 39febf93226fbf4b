using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>Runs that go on. The clock stands still until the run waits, so passes follow each other at once.</summary>
public class ContinuousTests
{
    [Fact]
    public void Files_that_come_while_it_runs_are_read_and_a_stop_ends_it_well()
    {
        var rig = new Rig();
        using var stop = new CancellationTokenSource();
        rig.Files.Put("in/0", (0, "p"));
        var passes = 0;
        var run = rig.RunContinuously(Rig.OneTable(), new Watch(e =>
        {
            if (e is not FlowProgress { State: FlowState.Completed }) return;
            if (++passes == 3) stop.Cancel();
            else rig.Files.Put($"in/{passes}", (passes, "p"));
        }), stop.Token);

        Assert.Equal(UpdateState.Completed, run.State);
        Assert.Equal((3L, 3), (run.Flows[0].Counts.Written, run.Flows[0].Steps));
        Assert.Equal("0 p, 1 p, 2 p", rig.Rows("t"));
        // One run in the event log, whatever the number of its passes.
        Assert.Single(rig.Log(), r => (string)r[9]! == "create_update");
        Assert.Equal(3, rig.Log().Count(r => ((string)r[4]!).Contains("committed step", StringComparison.Ordinal)));
        Assert.Contains(rig.Log(), r => (string)r[9]! == "update_progress" && ((string)r[4]!).EndsWith("COMPLETED.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stop_amid_a_step_lets_the_step_commit()
    {
        var rig = new Rig();
        using var stop = new CancellationTokenSource();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Put("in/b", (2, "q"));

        rig.RunContinuously(Rig.OneTable(("maxfilespertrigger", "1")), new Watch(_ => { }), stop.Token, flow => new StopFirst(flow, stop));

        Assert.Equal("1 p", rig.Rows("t"));
        Assert.Equal(UpdateState.Completed, rig.Run(Rig.OneTable()).State);
        Assert.Equal("1 p, 2 q", rig.Rows("t"));
    }

    [Fact]
    public void Passes_without_news_leave_no_trace()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable());
        using var stop = new CancellationTokenSource();
        var bytes = 0L;
        rig.RunContinuously(Rig.OneTable(), new Watch(_ => { }), stop.Token, code: flow =>
        {
            // Each pass makes its flows: the second finds what the first wrote to the event log, the last must find no more.
            var waits = rig.Time.Waits.Count;
            if (waits == 2) bytes = rig.LogBytes;
            if (waits == 500)
            {
                Assert.Equal(bytes, rig.LogBytes);
                stop.Cancel();
            }

            return new RowFlow(flow);
        });

        Assert.True(bytes > 0);
        Assert.Equal(500, rig.Time.Waits.Count);
    }

    [Theory]
    [InlineData("files", null, null, 60)]
    [InlineData("files", "2 hours", null, 7200)]
    [InlineData("files", "2 hours", "1 second", 1)]
    [InlineData("table", null, null, 5)]
    [InlineData("view", null, null, 600)]
    [InlineData("view", null, "30 minutes", 1800)]
    public void Each_table_has_its_interval(string kind, string? setting, string? property, int seconds)
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        var source = new PipelineInfo("test", [Rig.Table("t")], [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/"))]);
        rig.Run(source);
        var table = Rig.Table("x", kind == "view" ? DatasetKind.MaterializedView : DatasetKind.StreamingTable);
        if (property is not null) table = With(table, property);
        var flow = kind == "files" ? Rig.Flow("x", "x", FlowKind.Append, Rig.Files_("in/"))
            : Rig.Flow("x", "x", kind == "view" ? FlowKind.Complete : FlowKind.Append, Rig.From("t", streaming: kind != "view"));
        using var stop = new CancellationTokenSource();

        rig.RunContinuously(new PipelineInfo("test", [table], [flow with { TriggerInterval = setting }]), new Watch(_ => { }), stop.Token, code: info =>
        {
            if (rig.Time.Waits.Count > 0) stop.Cancel();
            return new RowFlow(info);
        });

        Assert.Equal(seconds, Math.Round(rig.Time.Waits[0].TotalSeconds));
    }

    [Fact]
    public void A_timer_that_rings_early_and_a_clock_that_is_set_back_change_no_interval()
    {
        var rig = new Rig { Time = new ManualTime { EarlyBy = TimeSpan.FromMilliseconds(2) } };
        rig.Files.Put("in/a", (1, "p"));
        var pipeline = new PipelineInfo("test", [With(Rig.Table("t"), "1 second"), With(Rig.Table("u"), "1 hour")],
            [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")), Rig.Flow("u", "u", FlowKind.Append, Rig.Files_("in/"))]);
        using var stop = new CancellationTokenSource();
        var passes = 0;
        rig.RunContinuously(pipeline, new Watch(e =>
        {
            if (e is not FlowProgress { State: FlowState.Completed, Flow.Name: "t" }) return;
            if (++passes == 3) rig.Time.SetBack(TimeSpan.FromDays(1));
            if (passes == 20) stop.Cancel();
            else rig.Files.Put($"in/{passes}", (passes, "p"));
        }), stop.Token);

        Assert.Equal((20, 1L), (passes, rig.Record("u").Step));
        Assert.InRange(rig.Time.Waits.Sum(w => w.TotalSeconds), 18, 20);
    }

    [Theory]
    [InlineData("often")]
    [InlineData("-1 seconds")]
    [InlineData("31 days")]
    [InlineData("2147483647 days")]
    public void Text_that_is_no_interval_is_an_error(string text)
    {
        var pipeline = Rig.OneTable() with { Datasets = [With(Rig.Table("t"), text)] };

        Assert.Equal("LF5066", Assert.Throws<RuntimeError>(() => new Rig().RunContinuously(pipeline, new Watch(_ => { }), default)).Code);
    }

    [Fact]
    public void A_flow_that_fails_is_tried_again_later_each_time_and_the_others_go_on()
    {
        var rig = new Rig();
        using var stop = new CancellationTokenSource();
        rig.Files.Put("in/a", (1, "p"));
        rig.Files.Put("other/a", (9, "p"));
        var pipeline = new PipelineInfo("test", [Rig.Table("t"), Rig.Table("u")],
            [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")), Rig.Flow("u", "u", FlowKind.Append, Rig.Files_("other/"))]);
        var failures = 0;
        var result = rig.RunContinuously(pipeline, new Watch(e =>
        {
            if (e is FlowProgress { State: FlowState.Completed, Flow.Name: "t" }) stop.Cancel();
        }), stop.Token, flow => flow.Name == "t" && failures < 3 ? new Failing(flow, () => failures++) : new RowFlow(flow));

        Assert.Equal(UpdateState.Completed, result.State);
        Assert.Equal(("1 p", "9 p", 3), (rig.Rows("t"), rig.Rows("u"), failures));
        // Two, four and eight minutes after the tries that failed.
        Assert.Equal(14, Math.Round(rig.Time.Waits.Sum(w => w.TotalMinutes)));
    }

    private static DatasetInfo With(DatasetInfo table, string interval) =>
        table with { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("pipelines.trigger.interval", interval) };

    private sealed class Watch(Action<UpdateEvent> act) : IProgress<UpdateEvent>
    {
        public void Report(UpdateEvent value) => act(value);
    }

    private sealed class StopFirst(FlowInfo info, CancellationTokenSource stop) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run)
        {
            stop.Cancel();
            new RowFlow(info).Run(run);
        }
    }

    private sealed class Failing(FlowInfo info, Action act) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run)
        {
            act();
            throw new RuntimeError("LF5001", "no");
        }
    }
}
