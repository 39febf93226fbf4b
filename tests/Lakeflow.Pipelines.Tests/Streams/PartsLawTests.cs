using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Cdc;
using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.State;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Aggregates of which a stream remembers parts: over any batches what the same query gives over a table.</summary>
public sealed class PartsLawTests
{
    private const string Feed = """
        CREATE TEMPORARY VIEW feed AS SELECT id, k, v, CAST(v AS DECIMAL(9, 2)) / 4 AS d, v / 8 AS x, wide, repeat(k, v % 4) AS t, timestamp_micros(minute * 60000000) AS at
        FROM STREAM read_files('/d/in', format => 'json', schema => 'id INT, k STRING, v INT, wide BIGINT, minute BIGINT');

        CREATE STREAMING TABLE kept AS SELECT * FROM STREAM(feed);

        """;

    private const string Aggregates = """
        window.start AS s, k, 'c' AS c, count(*) AS n, count(v) AS nv, count(v, k) AS nvk, count_if(v > 2) AS many, sum(v) AS sv, sum(v) FILTER (WHERE v > 3) AS high, try_sum(wide) AS wide,
        avg(v) AS av, avg(v) FILTER (WHERE v < 3) AS low, sum(d) AS sd, avg(d) AS ad, sum(x) AS sx, avg(x) AS ax, min(t) AS mt, max(t) AS xt, min(DISTINCT v) AS mv, max(d) AS xd,
        max_by(t, id) AS last_t, min_by(v, id) AS first_v, max_by(id, id) FILTER (WHERE v > 1) AS last_id, approx_count_distinct(v) AS some, bool_and(v > 0) AS every, bool_or(v > 5) AS any,
        bit_and(v) AS ba, bit_or(v) AS bo, bit_xor(v) AS bx, sum(make_dt_interval(0, 0, v, 0)) AS mins, max(v) + min(v) AS ends
        """;

    private const string InRows = "window.start AS s, count(DISTINCT v) AS dv, sum(DISTINCT v) AS sdv, array_sort(collect_list(id)) AS ids, median(v) AS mid, round(stddev(v), 9) AS dev, sum(v) AS sv";

    private const string Sql = $"""
        CREATE STREAMING TABLE parted AS SELECT {Aggregates} FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 200 MINUTES GROUP BY window(at, '20 minutes'), k, c HAVING count(*) < 9;
        CREATE MATERIALIZED VIEW parted_whole AS SELECT {Aggregates} FROM kept WHERE k <> 'last' OR k IS NULL GROUP BY window(at, '20 minutes'), k, c HAVING count(*) < 9;
        CREATE STREAMING TABLE slid AS SELECT {Aggregates} FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 200 MINUTES GROUP BY window(at, '20 minutes', '8 minutes'), k, c;
        CREATE MATERIALIZED VIEW slid_whole AS SELECT {Aggregates} FROM kept WHERE k <> 'last' OR k IS NULL GROUP BY window(at, '20 minutes', '8 minutes'), k, c;
        CREATE STREAMING TABLE in_rows AS SELECT {InRows} FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 200 MINUTES GROUP BY window(at, '30 minutes', '20 minutes', '5 minutes');
        CREATE MATERIALIZED VIEW in_rows_whole AS SELECT {InRows} FROM kept WHERE k <> 'last' OR k IS NULL GROUP BY window(at, '30 minutes', '20 minutes', '5 minutes');
        CREATE STREAMING TABLE at_moments AS SELECT at, count(*) AS n, max(v) AS v FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 200 MINUTES GROUP BY at;
        CREATE MATERIALIZED VIEW at_moments_whole AS SELECT at, count(*) AS n, max(v) AS v FROM kept WHERE at IS NOT NULL AND (k <> 'last' OR k IS NULL) GROUP BY at;
        """;

    private static readonly Gen<Event> AnyEvent =
        from k in Gen.Elements(null, "a", "b")
        from v in Gen.Elements<int?>(null, 0, 1, 2, 3, 4, 5, 6)
        from wide in Gen.Elements<long?>(null, 1, long.MaxValue, long.MinValue, long.MaxValue / 2)
        from minute in Gen.Frequency((12, Gen.Choose(1, 120).Select(m => (int?)m)), (1, Gen.Constant<int?>(null)))
        select new Event(0, k, v, wide, minute);

    /// <param name="most">Cuts; with many, parts are merged while windows are open.</param>
    [Theory]
    [InlineData(4, 20)]
    [InlineData(24, 3)]
    public void The_answer_over_any_batches_is_that_of_the_same_query_over_a_table(int most, int tests)
    {
        using var bench = new ChangeBench(Feed, Sql);
        var feeds = StreamLaw<Event>.Batches(AnyEvent.ListOf().Select(l => l.Select((e, i) => e with { Id = i }).ToArray()), most);
        Prop.ForAll(feeds.ToArbitrary(), batches =>
        {
            bench.Clear();
            var lake = new MemoryLake();
            // What comes last, much later than all else, ends every window.
            foreach (var batch in batches.Append([new Event(-1, "last", 1, 1, 1000)]))
            {
                bench.DeliverLines(batch.Select(e => e.ToJson()));
                Assert.All(bench.RunWhole(lake).Flows, f => Assert.Equal(0, f.Counts.Late));
            }

            foreach (var table in (string[])["parted", "slid", "in_rows", "at_moments"]) Assert.Equal(table + "\n" + ChangeBench.Rows(lake, table + "_whole"), table + "\n" + ChangeBench.Rows(lake, table));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(30));
    }

    [Fact]
    public void Whether_a_sum_fits_is_asked_of_all_rows_and_not_of_a_part()
    {
        using var bench = new ChangeBench(Feed, "CREATE STREAMING TABLE sums AS SELECT k, sum(wide) AS s FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY window(at, '20 minutes'), k;");
        var lake = new MemoryLake();
        Deliver(new(1, "a", 1, long.MaxValue, 5), new(2, "a", 1, long.MaxValue, 6), new(3, "b", 1, long.MaxValue, 7));
        Deliver(new(4, "a", 1, -long.MaxValue, 5), new(5, "a", 1, -7, 6));
        Deliver(new Event(6, "c", 1, 1, 100));
        Assert.Equal(ChangeBench.Text([["a", long.MaxValue - 7], ["b", long.MaxValue]]), ChangeBench.Rows(lake, "sums"));

        Deliver(new Event(7, "d", 1, long.MaxValue, 101));
        Deliver(new Event(8, "d", 1, long.MaxValue, 102));
        bench.DeliverLines([new Event(9, "e", 1, 1, 300).ToJson()]);
        var failed = Assert.Single(bench.Run(lake).Flows, f => f.Flow.Name == "sums");
        Assert.Equal("LF5002", failed.Error?.Code);

        void Deliver(params Event[] events)
        {
            bench.DeliverLines(events.Select(e => e.ToJson()));
            bench.RunWhole(lake);
        }
    }

    [Fact]
    public void A_step_leaves_one_row_a_group_and_the_next_update_gives_them_out()
    {
        using var bench = new ChangeBench(Feed, "CREATE STREAMING TABLE counted AS SELECT k, count(*) AS n, avg(v) AS v FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY window(at, '20 minutes'), k;");
        var lake = new MemoryLake();
        for (var step = 0; step < 3; step++)
        {
            bench.DeliverLines(Enumerable.Range(0, 500).Select(i => new Event(i, i % 2 == 0 ? "a" : "b", i, 1, 1 + (i % 10)).ToJson()));
            bench.RunWhole(lake);
            Assert.Equal(2 * (step + 1), HeldRows(lake));
        }

        bench.DeliverLines([new Event(0, "c", 1, 1, 100).ToJson()]);
        bench.RunWhole(lake);
        Assert.Equal(1, HeldRows(lake));
        Assert.Equal(ChangeBench.Text([["a", 750, 249.0], ["b", 750, 250.0]]), ChangeBench.Rows(lake, "counted"));
    }

    [Fact]
    public void While_a_window_stays_open_its_groups_keep_few_rows_and_late_ones_join_them()
    {
        using var bench = new ChangeBench(Feed, """
            CREATE STREAMING TABLE counted AS
              SELECT window.start AS s, k, count(*) AS n, sum(v) AS sv, min_by(t, id) AS first, max(id) AS last, approx_count_distinct(v) AS some
              FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 2 DAYS GROUP BY window(at, '1 day'), k;
            """);
        var lake = new MemoryLake();
        const int Steps = 100;
        var most = 0L;
        for (var step = 0; step < Steps; step++)
        {
            bench.DeliverLines([new Event(step, "a", step % 7, 1, step).ToJson(), new Event(step, null, null, 1, step).ToJson(), new Event(step, step % 2 == 0 ? "b" : "a", 1, 1, 1440 + step).ToJson()]);
            bench.RunWhole(lake);
            most = Math.Max(most, HeldRows(lake) ?? 0);
        }

        // Five groups: a file has at most one row of each, and there are at most eight files of one row count and the next.
        Assert.InRange(most, 5, 5 * 9);
        bench.DeliverLines([new Event(0, "c", 1, 1, 9000).ToJson()]);
        bench.RunWhole(lake);
        Assert.Equal(
            ChangeBench.Text([[0L, "a", 100L, Enumerable.Range(0, Steps).Sum(s => (long)(s % 7)), "", 99, 7L], [0L, null, 100L, null, null, 99, 0L], [86400000000L, "a", 50L, 50L, "a", 99, 1L], [86400000000L, "b", 50L, 50L, "b", 98, 1L]]),
            ChangeBench.Rows(lake, "counted"));
    }

    private static long? HeldRows(MemoryLake lake) =>
        Assert.Single(TableState.Read(lake.Open(new Trouble()), "counted", lake.Table("counted")).Flows).Tables.Single(t => Lakehouse.IsHoldState(t.Name)).Rows;

    private sealed record Event(int Id, string? K, int? V, long? Wide, int? Minute)
    {
        public string ToJson() => string.Create(CultureInfo.InvariantCulture,
            $"{{\"id\": {Id}, \"k\": {(K is null ? "null" : $"\"{K}\"")}, \"v\": {V?.ToString(CultureInfo.InvariantCulture) ?? "null"}, \"wide\": {Wide?.ToString(CultureInfo.InvariantCulture) ?? "null"}, \"minute\": {Minute?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}");
    }
}
