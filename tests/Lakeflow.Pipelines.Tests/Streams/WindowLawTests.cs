using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

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

        CREATE STREAMING TABLE hours AS
        SELECT unix_micros(window.start) DIV 60000000 AS w, k, sum(n) AS n, max(v) AS v, min(some) AS some FROM (
          SELECT window_time(window) AS at, k, count(*) AS n, sum(v) AS v, count(DISTINCT v) AS some
          FROM (SELECT window(at, '20 minutes'), * FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES) GROUP BY window, k
        ) GROUP BY window(at, '60 minutes'), k;

        CREATE STREAMING TABLE busiest AS
        SELECT unix_micros(window.start) DIV 60000000 AS w, max(n) AS n, count(*) AS visits FROM (
          SELECT k, session_window(at, CASE v WHEN 1 THEN '30 minutes' WHEN 2 THEN '12 minutes' ELSE '15 minutes' END) AS s, count(*) AS n
          FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES
          GROUP BY k, session_window(at, CASE v WHEN 1 THEN '30 minutes' WHEN 2 THEN '12 minutes' ELSE '15 minutes' END)
        ) GROUP BY window(window_time(s), '60 minutes');
        """;

    private const string Few = """
        CREATE STREAMING TABLE chained AS SELECT window(window_time(w), '40 minutes') AS w, count(*) AS some, sum(n) AS n FROM (
          SELECT window(at, '20 minutes') AS w, count(*) AS n FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY window(at, '20 minutes')
        ) GROUP BY window(window_time(w), '40 minutes');

        CREATE STREAMING TABLE counted AS SELECT window(at, '20 minutes') AS w, count(*) AS n
        FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY window(at, '20 minutes');

        CREATE STREAMING TABLE seen AS SELECT DISTINCT k, at FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES;

        CREATE STREAMING TABLE visited AS SELECT k, session_window(at, '8 minutes') AS w, count(*) AS n
        FROM STREAM(feed) WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY k, session_window(at, '8 minutes');
        """;

    private static readonly Gen<Event> AnyEvent =
        from k in Gen.Elements(null, "a", "b")
        from v in Gen.Elements<int?>(null, 1, 2, 3)
        from minute in Gen.Frequency((9, Gen.Choose(1, 120).Select(m => (int?)m)), (1, Gen.Constant<int?>(null)))
        select new Event(k, v, minute);

    private static readonly StreamLaw<Event> Law = new(Feed, e => e.ToJson());

    [Fact]
    public void The_answer_over_any_batches_is_that_over_the_rows_that_were_not_late() =>
        Law.HoldsForAnyBatches(Sql, StreamLaw<Event>.Batches(AnyEvent.ListOf().Select(l => l.ToArray()), 4), () => new Model(), tests: 25, size: 30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_store_call_of_a_step_the_next_update_ends_as_if_nothing_had_been(bool afterTheAct)
    {
        var late = Law.SurvivesDeath(
            Few,
            [new("a", 1, 5), new("a", 2, 21), new("b", 1, 30), new("b", 1, 30)],
            [new("a", 3, 22), new("b", 1, 20), new("a", 2, 70), new("c", null, 100)],
            ["counted", "seen", "visited", "chained"], afterTheAct);
        Assert.Equal(["{\"k\":\"b\",\"at\":\"1970-01-01T00:20:00Z\"}", "{\"k\":\"b\",\"start\":\"1970-01-01T00:20:00Z\"}"], late);
    }

    private sealed record Event(string? K, int? V, int? Minute)
    {
        public string ToJson() => string.Create(CultureInfo.InvariantCulture,
            $"{{\"k\": {(K is null ? "null" : $"\"{K}\"")}, \"v\": {V?.ToString(CultureInfo.InvariantCulture) ?? "null"}, \"minute\": {Minute?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}");
    }

    /// <summary>What the tables must hold, by the definition of each query over the rows in time.</summary>
    private sealed class Model : IStreamModel<Event>
    {
        private readonly List<(Event Event, int Start)> tumbling = [];
        private readonly List<(Event Event, int Start)> sliding = [];
        private readonly List<Event> moments = [];
        private readonly List<Event> pairs = [];
        private readonly List<(Event Event, int End)> visits = [];
        private readonly List<(Event Event, int Start)> united = [];
        private int watermark;
        private (int A, int B) marks;

        public IEnumerable<(string Table, long Late)> Add(Event[] batch)
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
            return [("tumbling", late[0]), ("sliding", late[1]), ("moments", late[2]), ("pairs", 0), ("visits", late[4]), ("united", late[5]), ("hours", late[0]), ("busiest", late[4])];

            int Latest(string k) => batch.Where(e => e.K == k).Max(e => e.Minute) ?? 0;
        }

        public IEnumerable<(string Table, IEnumerable<object?[]> Rows)> Answers()
        {
            var closed = tumbling.Where(IsClosed).GroupBy(r => (r.Start, r.Event.K)).ToList();
            yield return ("tumbling", closed.Select(g => new object?[] { g.Key.Start, g.Key.K, g.Count(), Sum(g), g.Min(r => r.Event.V), Some(g) }));
            yield return ("sliding", sliding.Where(IsClosed).GroupBy(r => r.Start).Select(g => new object?[] { g.Key, g.Count(), g.Max(r => r.Event.V) }));
            yield return ("moments", moments.Select(e => (e.K, e.Minute)).Distinct().Select(p => new object?[] { p.K, p.Minute * 60_000_000L }));
            yield return ("pairs", pairs.Select(e => (e.K, e.V)).Distinct().Select(p => new object?[] { p.K, p.V }));
            var over = visits.Select(r => r.Event.K).Distinct().SelectMany(k => SessionsOf(visits, k)).Where(s => s.End <= watermark).ToList();
            yield return ("visits", over.Select(s => new object?[] { s.Rows[0].K, s.Start, s.End, s.Rows.Count, s.Rows.Max(r => r.V) }));
            yield return ("united", united.Where(r => r.Start + 20 <= Math.Min(marks.A, marks.B)).GroupBy(r => r.Start).Select(g => new object?[] { g.Key, g.Count(), Sum(g) }));
            yield return ("hours", closed.GroupBy(g => (Hour: g.Key.Start / 60 * 60, g.Key.K)).Where(h => h.Key.Hour + 60 <= watermark)
                .Select(h => new object?[] { h.Key.Hour, h.Key.K, h.Sum(g => g.Count()), h.Max(g => Sum(g)), h.Min(g => Some(g)) }));
            // A session lies in the hour of its last microsecond.
            yield return ("busiest", over.GroupBy(s => (s.End - 1) / 60 * 60).Where(h => h.Key + 60 <= watermark).Select(h => new object?[] { h.Key, h.Max(s => s.Rows.Count), h.Count() }));
        }

        private static int Some(IEnumerable<(Event Event, int Start)> rows) => rows.Select(r => r.Event.V).OfType<int>().Distinct().Count();

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
