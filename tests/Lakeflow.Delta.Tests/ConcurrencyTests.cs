using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class ConcurrencyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Writers_at_once_keep_all_rows_and_leave_no_gap(bool local)
    {
        const int Writers = 6;
        const int Commits = 12;
        using var folder = new TempFolder();
        IObjectStore store = local ? new LocalStore(folder.Path) : new MemoryStore();
        Tables.Create(store, Tables.Orders);
        Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, writer =>
        {
            for (var i = 0; i < Commits; i++)
            {
                using var batch = Tables.OrdersFrom((writer * 1000) + (i * 10), 10);
                new DeltaTable(store).Append([batch]);
            }
        });
        var snapshot = Snapshot.Open(store);
        Assert.Equal(Writers * Commits, snapshot.Version);
        Assert.Equal(Enumerable.Range(0, (Writers * Commits) + 1).Select(v => (long)v), LogTail.Read(store, 0).Select(c => c.Version));
        var expected = Enumerable.Range(0, Writers).SelectMany(w => Enumerable.Range(0, Commits * 10).Select(i => (long)((w * 1000) + i))).Order();
        Assert.Equal(expected, Rows.Of(snapshot, ["id"], workers: 4).Select(r => (long)r[0]!).Order());
    }

    [Fact]
    public void Of_two_runs_of_one_flow_one_wins_each_step()
    {
        var store = new MemoryStore();
        Tables.Create(store, Tables.Orders);
        var lost = 0;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            var snapshot = Snapshot.Open(store);
            for (var i = 0; i < 20; i++)
            {
                var step = snapshot.Txns.TryGetValue("flow", out var last) ? last.Version + 1 : 0;
                var transaction = Transaction.Begin(snapshot);
                using var writer = transaction.OpenWriter();
                using var batch = Tables.OrdersFrom(step, 1);
                writer.Write(batch);
                transaction.Add(writer.Finish());
                transaction.SetTxn("flow", step);
                transaction.SetDomain("lakeflow.flow.f", "{}");
                try
                {
                    snapshot = transaction.Commit("STREAMING UPDATE").Snapshot;
                }
                catch (ConflictException conflict)
                {
                    Assert.Equal(ConflictKind.FlowAdvanced, conflict.Kind);
                    Interlocked.Increment(ref lost);
                    snapshot = snapshot.Advance();
                }
            }
        });
        var ids = Rows.Of(Snapshot.Open(store), ["id"]).Select(r => (long)r[0]!).ToList();
        Assert.Equal(80 - lost, ids.Count);
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => (long)i), ids.Order());
    }

    [Fact]
    public void However_late_the_other_run_comes_its_step_is_seen()
    {
        // An unrelated append wins the first race; then, at each call in turn, the same flow's step comes in between.
        for (var call = 1; call < 40; call++)
        {
            var store = new MemoryStore();
            Tables.Create(store, Tables.Orders);
            var start = Snapshot.Open(store);
            new DeltaTable(store).Append([Tables.OrdersFrom(100, 1)]);
            var otherCommitted = 0L;
            var between = new LateWinnerStore(store, call, () => otherCommitted = Step(Snapshot.Open(store), 7).Commit("STREAMING UPDATE").Version);
            var mine = Step(Snapshot.Open(between, start.Version), 8);
            try
            {
                mine.Commit("STREAMING UPDATE");
                // Then the other came after this commit, which it must have noticed, or never.
                Assert.True(otherCommitted is 0 or 3, $"call {call}: both steps are in the table");
            }
            catch (ConflictException conflict)
            {
                Assert.Equal(ConflictKind.FlowAdvanced, conflict.Kind);
            }

            var domains = LogTail.Read(store, 0).Count(c => c.Domains.ContainsKey("lakeflow.flow.f"));
            Assert.Equal(otherCommitted == 3 ? 2 : 1, domains);
        }

        static Transaction Step(Snapshot snapshot, long id)
        {
            var transaction = Transaction.Begin(snapshot);
            using var writer = transaction.OpenWriter();
            writer.Write(Tables.OrdersFrom(id, 1));
            transaction.Add(writer.Finish());
            transaction.SetDomain("lakeflow.flow.f", "{}");
            return transaction;
        }
    }

    [Fact]
    public void The_files_of_a_lost_commit_are_gone()
    {
        var store = new MemoryStore();
        var table = Tables.Create(store, Tables.Orders);
        var overwrite = table.Begin();
        overwrite.RemoveAll();
        using (var writer = overwrite.OpenWriter())
        {
            writer.Write(Tables.OrdersFrom(0, 5));
            overwrite.Add(writer.Finish());
        }

        table.Append([Tables.OrdersFrom(10, 5)]);
        Assert.Equal(ConflictKind.RowsAdded, Assert.Throws<ConflictException>(() => overwrite.Commit("WRITE")).Kind);
        Assert.Single(store.List(""), o => o.Path.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public void A_listing_that_overlooks_a_commit_does_not_make_a_gap()
    {
        var store = new MemoryStore();
        var table = Tables.Create(store, Tables.Orders);
        for (var i = 0; i < 3; i++) table.Append([Tables.OrdersFrom(i, 1)]);
        var hasty = new HastyStore(store, LogNames.Commit(2));
        Assert.Equal(3, Rows.Of(Snapshot.Open(hasty)).Count);
        Assert.Equal([0L, 1L, 2L, 3L], LogTail.Read(hasty, 0).Select(c => c.Version));
    }
}
