using System.Collections.Immutable;

namespace Lakeflow.Delta.Tests;

/// <summary>A table that is written to every minute for a week, with a day's retention.</summary>
public sealed class LongLifeTests
{
    private const int Commits = 10_000;

    [Fact]
    public void Ten_thousand_commits_leave_the_log_and_the_memory_as_small_as_the_first_thousand()
    {
        var time = new ManualTime();
        var store = new MemoryStore(time);
        new DeltaTable(store, time).Create(new TableDefinition(Tables.Orders)
        {
            Properties = ImmutableSortedDictionary<string, string>.Empty
                .Add("delta.logRetentionDuration", "interval 12 hours").Add("delta.deletedFileRetentionDuration", "interval 12 hours"),
        });
        var snapshot = Snapshot.Open(store);
        var sizes = new List<(int Objects, long Bytes, int Tombstones)>();
        for (var i = 1; i <= Commits; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            // Most commits bring nothing; some replace the one file there is.
            var transaction = Transaction.Begin(snapshot, time);
            if (i % 20 == 0)
            {
                transaction.RemoveAll();
                RowRemovalTests.Write(transaction, i, 3);
            }

            transaction.SetDomain("lakeflow.flow.f", $$"""{"step":{{i}}}""");
            transaction.SetTxn("lakeflow.flow.f", i);
            snapshot = transaction.Commit("STREAMING UPDATE").Snapshot;
            if (i % 500 == 0) new Vacuum().Run(store, time);
            if (i % 1000 == 0) sizes.Add((store.List("").Count(), store.List("").Sum(o => o.Size), snapshot.State.Tombstones.Count));
        }

        // From the second thousand on the twelve hours are full.
        var (objects, bytes, tombstones) = sizes[1];
        Assert.All(sizes[2..], s => Assert.InRange(s.Objects, objects * 0.8, objects * 1.2));
        Assert.All(sizes[2..], s => Assert.InRange(s.Bytes, bytes * 0.8, bytes * 1.2));
        Assert.All(sizes[2..], s => Assert.InRange(s.Tombstones, 0, tombstones * 1.2));
        Assert.InRange(objects, 700, 1200);
        Assert.Equal(Commits, Snapshot.Open(store).Version);
        Assert.Equal($$"""{"step":{{Commits}}}""", Snapshot.Open(store).Domains["lakeflow.flow.f"]);
        Assert.Equal(3, Rows.Of(Snapshot.Open(store)).Count);
        // Half a day back can be read.
        Assert.Equal(3, Rows.Of(Snapshot.OpenAt(store, time.Now.AddHours(-11))).Count);
    }
}
