using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Cdc;
using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>What a pipeline's tables must hold after some batches, by the definitions of their queries.</summary>
internal interface IStreamModel<TEvent>
{
    /// <summary>Takes a batch; gives for each table how many of its rows are late.</summary>
    IEnumerable<(string Table, long Late)> Add(TEvent[] batch);

    /// <summary>The rows of each table.</summary>
    IEnumerable<(string Table, IEnumerable<object?[]> Rows)> Answers();
}

/// <summary>The two laws of operators over streams: the batches do not matter, and dying does not.</summary>
/// <param name="feed">What reads the files of <c>/d/in</c>.</param>
internal sealed class StreamLaw<TEvent>(string feed, Func<TEvent, string> toJson)
{
    /// <summary>Cuts events into batches anywhere; some may be empty.</summary>
    public static Gen<TEvent[][]> Batches(Gen<TEvent[]> events, int most) =>
        from all in events
        from cuts in Gen.Choose(0, all.Length).ListOf(most)
        let edges = cuts.Append(0).Append(all.Length).Order().ToArray()
        select edges.Zip(edges.Skip(1)).Select(e => all[e.First..e.Second]).ToArray();

    /// <summary>The answer over any batches is that over the rows that were not late, and those are counted.</summary>
    public void HoldsForAnyBatches(string sql, Gen<TEvent[][]> feeds, Func<IStreamModel<TEvent>> modelOf, int tests, int size)
    {
        using var bench = new ChangeBench(feed, sql);
        Prop.ForAll(feeds.ToArbitrary(), batches =>
        {
            bench.Clear();
            var lake = new MemoryLake();
            var model = modelOf();
            foreach (var batch in batches)
            {
                bench.DeliverLines(batch.Select(toJson));
                var result = bench.RunWhole(lake);
                foreach (var late in model.Add(batch)) Assert.Equal(late, (late.Table, result.Flows.Single(f => f.Flow.Name == late.Table).Counts.Late));
            }

            if (batches.All(b => b.Length == 0)) return;
            foreach (var (table, rows) in model.Answers()) Assert.Equal(table + "\n" + ChangeBench.Text(rows), table + "\n" + ChangeBench.Rows(lake, table));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(size));
    }

    /// <summary>An update that is killed at any store call, twice in a row, and run again ends as if nothing had been.</summary>
    /// <param name="before">The batch of the update before.</param>
    /// <param name="then">The batch of the one that is killed.</param>
    /// <param name="tables">What is compared, beside the table of late rows.</param>
    /// <param name="afterTheAct">Whether the call still happens.</param>
    /// <returns>The rows that came too late, as JSON.</returns>
    public string[] SurvivesDeath(string sql, TEvent[] before, TEvent[] then, string[] tables, bool afterTheAct)
    {
        using var bench = new ChangeBench(feed, "SET lakeflow.late.table = late;" + sql);
        var begun = new MemoryLake();
        bench.DeliverLines(before.Select(toJson));
        bench.RunWhole(begun);
        bench.DeliverLines(then.Select(toJson));
        var clean = begun.Copy();
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(clean, count).State);
        Assert.NotEqual(All(begun), All(clean));

        foreach (var call in Deaths.Among(count.Calls))
        {
            var lake = begun.Copy();
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = call, AfterTheAct = afterTheAct }));
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = count.Calls - call + 1, AfterTheAct = !afterTheAct }));
            bench.RunWhole(lake);
            Assert.Equal(All(clean), All(lake));
            Assert.Equal(Late(clean), Late(lake));
        }

        return Late(clean);

        string All(MemoryLake lake) => string.Join("\n--\n", tables.Select(t => ChangeBench.Rows(lake, t)));

        static string[] Late(MemoryLake lake) => [.. ChangeBench.RowsOf(lake.Table("late")).Select(r => (string)r[4]!).Order(StringComparer.Ordinal)];
    }
}
