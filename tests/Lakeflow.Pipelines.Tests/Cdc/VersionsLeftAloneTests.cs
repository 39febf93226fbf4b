using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Delta;
using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;
using static Lakeflow.Pipelines.Tests.Cdc.ChangeModel;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>A version that was over before a step's events is not read. So late events, which reach behind it, must find all of what they meet.</summary>
public sealed class VersionsLeftAloneTests : IDisposable
{
    /// <summary>Enough rows of a worker for a row group of their own.</summary>
    private const int Many = 17_000;

    private readonly ChangeBench bench = new($"""
        {ChangeBench.Flow("whole", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 2")}
        {ChangeBench.Flow("runs", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 2 TRACK HISTORY ON (a)")}
        """);

    public void Dispose() => bench.Dispose();

    /// <summary>Batches one after the other in time, a few events in each from long before, and keys that lie close or far apart.</summary>
    private static readonly Gen<ChangeEvent[][]> AlmostInOrder =
        from far in Gen.Elements(1, 1_000_000)
        from batches in Gen.Choose(3, 8)
        from events in (
            from id in Gen.Choose(-2, 3)
            from op in Gen.Frequency((7, Gen.Constant("U")), (2, Gen.Constant("D")))
            from a in Gen.Elements("p", "q")
            from b in Gen.Elements(1, 2)
            from late in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 8)))
            select (Event: new ChangeEvent(id * far, 0, op, a, b, null, null, []), Late: late)).ListOf(batches * 4)
        select events.Select((e, i) => (Event: e.Event with { Seq = i + 1 }, Batch: Math.Min(batches - 1, (i / 4) + e.Late)))
            .GroupBy(e => e.Batch).OrderBy(g => g.Key).Select(g => g.Select(e => e.Event).ToArray()).ToArray();

    [Fact]
    public void Batches_almost_in_order_with_late_events_give_the_versions_of_the_sorted_events()
    {
        Prop.ForAll(AlmostInOrder.ToArbitrary(), feed =>
        {
            bench.Clear();
            var lake = new MemoryLake();
            var all = new List<ChangeEvent>();
            foreach (var batch in feed)
            {
                bench.Deliver(batch);
                bench.RunWhole(lake);
                all.AddRange(batch);
                Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: false, seq => seq)), ChangeBench.Rows(lake, "whole"));
                Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: true, seq => seq)), ChangeBench.Rows(lake, "runs"));
            }

            // Once more, all at once and from the beginning: nothing changes.
            bench.Deliver(all);
            bench.RunWhole(lake);
            Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: false, seq => seq)), ChangeBench.Rows(lake, "whole"));
            Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: true, seq => seq)), ChangeBench.Rows(lake, "runs"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Many_versions_that_are_over_lie_apart_and_are_read_only_for_an_event_from_their_time()
    {
        var lake = new MemoryLake();
        var all = new List<ChangeEvent>();
        for (var step = 1; step <= 3; step++) Deliver([.. Enumerable.Range(0, 2 * Many).Select(id => Event(id, 10 * step))]);
        var now = Deliver([.. Enumerable.Range(0, 100).Select(id => Event(id * 300, 40))]);
        var late = Deliver([.. Enumerable.Range(0, 100).Select(id => Event(id * 300, 15))]);
        Assert.True(now.SearchedBytes < late.SearchedBytes, $"{now.SearchedBytes} bytes read for events of now, {late.SearchedBytes} for late ones");
        Assert.Equal(200, now.Upserted);
        Assert.Equal(200, late.Upserted);
        Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: false, seq => seq)), ChangeBench.Rows(lake, "whole"));

        StepCounts Deliver(ChangeEvent[] events)
        {
            bench.Deliver(events);
            all.AddRange(events);
            return bench.RunWhole(lake).Flows.Single(f => f.Flow.Name == "whole_flow").Counts;
        }
    }

    private static ChangeEvent Event(int id, int step) => new(id, (step * 1_000_000) + id, "U", $"a{id % 7} {step}", id % 5, null, null, []);
}
