using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

public class RecoveryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_store_call_and_resumed_the_tables_are_those_of_a_clean_run(bool afterTheAct)
    {
        // Law: crash anywhere and resume ≡ clean run. Two tables, three steps, then a view.
        var clean = RunClean(out var calls);
        Assert.InRange(calls, 30, 2000);
        for (var call = 1; call <= calls; call++)
        {
            var rig = Filled();
            rig.Death = new Death { At = call, AfterTheAct = afterTheAct };
            DieTrying(() => rig.Run(Pipeline()));

            rig.Death = new Death();
            var resumed = rig.Run(Pipeline());

            Assert.Equal(UpdateState.Completed, resumed.State);
            Assert.Equal(clean, State(rig));
            Assert.Equal(6, LoggedRows(rig));
        }
    }

    [Fact]
    public void Two_runs_at_once_double_no_row_and_the_loser_says_so()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        UpdateResult? inner = null;
        // While the first run's step is under way, a second run does the same step and commits it.
        var outer = rig.Run(Rig.OneTable(), code: flow => new Meanwhile(flow, () => inner ??= rig.Run(Rig.OneTable())));

        Assert.Equal(UpdateState.Completed, inner!.State);
        Assert.Equal("LF5051", outer.Flows[0].Error!.Code);
        Assert.Equal("1 p", rig.Rows("t"));
        Assert.True(rig.Run(Rig.OneTable()).NothingNew);
        // The loser's file of seen files is taken back by the next step.
        rig.Files.Put("in/b", (2, "q"));
        rig.Run(Rig.OneTable());
        Assert.Equal("1 p, 2 q", rig.Rows("t"));
        Assert.True(rig.Run(Rig.OneTable()).NothingNew);
    }

    [Fact]
    public void A_failed_step_leaves_no_data_files()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable(), code: flow => new Meanwhile(flow, () => throw new RuntimeError("LF5001", "no"), late: true));

        Assert.Empty(TableFiles.Orphans(rig.Snapshot("t"), DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Rows_that_another_engine_took_away_stop_the_flow_until_that_is_accepted()
    {
        var rig = new Rig();
        rig.Files.Put("in/a", (1, "p"));
        rig.Run(Rig.OneTable());
        var foreign = Transaction.Begin(rig.Snapshot("t"), rig.Time);
        foreign.RemoveAll();
        foreign.Commit("DELETE");
        rig.Files.Put("in/b", (2, "q"));

        var stopped = rig.Run(Rig.OneTable());

        Assert.Equal("LF5052", stopped.Flows[0].Error!.Code);
        Assert.Contains("DELETE", stopped.Flows[0].Error!.Message, StringComparison.Ordinal);
        rig.Run(Rig.OneTable(), new UpdateOptions { Workers = 1, Accept = ["t"] });
        Assert.Equal("2 q", rig.Rows("t"));
        Assert.True(rig.Run(Rig.OneTable()).NothingNew);
    }

    private static PipelineInfo Pipeline() => new("test",
        [Rig.Table("a"), Rig.Table("b"), Rig.Table("v", DatasetKind.MaterializedView)],
        [
            Rig.Flow("a", "a", FlowKind.Append, Rig.Files_("in/", true, ("maxfilespertrigger", "2"))),
            Rig.Flow("b", "b", FlowKind.Append, Rig.From("a", streaming: true)),
            Rig.Flow("v", "v", FlowKind.Complete, Rig.From("b", streaming: false)),
        ]);

    private static Rig Filled()
    {
        var rig = new Rig();
        rig.Files.Put("in/1", (1, "p"));
        rig.Files.Put("in/2", (2, "q"), (3, null));
        rig.Files.Put("in/3", (4, "r"), (5, "s"), (6, "t"));
        return rig;
    }

    private static string RunClean(out int calls)
    {
        var rig = Filled();
        rig.Run(Pipeline());
        calls = rig.Death.Calls;
        return State(rig);
    }

    private static string State(Rig rig) => string.Join("; ", rig.Rows("a"), rig.Rows("b"), rig.Rows("v"));

    /// <summary>The rows into table a, by the event log: a crash must not lose or double a count.</summary>
    private static int LoggedRows(Rig rig) => rig.Log()
        .Where(r => (string)r[9]! == "flow_progress" && ((object?[])r[2]!)[12] is "a")
        .Select(r => System.Text.Json.JsonDocument.Parse((string)r[8]!).RootElement.GetProperty("flow_progress"))
        .Where(d => d.TryGetProperty("metrics", out _))
        .Sum(d => d.GetProperty("metrics").GetProperty("num_output_rows").GetInt32());

    private static void DieTrying(Action act)
    {
        try
        {
            act();
        }
        catch (Died)
        {
            // As wanted: an update that cannot begin dies on the caller's thread, one under way on a flow's.
        }
    }

    private sealed class Meanwhile(FlowInfo info, Action act, bool late = false) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run)
        {
            if (!late) act();
            new RowFlow(info).Run(run);
            if (late) act();
        }
    }
}
