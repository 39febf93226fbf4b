using Lakeflow.Pipelines.Tests.Cdc;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Robustness;

/// <summary>Promises of <c>docs/exactly-once.md</c> that no other test holds.</summary>
/// <remarks>
/// The others, in the order of the page:
/// <list type="bullet">
/// <item>what dies leaves files that no version names: <c>WholeUpdateTests.On_a_full_disk_each_table_has_its_last_version_or_its_next_and_nothing_lies_about</c>;</item>
/// <item>a state that no target names is taken back: <c>KillAnywhereTests</c>, <c>RecoveryTests</c>, and the tests of <c>StateTable</c>;</item>
/// <item>two runs: <c>TwoRunsTests</c>, <c>RecoveryTests.Two_runs_at_once_double_no_row_and_the_loser_says_so</c>;</item>
/// <item>files: <c>UpdateTests.A_new_file_is_read_and_no_other</c>, <c>A_file_that_was_overwritten_is_read_again_only_where_that_is_asked_for</c>;</item>
/// <item>tables, their change feeds and gaps in them: <c>TableStreamTests</c>, <c>TableSourceTests</c>, <c>KillAnywhereTests</c> (mirrored);</item>
/// <item><c>read_rate</c>: <c>TableSourceTests.A_rate_gives_every_row_once</c>; reading again from a position: <c>SourceContractTests</c>;</item>
/// <item>flows that run once: <c>RefreshTests.A_backfill_flow_joins_a_running_table_and_runs_once</c>, <c>A_flow_that_was_not_in_the_pipeline_when_its_table_was_emptied_reads_all_when_it_comes_back</c>;</item>
/// <item>a view reads one version of each source: <c>RefreshTests.A_view_that_reads_a_table_twice_reads_one_version_of_it</c>;</item>
/// <item>AUTO CDC: <c>ChangeLawTests</c>, <c>SharedTargetLawTests</c>, <c>OddEventLawTests</c>; snapshots: <c>SnapshotLawTests</c>;</item>
/// <item>windows, DISTINCT, joins of streams: <c>WindowLawTests</c>, <c>JoinLawTests</c>;</item>
/// <item>all of them killed: <c>KillAnywhereTests</c>, <c>KillTests</c>;</item>
/// <item>counts of the event log: <c>WholeUpdateTests</c>, <c>KillTests</c>; a run that was killed: <c>StopTests.A_continuous_run_that_was_killed_is_shown_as_died</c>;</item>
/// <item>what is asked for: the examples of the page itself, <c>RefreshTests</c>.</item>
/// </list>
/// </remarks>
public sealed class ExactlyOnceTests
{
    private const string Sql = """
        CREATE STREAMING TABLE arrived AS SELECT id, seq, a FROM STREAM(feed);
        CREATE STREAMING TABLE names;
        CREATE FLOW names_flow AS AUTO CDC INTO names FROM STREAM(feed) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, a);
        CREATE STREAMING TABLE named AS SELECT r.seq, n.a FROM STREAM(arrived) r LEFT JOIN names n ON r.id = n.id;
        CREATE STREAMING TABLE drawn AS SELECT seq, uuid() AS u, current_timestamp() AS at FROM STREAM(arrived);
        """;

    [Fact]
    public void A_stream_joined_to_a_table_takes_it_as_it_is_in_that_step_and_older_rows_stay_as_they_are()
    {
        using var bench = new ChangeBench(Sql);
        var lake = new MemoryLake();
        bench.Deliver([Event(1, 1, "p")]);
        bench.RunWhole(lake);
        bench.Deliver([Event(1, 2, "q"), Event(2, 3, "r")]);
        bench.RunWhole(lake);
        Assert.Equal("[1, p]\n[2, q]\n[3, r]", ChangeBench.Rows(lake, "named"));
        bench.Deliver([Event(2, 4, "D")]);
        bench.RunWhole(lake);
        Assert.Equal("[1, p]\n[2, q]\n[3, r]\n[4, NULL]", ChangeBench.Rows(lake, "named"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_drawn_anew_when_a_step_is_tried_again_is_committed_once(bool afterTheAct)
    {
        using var bench = new ChangeBench(Sql);
        var before = new MemoryLake();
        bench.Deliver([Event(1, 1, "p")]);
        bench.RunWhole(before);
        var old = Drawn(before).Single();
        bench.Deliver([Event(1, 2, "q"), Event(2, 3, "r")]);
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(before.Copy(), count).State);

        for (var call = 1; call <= count.Calls; call++)
        {
            var lake = before.Copy();
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = call, AfterTheAct = afterTheAct }));
            bench.RunWhole(lake);
            var rows = Drawn(lake);
            Assert.Equal([1, 2, 3], rows.Select(r => (int)r[0]!).Order());
            Assert.Equal(3, rows.DistinctBy(r => r[1]!.ToString()).Count());
            // What was committed is not drawn again.
            Assert.Contains(ChangeBench.Text([old]), rows.Select(r => ChangeBench.Text([r])));
        }
    }

    private static List<object?[]> Drawn(MemoryLake lake) => [.. ChangeBench.RowsOf(lake.Table("drawn"))];

    private static ChangeEvent Event(int id, int seq, string a) => new(id, seq, a == "D" ? "D" : "U", a == "D" ? null : a, 1, null, null, []);
}
