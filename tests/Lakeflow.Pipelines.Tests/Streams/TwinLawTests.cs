using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Cdc;
using Lakeflow.Pipelines.Tests.Robustness;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>A query over streams of which no row is late, and the same query over tables, have the same answer in the end: operators in any combination.</summary>
public sealed class TwinLawTests
{
    private const string Feed = """
        CREATE TEMPORARY VIEW feed AS SELECT s, id, k, v, timestamp_micros(minute * 60000000) AS at
        FROM STREAM read_files('/d/in', format => 'json', schema => 's STRING, id INT, k STRING, v INT, minute BIGINT');
        CREATE TEMPORARY VIEW feed_rows AS SELECT s, id, k, v, timestamp_micros(minute * 60000000) AS at
        FROM read_files('/d/in', format => 'json', schema => 's STRING, id INT, k STRING, v INT, minute BIGINT');
        CREATE TEMPORARY VIEW l AS SELECT id, k, v, at FROM STREAM(feed) WHERE s = 'l';
        CREATE TEMPORARY VIEW r AS SELECT id, k, v, at FROM STREAM(feed) WHERE s = 'r';
        CREATE TEMPORARY VIEW t AS SELECT id, k, v, at FROM STREAM(feed) WHERE s = 't';
        CREATE TEMPORARY VIEW l_rows AS SELECT id, k, v, at FROM feed_rows WHERE s = 'l';
        CREATE TEMPORARY VIEW r_rows AS SELECT id, k, v, at FROM feed_rows WHERE s = 'r';
        CREATE TEMPORARY VIEW t_rows AS SELECT id, k, v, at FROM feed_rows WHERE s = 't';
        CREATE MATERIALIZED VIEW names AS SELECT * FROM VALUES ('a', 'Ann'), ('b', 'Bob') AS names(k, name);

        """;

    /// <summary>After the others, so that everything before is complete.</summary>
    private const string Last = "zz";

    /// <summary>By name a query whose first column is the key; the function gives the name of a source as a stream or as a table.</summary>
    private static readonly Dictionary<string, Func<Func<string, string>, string>> Queries = new()
    {
        ["three_streams"] = of => $"""
            SELECT a.k, a.id AS x, b.id AS y, c.id AS z FROM {of("l")} AS a
            JOIN {of("r")} AS b ON a.k = b.k AND b.at BETWEEN a.at - INTERVAL 5 MINUTES AND a.at + INTERVAL 20 MINUTES
            JOIN {of("t")} AS c ON c.k = b.k AND c.at BETWEEN b.at - INTERVAL 15 MINUTES AND b.at + INTERVAL 10 MINUTES
            """,
        ["left_then_left"] = of => $"""
            SELECT a.k, a.id AS x, b.id AS y, c.id AS z FROM {of("l")} AS a
            LEFT JOIN {of("r")} AS b ON a.k = b.k AND b.at BETWEEN a.at - INTERVAL 5 MINUTES AND a.at + INTERVAL 20 MINUTES
            LEFT JOIN {of("t")} AS c ON c.k = a.k AND c.at BETWEEN a.at - INTERVAL 15 MINUTES AND a.at + INTERVAL 10 MINUTES
            """,
        ["distinct_then_window"] = of => $"""
            SELECT k, window(at, '20 minutes') AS w, count(*) AS n, sum(v) AS v
            FROM (SELECT DISTINCT k, v, at FROM {of("l")}) GROUP BY k, window(at, '20 minutes')
            """,
        ["windows_joined"] = of => $"""
            SELECT x.k, x.w, n, most FROM
              (SELECT k, window(at, '20 minutes') AS w, count(*) AS n FROM {of("l")} GROUP BY k, window(at, '20 minutes')) AS x
              JOIN (SELECT k, window(at, '20 minutes') AS w, max(v) AS most FROM {of("r")} GROUP BY k, window(at, '20 minutes')) AS y
              ON x.w = y.w AND x.k = y.k
            """,
        ["windows_full"] = of => $"""
            SELECT coalesce(x.k, y.k) AS k, x.w, y.w AS other, n, most FROM
              (SELECT k, window(at, '20 minutes') AS w, count(*) AS n FROM {of("l")} GROUP BY k, window(at, '20 minutes')) AS x
              FULL JOIN (SELECT k, window(at, '20 minutes') AS w, max(v) AS most FROM {of("r")} GROUP BY k, window(at, '20 minutes')) AS y
              ON x.w = y.w AND x.k = y.k
            """,
        ["distinct_joined"] = of => $"""
            SELECT a.k, a.v, b.id FROM (SELECT DISTINCT k, v, at FROM {of("l")}) AS a
            LEFT JOIN {of("r")} AS b ON a.k = b.k AND b.at BETWEEN a.at AND a.at + INTERVAL 20 MINUTES
            """,
        ["join_then_distinct"] = of => $"""
            SELECT DISTINCT a.k, a.at FROM {of("l")} AS a
            JOIN {of("r")} AS b ON a.k = b.k AND b.at BETWEEN a.at AND a.at + INTERVAL 20 MINUTES
            """,
        ["union_of_join"] = of => $"""
            SELECT k, window(at, '30 minutes').start AS w, count(*) AS n, count(other) AS met FROM (
              SELECT a.k, a.at, b.id AS other FROM {of("l")} AS a
              LEFT JOIN {of("r")} AS b ON a.k = b.k AND b.at BETWEEN a.at - INTERVAL 5 MINUTES AND a.at + INTERVAL 20 MINUTES
              UNION ALL SELECT k, at, id AS other FROM {of("t")}
            ) GROUP BY k, window(at, '30 minutes')
            """,
        ["static_then_window"] = of => $"""
            SELECT a.k, name, window(at, '20 minutes') AS w, count(*) AS n FROM {of("l")} AS a LEFT JOIN names ON a.k = names.k
            GROUP BY a.k, name, window(at, '20 minutes')
            """,
        ["semi_then_window"] = of => $"""
            SELECT a.k, window(a.at, '20 minutes') AS w, count(*) AS n FROM {of("l")} AS a
            LEFT SEMI JOIN {of("r")} AS b ON a.k = b.k AND b.at BETWEEN a.at AND a.at + INTERVAL 20 MINUTES
            GROUP BY a.k, window(a.at, '20 minutes')
            """,
        ["session_of_join"] = of => $"""
            SELECT k, session_window(at, '15 minutes') AS w, count(*) AS n, max(other) AS last FROM (
              SELECT a.k, a.at, b.id AS other FROM {of("l")} AS a
              JOIN {of("r")} AS b ON a.k = b.k AND b.at BETWEEN a.at - INTERVAL 5 MINUTES AND a.at + INTERVAL 20 MINUTES)
            GROUP BY k, session_window(at, '15 minutes')
            """,
        ["window_of_joined_windows"] = of => $"""
            SELECT k, window(w, '60 minutes') AS w, sum(n) AS n, max(most) AS most FROM (
              SELECT x.k, x.w, n, most FROM
                (SELECT k, window(at, '20 minutes') AS w, count(*) AS n FROM {of("l")} GROUP BY k, window(at, '20 minutes')) AS x
                LEFT JOIN (SELECT k, window(at, '20 minutes') AS w, max(v) AS most FROM {of("r")} GROUP BY k, window(at, '20 minutes')) AS y
                ON x.w = y.w AND x.k = y.k)
            GROUP BY k, window(w, '60 minutes')
            """,
        ["row_with_its_window"] = of => $"""
            SELECT a.k, a.id, n FROM {of("l")} AS a
            LEFT JOIN (SELECT k, window_time(w) AS till, n FROM
              (SELECT k, window(at, '20 minutes') AS w, count(*) AS n FROM {of("r")} GROUP BY k, window(at, '20 minutes'))) AS b
            ON a.k = b.k AND b.till > a.at - INTERVAL 20 MINUTES AND b.till <= a.at
            """,
        ["having_and_more"] = of => $"""
            SELECT k, hour(w.start) AS h, n * 2 AS twice FROM (
              SELECT k, window(at, '1 hour', '20 minutes') AS w, count(*) AS n FROM {of("l")} WHERE v > 1 GROUP BY k, window(at, '1 hour', '20 minutes') HAVING count(*) > 1)
            """,
        ["exploded"] = of => $"""
            SELECT k, window(at, '20 minutes') AS w, part, count(*) AS n FROM {of("l")} LATERAL VIEW explode(sequence(1, v)) AS part
            GROUP BY k, part, window(at, '20 minutes')
            """,
        ["self"] = of => $"""
            SELECT a.k, a.id AS x, b.id AS y FROM {of("l")} AS a
            JOIN {of("l")} AS b ON a.k = b.k AND a.id < b.id AND b.at BETWEEN a.at - INTERVAL 10 MINUTES AND a.at + INTERVAL 10 MINUTES
            """,
    };

    private static readonly string Sql = string.Concat(Queries.Select(q => $"""
        CREATE STREAMING TABLE {q.Key} AS {q.Value(source => $"STREAM({source}) WATERMARK at DELAY OF INTERVAL 30 MINUTES")};
        CREATE MATERIALIZED VIEW {q.Key}_twin AS {q.Value(source => source + "_rows")};

        """));

    private static readonly Gen<Event> AnyEvent =
        from s in Gen.Elements("l", "r", "t")
        from k in Gen.Frequency((1, Gen.Constant<string?>(null)), (6, Gen.Constant<string?>("a")), (6, Gen.Constant<string?>("b")))
        from v in Gen.Frequency((1, Gen.Constant<int?>(null)), (9, Gen.Choose(1, 4).Select(n => (int?)n)))
        from minute in Gen.Choose(1, 240)
        select new Event(s, 0, k, v, minute);

    /// <summary>Out of order by less than the delay.</summary>
    private static readonly Gen<Event[]> AnyEvents =
        from events in AnyEvent.ListOf()
        select events.Select((e, i) => e with { Id = i }).OrderBy(e => e.Minute + (e.Id * 7 % 25)).ToArray();

    [Fact]
    public void A_query_over_streams_and_the_same_over_tables_have_one_answer()
    {
        using var bench = new ChangeBench(Feed, Sql);
        var answered = new HashSet<string>();
        Prop.ForAll(StreamLaw<Event>.Batches(AnyEvents, 6).ToArbitrary(), batches =>
        {
            bench.Clear();
            var lake = new MemoryLake();
            Event[] last = [.. "lrt".Select((s, i) => new Event(s.ToString(), 1000 + i, Last, 1, 100_000))];
            foreach (var batch in batches.Append(last))
            {
                bench.DeliverLines(batch.Select(e => e.ToJson()));
                Assert.All(bench.RunWhole(lake).Flows, flow => Assert.Equal(0, flow.Counts.Late));
            }

            foreach (var query in Queries.Keys)
            {
                var rows = Rows(lake, query);
                Assert.Equal(query + "\n" + Rows(lake, query + "_twin"), query + "\n" + rows);
                if (rows.Length > 0) answered.Add(query);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(12).WithEndSize(60));
        Assert.Equal(Queries.Keys, Queries.Keys.Where(answered.Contains));
    }

    private static string Rows(MemoryLake lake, string table) =>
        ChangeBench.Text(ChangeBench.RowsOf(lake.Table(table)).Where(row => row[0] is not { } key || key.ToString() != Last));

    private sealed record Event(string S, int Id, string? K, int? V, int Minute)
    {
        public string ToJson() => string.Create(CultureInfo.InvariantCulture,
            $"{{\"s\": \"{S}\", \"id\": {Id}, \"k\": {(K is null ? "null" : $"\"{K}\"")}, \"v\": {V?.ToString(CultureInfo.InvariantCulture) ?? "null"}, \"minute\": {Minute}}}");
    }
}
