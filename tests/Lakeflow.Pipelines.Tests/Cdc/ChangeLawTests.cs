using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Robustness;
using static Lakeflow.Pipelines.Tests.Cdc.ChangeModel;

namespace Lakeflow.Pipelines.Tests.Cdc;

public sealed class ChangeLawTests(ChangeBench bench) : IClassFixture<ChangeBench>
{
    private static readonly Func<int, object> Plain = seq => seq;
    private static readonly Func<int, object> Pair = seq => new object[] { seq / 10, (seq % 10).ToString(CultureInfo.InvariantCulture) };

    private static readonly Gen<ChangeEvent> AnyEvent =
        from id in Gen.Choose(1, 4)
        from op in Gen.Frequency((8, Gen.Constant("U")), (2, Gen.Constant("D")), (1, Gen.Constant("T")))
        from a in Gen.Elements(null, "p", "q")
        from b in Gen.Elements<int?>(null, 1, 2)
        from x in Gen.Elements<int?>(null, 7)
        from y in Gen.Elements(null, "v", "w")
        from listed in Gen.SubListOf("a", "b", "s", "nothing")
        select new ChangeEvent(op == "T" ? null : id, 0, op, a, b, x, y, [.. listed]);

    /// <summary>Events numbered in their order, then shuffled, with some of them a second time, and cut into files.</summary>
    private static readonly Gen<ChangeEvent[][]> AnyFeed =
        from events in AnyEvent.ListOf()
        let numbered = events.Select((e, i) => e with { Seq = i + 1 }).ToArray()
        from again in Gen.SubListOf(numbered)
        from shuffled in Gen.Shuffle(numbered.Concat(again))
        from cuts in Gen.Choose(0, Math.Max(0, shuffled.Length)).ListOf(3)
        let edges = cuts.Append(0).Append(shuffled.Length).Order().ToArray()
        select edges.Zip(edges.Skip(1)).Select(e => shuffled[e.First..e.Second]).ToArray();

    [Fact]
    public void Any_order_of_the_events_cut_into_any_batches_with_replays_gives_the_tables_of_the_sorted_events()
    {
        Prop.ForAll(AnyFeed.ToArbitrary(), feed =>
        {
            bench.Clear();
            var lake = new MemoryLake();
            foreach (var batch in feed)
            {
                bench.Deliver(batch);
                bench.RunWhole(lake);
            }

            ChangeEvent[] all = [.. feed.SelectMany(b => b)];
            Assert.Equal(ChangeBench.Text(Latest(all, Patch.None, truncates: false)), ChangeBench.Rows(lake, "latest"));
            Assert.Equal(ChangeBench.Text(Latest(all, Patch.None, truncates: true)), ChangeBench.Rows(lake, "emptied"));
            Assert.Equal(ChangeBench.Text(Latest(all, Patch.Nulls, truncates: true)), ChangeBench.Rows(lake, "patched"));
            Assert.Equal(ChangeBench.Text(Latest(all, Patch.NullsOfA, truncates: false)), ChangeBench.Rows(lake, "patched_a"));
            Assert.Equal(ChangeBench.Text(Latest(all, Patch.Listed, truncates: false)), ChangeBench.Rows(lake, "listed"));
            Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: false, Pair)), ChangeBench.Rows(lake, "versions"));
            Assert.Equal(ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: true, Plain)), ChangeBench.Rows(lake, "tracked"));
            Assert.Equal(ChangeBench.Text(Versions(all, Patch.Nulls, tracksOnlyA: false, Plain)), ChangeBench.Rows(lake, "patched_versions"));
            Assert.Equal(ChangeBench.Text(Versions(all, Patch.Listed, tracksOnlyA: false, Plain)), ChangeBench.Rows(lake, "listed_versions"));
            NeverOverlap(ChangeBench.RowsOf(lake.Table("tracked")));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(30));
    }

    /// <summary>Start and end are the last two columns.</summary>
    private static void NeverOverlap(IEnumerable<object?[]> versions)
    {
        foreach (var key in versions.GroupBy(v => v[0]))
        {
            var sorted = key.OrderBy(v => (int)v[^2]!).ToList();
            Assert.All(sorted, v => Assert.True(v[^1] is null || (int)v[^2]! < (int)v[^1]!));
            Assert.All(sorted.Zip(sorted.Skip(1)), p => Assert.True(p.First[^1] is int end && end <= (int)p.Second[^2]!));
        }
    }
}
