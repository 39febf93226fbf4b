using Lakeflow.Benchmarks.Ours;

namespace Lakeflow.Benchmarks.Workloads;

/// <summary>A cleaning step as pipelines have them: text filters and functions, a cast, three expectations, then a summary.</summary>
internal static class Etl
{
    private const string Pipeline = """
        CREATE TEMPORARY VIEW clean (
          CONSTRAINT has_amount EXPECT (amount IS NOT NULL),
          CONSTRAINT positive   EXPECT (amount >= 0),
          CONSTRAINT short_url  EXPECT (length(url) < 60)
        ) AS SELECT upper(trim(type)) AS kind, substr(url, 13, 10) AS site, amount, CAST(amount AS BIGINT) AS whole, url
        FROM events WHERE url LIKE '%/product/%' AND user_id % 10 <> 3;

        CREATE MATERIALIZED VIEW summary AS SELECT kind, site, count(*) AS n, sum(whole) AS total FROM clean GROUP BY kind, site;
        """;

    // DuckDB rounds a cast to an integer, Spark cuts: trunc makes it the same.
    private const string Script = """
        SELECT upper(trim("type")) AS kind, substr(url, 13, 10) AS site, count(*) AS n, sum(CAST(trunc(amount) AS BIGINT)) AS total,
               count(*) FILTER (WHERE amount IS NULL) AS e1, count(*) FILTER (WHERE (amount >= 0) IS NOT TRUE) AS e2, count(*) FILTER (WHERE NOT length(url) < 60) AS e3
        FROM events WHERE url LIKE '%/product/%' AND user_id % 10 <> 3 GROUP BY ALL
        """;

    public static IEnumerable<Workload> All(Laboratory lab)
    {
        yield return new("ETL with three expectations", 0.20, threads =>
        {
            var query = new CompiledQuery(Pipeline, lab.InMemory("events"), isQuery: false);
            Laboratory.Dump(query);
            lab.Duck.Execute($"SET threads = {threads}");
            return new Sides(
                () =>
                {
                    var rows = query.Run(threads, out var counts);
                    return [.. rows, .. Enumerable.Range(0, 3).Select(e => new object?[] { "expectation", $"{e}", counts.Failed(e), 0L })];
                },
                () => lab.Duck.Execute(Script),
                () => lab.Duck.Query($"""
                    WITH g AS ({Script}) SELECT kind, site, n, total FROM g
                    UNION ALL SELECT 'expectation', '0', sum(e1), 0 FROM g UNION ALL SELECT 'expectation', '1', sum(e2), 0 FROM g UNION ALL SELECT 'expectation', '2', sum(e3), 0 FROM g
                    """));
        })
        { Rounds = 7 };
    }
}
