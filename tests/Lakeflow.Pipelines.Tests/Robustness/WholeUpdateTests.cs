using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Robustness;

public class WholeUpdateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_store_call_of_an_update_the_next_one_ends_as_if_nothing_had_been(bool afterTheAct)
    {
        using var bench = new Bench();
        var before = new MemoryLake();
        Assert.Equal(UpdateState.Completed, bench.Run(before).State);
        bench.Deliver(1);
        var clean = before.Copy();
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(clean, count).State);

        for (var call = 1; call <= count.Calls; call++)
        {
            var lake = before.Copy();
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = call, AfterTheAct = afterTheAct }));
            Assert.Equal(UpdateState.Completed, bench.Run(lake).State);
            Assert.Equal(clean.AllRows(), lake.AllRows());
            foreach (var flow in new[] { "files", "history", "large" }) Assert.Equal(clean.LoggedRows(flow), lake.LoggedRows(flow));
        }
    }

    [Fact]
    public void Killed_at_any_store_call_of_a_full_refresh_a_plain_update_ends_it()
    {
        using var bench = new Bench();
        var before = new MemoryLake();
        Assert.Equal(UpdateState.Completed, bench.Run(before).State);
        bench.Deliver(1);
        var clean = before.Copy();
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(clean, count, fullRefresh: true).State);

        for (var call = 1; call <= count.Calls; call++)
        {
            var lake = before.Copy();
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = call, AfterTheAct = call % 2 == 0 }, fullRefresh: true));
            var resumed = bench.Run(lake);
            Assert.True(resumed.State == UpdateState.Completed, $"call {call}: {string.Join("; ", resumed.Flows.Select(f => f.Error?.Message ?? f.Unexpected?.ToString()))}");
            Assert.Equal(clean.AllRows(), lake.AllRows());
        }
    }

    [Fact]
    public void On_a_full_disk_each_table_has_its_last_version_or_its_next_and_nothing_lies_about()
    {
        using var bench = new Bench();
        var before = new MemoryLake();
        Assert.Equal(UpdateState.Completed, bench.Run(before).State);
        bench.Deliver(1);
        var clean = before.Copy();
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(clean, count).State);

        var failures = 0;
        // Sixtieths, up to one short of the whole (about 310 bytes): the log holds times, so that what an update writes differs from run to
        // run, by at most 70 bytes of 19,000 in 40 runs.
        for (var sixtieths = 0; sixtieths < 60; sixtieths++)
        {
            var room = count.Written * sixtieths / 60;
            var lake = before.Copy();
            var full = bench.Run(lake, new Trouble { Room = room });
            foreach (var flow in full.Flows)
            {
                Assert.Null(flow.Unexpected);
                Assert.Contains(flow.State, new[] { FlowState.Completed, FlowState.Idle, FlowState.Failed, FlowState.Skipped });
                if (flow.State == FlowState.Failed) Assert.Equal("LF6069", flow.Error!.Code);
            }

            if (full.State == UpdateState.Failed) failures++;
            Assert.True(full.State == UpdateState.Failed || full.Warning is not null, $"room for {room} of {count.Written} bytes sufficed");
            foreach (var table in Bench.Tables)
            {
                Assert.Contains(lake.Rows(table), new[] { before.Rows(table), clean.Rows(table) });
                Assert.Empty(TableFiles.Orphans(lake.Table(table), DateTimeOffset.MaxValue));
            }

            Assert.Equal(UpdateState.Completed, bench.Run(lake).State);
            Assert.Equal(clean.AllRows(), lake.AllRows());
            foreach (var flow in new[] { "files", "history", "large" }) Assert.Equal(clean.LoggedRows(flow), lake.LoggedRows(flow));
        }

        Assert.True(failures > 10);
    }
}
