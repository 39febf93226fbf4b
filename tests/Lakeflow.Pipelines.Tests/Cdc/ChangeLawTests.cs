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

    [Fact]
    public void Any_order_of_the_events_cut_into_any_batches_with_replays_gives_the_tables_of_the_sorted_events()
    {
        Prop.ForAll(ChangeFeeds.Any.ToArbitrary(), feed =>
        {
            var lake = bench.RunFeed(feed);
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
            ChangeFeeds.NeverOverlap(ChangeBench.RowsOf(lake.Table("tracked")));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(30));
    }
}
