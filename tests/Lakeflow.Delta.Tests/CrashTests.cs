using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

/// <summary>Death at each store call of a small life of a table, and what the next run finds.</summary>
public sealed class CrashTests
{
    private const int Steps = 6;

    private static readonly TableDefinition Definition = new(Tables.Orders)
    {
        // Small enough that checkpoints and the reading of them are among the calls.
        Properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.checkpointInterval", "2"),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_call_and_run_again_the_table_is_the_same(bool after)
    {
        var clean = new MemoryStore(new ManualTime());
        Live(clean);
        var expected = Rows.Sorted(Rows.Of(Snapshot.Open(clean)));
        var calls = CountCalls();
        Assert.InRange(calls, 40, 1000);
        for (var kill = 1; kill <= calls; kill++)
        {
            var store = new MemoryStore(new ManualTime());
            Assert.Throws<KilledException>(() => Live(new FaultyStore(store, kill, after)));
            Live(store);
            var snapshot = Snapshot.Open(store);
            Assert.Equal(expected, Rows.Sorted(Rows.Of(snapshot)));
            Assert.Equal(Steps, snapshot.Version);
            Assert.Equal(Enumerable.Range(0, Steps + 1).Select(v => (long)v), LogTail.Read(store, 0).Select(c => c.Version));
        }
    }

    [Fact]
    public void A_store_that_is_full_leaves_the_last_version()
    {
        var calls = CountCalls();
        for (var full = 1; full <= calls; full++)
        {
            var store = new MemoryStore(new ManualTime());
            var faulty = new FaultyStore(store, full, after: false) { Fault = () => DeltaFaults.CannotWrite("disk", new IOException("No space left on device")) };
            try
            {
                Live(faulty);
            }
            catch (DataFault fault)
            {
                Assert.Equal("LF6069", fault.Code);
            }

            Live(store);
            Assert.Equal(Steps, Snapshot.Open(store).Version);
            Assert.Equal(Expected, Rows.Of(Snapshot.Open(store)).Select(r => (long)r[0]!).Order());
        }
    }

    [Fact]
    public void A_process_killed_at_any_moment_leaves_whole_steps_and_the_next_goes_on()
    {
        using var folder = new TempFolder();
        var store = new LocalStore(folder.Path);
        var random = new Random(7);
        var steps = 0L;
        for (var round = 0; round < 8; round++)
        {
            using (var writer = TestProcess.Start("append", folder.Path))
            {
                for (var line = random.Next(1, 30); line > 0; line--) Assert.NotNull(writer.StandardOutput.ReadLine());
                writer.Kill();
                writer.WaitForExit();
            }

            if (!Snapshot.TryOpen(store, out var snapshot)) continue;
            var done = snapshot.Txns.TryGetValue("append", out var last) ? last.Version + 1 : 0;
            Assert.InRange(done, steps, long.MaxValue);
            steps = done;
            Assert.Equal(steps, snapshot.Version);
            Assert.Equal(Enumerable.Range(0, (int)steps * 10).Select(i => (long)i), Rows.Of(snapshot, ["id"]).Select(r => (long)r[0]!).Order());
        }

        Assert.InRange(steps, 8, long.MaxValue);
        // Only what died on its way is left, and it is found.
        Assert.InRange(TableFiles.Orphans(Snapshot.Open(store), DateTimeOffset.MaxValue).Count, 0, 8);
    }

    private static IEnumerable<long> Expected => Enumerable.Range(30, 30).Select(i => (long)i);

    private static int CountCalls()
    {
        var counting = new FaultyStore(new MemoryStore(new ManualTime()), 0, after: false);
        Live(counting);
        return counting.Calls;
    }

    /// <summary>Create, two appends, overwrite, two appends; each step once, whoever begins it.</summary>
    private static void Live(IObjectStore store)
    {
        var time = new ManualTime();
        if (!Snapshot.TryOpen(store, out var snapshot)) snapshot = Transaction.Create(store, Definition, time).Commit("CREATE TABLE").Snapshot;
        for (var step = 1; step <= Steps; step++)
        {
            if (snapshot.Txns.TryGetValue("flow", out var last) && last.Version >= step) continue;
            var transaction = Transaction.Begin(snapshot, time);
            if (step == 4) transaction.RemoveAll();
            using (var writer = transaction.OpenWriter())
            {
                writer.Write(Tables.OrdersFrom(step <= 3 ? step * 10 : (step - 1) * 10, 10));
                transaction.Add(writer.Finish());
            }

            transaction.SetTxn("flow", step);
            transaction.SetDomain("lakeflow.flow.f", string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{step}}}"""));
            snapshot = transaction.Commit("STREAMING UPDATE").Snapshot;
        }

        Assert.Equal("""{"step":6}""", snapshot.Domains["lakeflow.flow.f"]);
    }
}
