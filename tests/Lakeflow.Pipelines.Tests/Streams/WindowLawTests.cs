using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Cdc;
using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Windows and deduplication over a stream: whatever the batches, the answer is the one over a table of the rows that were not late.</summary>
public sealed class WindowLawTests
{
    private const int Delay = 10;

    private const string Feed = """
        CREATE TEMPORARY VIEW feed AS SELECT k, v, timestamp_micros(minute * 60000000) AS at
        FROM STREAM read_files('/d/in', format => 'json', schema => 'k STRING, v INT, minute BIGINT');

        """;

    private const string Sql = """
        CREATE STREAMING TABLE tumbling AS
        SELECT unix_micros(window.start) DIV 60000000 AS w, k, count(*) AS n, sum(v) AS v, min(v) AS least, count(DISTINCT v) AS some
        FROM (SELECT window(at, '20 minutes'), * FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES) GROUP BY window, k;

        CREATE STREAMING TABLE sliding AS
        SELECT unix_micros(window(at, '20 minutes', '15 minutes').start) DIV 60000000 AS w, count(*) AS n, max(v) AS v
        FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY window(at, '20 minutes', '15 minutes');

        CREATE STREAMING TABLE moments AS
        SELECT DISTINCT k, at FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES;

        CREATE STREAMING TABLE pairs AS SELECT DISTINCT k, v FROM STREAM(feed);

        CREATE STREAMING TABLE visits AS
        SELECT k, unix_micros(session_window.start) DIV 60000000 AS s, unix_micros(session_window.end) DIV 60000000 AS e, count(*) AS n, max(v) AS v
        FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES
        GROUP BY k, session_window(at, CASE v WHEN 1 THEN '30 minutes' WHEN 2 THEN '12 minutes' ELSE '15 minutes' END);

        CREATE TEMPORARY VIEW a AS SELECT * FROM STREAM(feed) WHERE k = 'a';
        CREATE TEMPORARY VIEW b AS SELECT * FROM STREAM(feed) WHERE k = 'b';
        CREATE STREAMING TABLE united AS
        SELECT unix_micros(window.start) DIV 60000000 AS w, count(*) AS n, sum(v) AS v FROM (
          SELECT at, v FROM STREAM(a) WATERMARK at DELAY OF INTERVAL 10 MINUTES
          UNION ALL
          SELECT at, v FROM STREAM(b) WATERMARK at DELAY OF INTERVAL 3 MINUTES WHERE v IS NOT NULL
        ) GROUP BY window(at, '20 minutes');
        """;

    private const string Few = """
        CREATE STREAMING TABLE counted AS SELECT window(at, '20 minutes') AS w, count(*) AS n
        FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY window(at, '20 minutes');

        CREATE STREAMING TABLE seen AS SELECT DISTINCT k, at FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES;

        CREATE STREAMING TABLE visited AS SELECT k, session_window(at, '8 minutes') AS w, count(*) AS n
        FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY k, session_window(at, '8 minutes');
        """;

    private static readonly string[] Tables = ["tumbling", "sliding", "moments", "pairs", "visits", "united"];

    private static readonly Gen<Event> AnyEvent =
        from k in Gen.Elements(null, "a", "b")
        from v in Gen.Elements<int?>(null, 1, 2, 3)
        from minute in Gen.Frequency((9, Gen.Choose(1, 120).Select(m => (int?)m)), (1, Gen.Constant<int?>(null)))
        select new Event(k, v, minute);

    private static readonly Gen<Event[][]> AnyFeed =
        from events in AnyEvent.ListOf()
        from cuts in Gen.Choose(0, Math.Max(0, events.Count)).ListOf(4)
        let all = events.ToArray()
        let edges = cuts.Append(0).Append(all.Length).Order().ToArray()
        select edges.Zip(edges.Skip(1)).Select(e => all[e.First..e.Second]).ToArray();

    [Fact]
    public void The_answer_over_any_batches_is_that_over_the_rows_that_were_not_late()
    {
        using var bench = new ChangeBench(Feed, Sql);
        Prop.ForAll(AnyFeed.ToArbitrary(), feed =>
        {
            bench.Clear();
            var lake = new MemoryLake();
            var model = new Model();
            foreach (var batch in feed)
            {
                bench.DeliverLines(batch.Select(e => e.ToJson()));
                var result = bench.RunWhole(lake);
                var late = model.Add(batch);
                Assert.Equal(late, Tables.Select(t => result.Flows.Single(f => f.Flow.Name == t).Counts.Late));
            }

            if (feed.All(b => b.Length == 0)) return;
            foreach (var (table, rows) in Tables.Zip(model.Answers())) Assert.Equal(ChangeBench.Text(rows), ChangeBench.Rows(lake, table));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(30));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_store_call_of_a_step_the_next_update_ends_as_if_nothing_had_been(bool afterTheAct)
    {
        using var bench = new ChangeBench(Feed, "SET lakeflow.late.table = late;" + Few);
        var before = new MemoryLake();
        bench.DeliverLines(new Event[] { new("a", 1, 5), new("a", 2, 21), new("b", 1, 30), new("b", 1, 30) }.Select(e => e.ToJson()));
        bench.RunWhole(before);
        bench.DeliverLines(new Event[] { new("a", 3, 22), new("b", 1, 20), new("a", 2, 70), new("c", null, 100) }.Select(e => e.ToJson()));
        var clean = before.Copy();
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(clean, count).State);
        Assert.NotEqual(All(before), All(clean));

        for (var call = 1; call <= count.Calls; call++)
        {
            var lake = before.Copy();
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = call, AfterTheAct = afterTheAct }));
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = count.Calls - call + 1, AfterTheAct = !afterTheAct }));
            bench.RunWhole(lake);
            Assert.Equal(All(clean), All(lake));
            Assert.Equal(Late(clean), Late(lake));
        }

        Assert.Equal(["{\"k\":\"b\",\"at\":\"1970-01-01T00:20:00Z\"}", "{\"k\":\"b\",\"start\":\"1970-01-01T00:20:00Z\"}"], Late(clean));
    }

    private static IEnumerable<object?> Late(MemoryLake lake) => ChangeBench.RowsOf(lake.Table("late")).Select(r => r[4]).Order();

    private static string All(MemoryLake lake) => string.Join("\n--\n", ((string[])["counted", "seen", "visited"]).Select(t => ChangeBench.Rows(lake, t)));

    private sealed record Event(string? K, int? V, int? Minute)
    {
        public string ToJson() => string.Create(CultureInfo.InvariantCulture,
            $"{{\"k\": {(K is null ? "null" : $"\"{K}\"")}, \"v\": {V?.ToString(CultureInfo.InvariantCulture) ?? "null"}, \"minute\": {Minute?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}");
    }

    /// <summary>What the tables must hold, by the definition of each query over the rows in time.</summary>
    private sealed class Model
    {
        private readonly List<(Event Event, int Start)> tumbling = [];
        private readonly List<(Event Event, int Start)> sliding = [];
        private readonly List<Event> moments = [];
        private readonly List<Event> pairs = [];
        private readonly List<(Event Event, int End)> visits = [];
        private readonly List<(Event Event, int Start)> united = [];
        private int watermark;
        private (int A, int B) marks;

        /// <summary>Takes a batch; gives the late rows of each table.</summary>
        public long[] Add(Event[] batch)
        {
            var late = new long[6];
            var (earlier, unitedMark) = (visits.ToArray(), Math.Min(marks.A, marks.B));
            foreach (var e in batch)
            {
                pairs.Add(e);
                if (e.Minute is not { } minute)
                {
                    moments.Add(e);
                    continue;
                }

                Put(tumbling, e, minute / 20 * 20, ref late[0]);
                for (var start = (minute / 15 * 15) - 15; start <= minute; start += 15)
                {
                    if (minute < start + 20) Put(sliding, e, start, ref late[1]);
                }

                if (minute > watermark || SessionsOf(earlier, e.K).Any(s => s.End > watermark && s.Start <= minute)) visits.Add((e, minute + (e.V switch { 1 => 30, 2 => 12, _ => 15 })));
                else late[4]++;
                if (e.K == "a" || (e.K == "b" && e.V is not null)) Put(united, e, minute / 20 * 20, ref late[5], unitedMark);
                if (minute <= watermark) late[2]++;
                else moments.Add(e);
            }

            marks = (Math.Max(marks.A, Latest("a") - 10), Math.Max(marks.B, Latest("b") - 3));
            watermark = batch.Select(e => (e.Minute ?? 0) - Delay).Append(watermark).Max();
            return late;

            int Latest(string k) => batch.Where(e => e.K == k).Max(e => e.Minute) ?? 0;
        }

        public IEnumerable<object?[]>[] Answers() =>
        [
            tumbling.Where(IsClosed).GroupBy(r => (r.Start, r.Event.K)).Select(g => new object?[]
            {
                g.Key.Start, g.Key.K, g.Count(), Sum(g), g.Min(r => r.Event.V), g.Select(r => r.Event.V).OfType<int>().Distinct().Count(),
            }),
            sliding.Where(IsClosed).GroupBy(r => r.Start).Select(g => new object?[] { g.Key, g.Count(), g.Max(r => r.Event.V) }),
            moments.Select(e => (e.K, e.Minute)).Distinct().Select(p => new object?[] { p.K, p.Minute * 60_000_000L }),
            pairs.Select(e => (e.K, e.V)).Distinct().Select(p => new object?[] { p.K, p.V }),
            visits.Select(r => r.Event.K).Distinct().SelectMany(k => SessionsOf(visits, k)).Where(s => s.End <= watermark)
                .Select(s => new object?[] { s.Rows[0].K, s.Start, s.End, s.Rows.Count, s.Rows.Max(r => r.V) }),
            united.Where(r => r.Start + 20 <= Math.Min(marks.A, marks.B)).GroupBy(r => r.Start).Select(g => new object?[] { g.Key, g.Count(), Sum(g) }),
        ];

        private static int? Sum(IEnumerable<(Event Event, int Start)> rows) => rows.All(r => r.Event.V is null) ? null : rows.Sum(r => r.Event.V);

        private bool IsClosed((Event Event, int Start) row) => row.Start + 20 <= watermark;

        /// <summary>Rows of a key whose times to their ends overlap or touch.</summary>
        private static List<(int Start, int End, List<Event> Rows)> SessionsOf(IEnumerable<(Event Event, int End)> rows, string? k)
        {
            var sessions = new List<(int Start, int End, List<Event> Rows)>();
            foreach (var (e, end) in rows.Where(r => r.Event.K == k).OrderBy(r => r.Event.Minute))
            {
                if (sessions.Count > 0 && e.Minute <= sessions[^1].End) sessions[^1] = (sessions[^1].Start, Math.Max(sessions[^1].End, end), [.. sessions[^1].Rows, e]);
                else sessions.Add((e.Minute!.Value, end, [e]));
            }

            return sessions;
        }

        private void Put(List<(Event Event, int Start)> rows, Event e, int start, ref long late, int? mark = null)
        {
            if (start + 20 <= (mark ?? watermark)) late++;
            else rows.Add((e, start));
        }
    }
}
