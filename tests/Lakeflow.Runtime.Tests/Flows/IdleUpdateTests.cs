using Lakeflow.Delta;
using Lakeflow.Runtime.Events;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>What updates leave behind that find nothing new. The clock is the tests' own.</summary>
public class IdleUpdateTests
{
    [Fact]
    public void Updates_that_find_nothing_new_leave_the_lakehouse_as_small_as_it_was()
    {
        var rig = new Rig();
        rig.Files.Put("in/1", (1, "a"));
        rig.Run(Views());
        var (early, late) = (default((int Files, long Bytes)), default((int Files, long Bytes)));
        for (var n = 1; n <= 400; n++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(5));
            Assert.True(rig.Run(Views()).NothingNew);
            if (n is > 100 and <= 200) early = Larger(early, rig);
            if (n > 300) late = Larger(late, rig);
        }

        // Ids are random, and pack now better, now worse.
        Assert.InRange(late.Files, 1, early.Files + 2);
        Assert.InRange(late.Bytes, 1, early.Bytes + (early.Bytes / 50));
        Assert.InRange(late.Files, 1, 60);
        Assert.InRange(late.Bytes, 1, 200_000);
    }

    [Fact]
    public void The_first_one_is_logged_and_the_others_are_counted_until_there_is_more_to_tell()
    {
        var rig = new Rig();
        rig.Files.Put("in/1", (1, "a"));
        rig.Run(Views());
        var ids = new List<string>();
        for (var n = 0; n < 5; n++) ids.Add(rig.Run(Views()).UpdateId);

        Assert.Equal(2, Logged(rig, "create_update"));
        var idle = Assert.Single(IdleUpdates.In(Snapshot.Open(rig.Lakehouse.EventLog())));
        Assert.Equal((4, ids[4]), (idle.Count, idle.LastUpdate));

        rig.Files.Put("in/2", (2, "b"));
        rig.Run(Views());
        Assert.Equal(3, Logged(rig, "create_update"));
        Assert.Empty(IdleUpdates.In(Snapshot.Open(rig.Lakehouse.EventLog())));
        var told = Assert.Single(rig.Log(), r => ((string)r[8]!).Contains("idle_updates", StringComparison.Ordinal));
        Assert.Contains("\"idle_updates\":4", (string)told[8]!, StringComparison.Ordinal);
        Assert.StartsWith($"Update {ids[4][..8]} is COMPLETED: the last of 4", (string)told[4]!, StringComparison.Ordinal);
    }

    [Fact]
    public void One_with_something_else_to_say_is_written_in_full()
    {
        var rig = new Rig();
        rig.Run(Views());
        rig.Run(Views());
        rig.Run(Views());
        Assert.Equal(2, Logged(rig, "create_update"));
        rig.Run(Views(), new UpdateOptions { Workers = 1, Refresh = ["t"] });
        Assert.Equal(3, Logged(rig, "create_update"));
        rig.Run(Views());
        Assert.Equal(4, Logged(rig, "create_update"));
    }

    [Fact]
    public void A_log_that_is_written_to_all_the_time_keeps_few_files()
    {
        var rig = new Rig();
        for (var n = 0; n < 300; n++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(5));
            rig.Files.Put($"in/{n:D3}", (n, "x"));
            rig.Run(Rig.OneTable());
        }

        var store = rig.Lakehouse.EventLog();
        Assert.Equal(300, rig.Log().Count(r => ((string)r[4]!).Contains("committed step", StringComparison.Ordinal)));
        // Up to 50 that wait to be laid together, those of an hour, and as many again until the next checkpoint.
        Assert.InRange(store.List("").Count(o => !o.Path.StartsWith("_delta_log", StringComparison.Ordinal)), 1, 75);
        Assert.InRange(store.List("_delta_log/").Count(), 1, 30);
    }

    private static PipelineInfo Views() => new(
        "test", [Rig.Table("t"), Rig.Table("v", DatasetKind.MaterializedView)],
        [Rig.Flow("t", "t", FlowKind.Append, Rig.Files_("in/")), Rig.Flow("v", "v", FlowKind.Complete, Rig.From("t", streaming: false))]);

    private static int Logged(Rig rig, string type) => rig.Log().Count(r => (string)r[9]! == type);

    private static (int Files, long Bytes) Larger((int Files, long Bytes) most, Rig rig) => (Math.Max(most.Files, rig.FileCount), Math.Max(most.Bytes, rig.LogBytes));
}
