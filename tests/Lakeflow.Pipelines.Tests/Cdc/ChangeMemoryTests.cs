using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;
using static Lakeflow.Pipelines.Tests.Cdc.ChangeModel;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>The events of a step count in the memory budget: they may be put aside while they come, and must fit together in the end.</summary>
public sealed class ChangeMemoryTests : IDisposable
{
    private static readonly ChangeEvent[] Events = [.. Enumerable.Range(0, 20_000).Select(i => new ChangeEvent(i % 5_000, i, i % 11 == 0 ? "D" : "U", $"a{i % 13}", i % 5, null, null, []))];

    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
    private readonly ChangeBench bench = new(ChangeBench.Flow("h", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 2"));
    private readonly MemoryLake lake = new();

    public void Dispose()
    {
        bench.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Events_that_were_put_aside_make_the_same_table()
    {
        bench.Deliver(Events);
        var result = bench.Run(lake, memory: new MemoryBudget(64 << 20, new SpillFolder(folder)) { SpillsAlways = true });
        Assert.Equal(UpdateState.Completed, result.State);
        Assert.True(result.Flows[0].Counts.Spilled > 0);
        Assert.Equal(ChangeBench.Text(Versions(Events, Patch.None, tracksOnlyA: false, seq => seq)), ChangeBench.Rows(lake, "h"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Events_that_are_more_than_the_budget_are_told_and_leave_the_table_as_it_was()
    {
        bench.Deliver(Events[..100]);
        bench.RunWhole(lake);
        var before = ChangeBench.Rows(lake, "h");
        bench.Deliver(Events);
        var result = bench.Run(lake, memory: new MemoryBudget(256 << 10, new SpillFolder(folder)));
        Assert.Equal(UpdateState.Failed, result.State);
        Assert.Equal("LF5020", result.Flows[0].Error?.Code);
        Assert.Contains("The events of a step of AUTO CDC", result.Flows[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(before, ChangeBench.Rows(lake, "h"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }
}
