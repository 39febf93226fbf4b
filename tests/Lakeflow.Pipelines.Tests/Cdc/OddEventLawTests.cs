using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>Events that should not be: two of one key and sequence, and such without either.</summary>
public sealed class OddEventLawTests : IDisposable
{
    private readonly ChangeBench bench = new($"""
        {ChangeBench.Flow("latest", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 1")}
        {ChangeBench.Flow("patched", "events", "IGNORE NULL UPDATES", "SEQUENCE BY seq", "STORED AS SCD TYPE 1")}
        {ChangeBench.Flow("versions", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 2")}
        """);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Of_events_with_one_sequence_a_delete_wins_or_exactly_one_stays_and_a_replay_changes_nothing()
    {
        Prop.ForAll(ChangeFeeds.WithTies.ToArbitrary(), feed =>
        {
            var lake = bench.RunFeed(feed);
            ChangeEvent[] all = [.. feed.SelectMany(b => b)];
            var latest = ChangeBench.RowsOf(lake.Table("latest")).ToDictionary(r => (int)r[0]!);
            foreach (var key in all.GroupBy(e => e.Id!.Value))
            {
                var last = key.Where(e => e.Seq == key.Max(k => k.Seq)).ToList();
                if (last.Exists(e => e.Op == "D")) Assert.False(latest.ContainsKey(key.Key));
                else Assert.Contains(ChangeBench.Text([latest[key.Key]]), last.Select(e => ChangeBench.Text([[e.Id, e.A, e.B, e.S]])));
            }

            var versions = ChangeBench.RowsOf(lake.Table("versions")).ToList();
            ChangeFeeds.NeverOverlap(versions);
            Assert.All(versions, v =>
            {
                var first = all.Where(e => e.Id == (int)v[0]! && e.Seq == (int)v[^2]!).ToList();
                Assert.DoesNotContain(first, e => e.Op == "D");
                Assert.Contains(ChangeBench.Text([v[..4]]), first.Select(e => ChangeBench.Text([[e.Id, e.A, e.B, e.S]])));
            });

            var before = Rows(lake);
            bench.Deliver(all);
            bench.RunWhole(lake);
            Assert.Equal(before, Rows(lake));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(30));
    }

    [Fact]
    public void An_event_without_key_or_sequence_stops_its_step_and_when_it_is_gone_nothing_is_missing()
    {
        var anyBad = Gen.Elements("""{"id":null,"seq":5,"op":"U"}""", """{"id":1,"seq":null,"op":"U"}""", """{"id":null,"seq":6,"op":"D"}""");
        Prop.ForAll(ChangeFeeds.Any.Zip(anyBad).ToArbitrary(), tried =>
        {
            var (feed, bad) = tried;
            bench.Clear();
            var (lake, clean) = (new MemoryLake(), new MemoryLake());
            foreach (var batch in feed)
            {
                bench.Deliver(batch);
                bench.RunWhole(clean);
                var before = clean.Copy();
                bench.DeliverLines([bad]);
                var code = bad.Contains("\"id\":null", StringComparison.Ordinal) ? "LF5070" : "LF5071";
                Assert.All(bench.Run(lake).Flows, f => Assert.Equal((FlowState.Failed, code), (f.State, f.Error?.Code)));
                Assert.All(bench.Run(clean).Flows, f => Assert.Equal((FlowState.Failed, code), (f.State, f.Error?.Code)));
                Assert.Equal(Rows(before), Rows(clean));
                bench.TakeBack();
                bench.RunWhole(lake);
                Assert.Equal(Rows(clean), Rows(lake));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15).WithEndSize(20));
    }

    private static string Rows(MemoryLake lake) => string.Join("\n--\n", new[] { "latest", "patched", "versions" }.Select(t => ChangeBench.Rows(lake, t)));
}
