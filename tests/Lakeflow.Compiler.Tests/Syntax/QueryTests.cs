using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>Language specification, sections 1.9, 1.10, 7.1 and 7.4.</summary>
public class QueryTests
{
    public static TheoryData<string, string> Queries() => new()
    {
        {
            "clauses", """
            WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x FROM a)
            SELECT /*+ BROADCAST(b), REPARTITION(3) */ DISTINCT b.*, x AS z, * EXCEPT (q, s.r), explode(m) AS (k, v)
            FROM a, b JOIN c ON a.x = c.x LEFT OUTER JOIN d USING (x, y)
            WHERE x > 1 GROUP BY x, ROLLUP (y, (z, q)), GROUPING SETS ((a, b), (), CUBE (c)) HAVING count(*) > 1 QUALIFY row_number() OVER w = 1
            WINDOW w AS (PARTITION BY x ORDER BY y)
            ORDER BY x DESC NULLS LAST, y LIMIT 10 OFFSET 5
            """
        },
        { "set_operations", "SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 EXCEPT DISTINCT (SELECT 4 LIMIT 1) MINUS SELECT 5 UNION BY NAME SELECT 6 ORDER BY ALL DESC" },
        { "bare_aliases", "SELECT a location, b comment, start_at start, CASE WHEN x THEN y END end, count(*) rows, f keys, k desc, t table FROM t |> EXTEND 1 percent" },
        { "group_by", "SELECT 1 FROM t GROUP BY ALL; SELECT 1 FROM t GROUP BY a, b WITH ROLLUP; SELECT 1 FROM t GROUP BY a, b GROUPING SETS ((a), (a, b), ())" },
        { "joins", "SELECT * FROM a SEMI JOIN b ON a.x = b.x LEFT ANTI JOIN c USING (x) CROSS JOIN d NATURAL FULL JOIN e RIGHT JOIN (f JOIN g ON true) AS h ON true" },
        { "lateral", "SELECT * FROM a, LATERAL (SELECT a.x) AS l, LATERAL explode(a.m) AS e(k, v) LATERAL VIEW OUTER explode(x) t AS c LATERAL VIEW posexplode(y) AS p, q" },
        {
            "streams", """
            SELECT * FROM STREAM a JOIN STREAM(b.c) AS d ON true JOIN STREAM read_files('/in/*.json', format => 'json', schemaHints => 'a INT') e
              JOIN STREAM(read_files("/x")) JOIN STREAM(SELECT 1) f JOIN STREAM t WITH (SKIPCHANGECOMMITS, STARTINGVERSION = 3) g
            """
        },
        { "watermark", "SELECT window(at, '5 minutes') AS w FROM STREAM orders WATERMARK o.at DELAY OF INTERVAL 10 MINUTES AS o JOIN STREAM(x) WATERMARK ts AS t DELAY OF INTERVAL '1' HOUR" },
        { "time_travel", "SELECT * FROM a VERSION AS OF 3 JOIN b TIMESTAMP AS OF '2024-01-01' AS c JOIN d FOR SYSTEM_TIME AS OF current_date() JOIN e@v7" },
        { "paths", "SELECT * FROM json.`/in/x.json` JOIN STREAM delta.`/lake/t` AS d JOIN csv.t JOIN 'a.parquet' p" },
        { "pivot", "SELECT * FROM t PIVOT (sum(v) AS s, max(v) FOR q IN ('a' AS a, 'b')) AS p; SELECT * FROM t PIVOT (sum(v) FOR (q, r) IN (('a', 1) AS a))" },
        { "unpivot", "SELECT * FROM t UNPIVOT INCLUDE NULLS (v FOR n IN (c1 AS 'x', c2)) AS u; SELECT * FROM t UNPIVOT ((v1, v2) FOR n IN ((a, b) AS 'ab', (c, d)))" },
        { "samples", "SELECT * FROM a TABLESAMPLE (10 PERCENT) REPEATABLE (7) AS x, b TABLESAMPLE (5 ROWS), c TABLESAMPLE (BUCKET 1 OUT OF 4), d TABLESAMPLE (10M)" },
        { "values", "VALUES (1, 'a'), (2, 'b') AS t(id, n); SELECT * FROM VALUES (1), (2) AS t(x); SELECT * FROM (VALUES 1, 2)" },
        { "recursive", "WITH RECURSIVE r(n) MAX RECURSION LEVEL 10 AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT * FROM r" },
        { "table_arguments", "SELECT * FROM event_log(TABLE(t)) JOIN f(TABLE(SELECT 1) PARTITION BY (a, b) ORDER BY c, x => 1) JOIN table_changes('t', 1, 2)" },
        { "script", "SELECT TRANSFORM (a, b) USING 'cat' AS (c STRING) FROM t" },
        {
            "pipes", """
            FROM STREAM(t) |> WHERE a > 1 |> EXTEND a + 1 AS b |> SET a = b, c = 2 |> DROP c |> SELECT DISTINCT a, b |> AS p
              |> LEFT JOIN u USING (a) |> AGGREGATE sum(b) AS s GROUP BY a AS k |> ORDER BY s DESC LIMIT 3 OFFSET 1
              |> PIVOT (sum(v) FOR q IN (1)) |> UNPIVOT (v FOR n IN (c)) |> TABLESAMPLE (1 PERCENT) |> LATERAL VIEW explode(x) e AS y
              |> UNION ALL (SELECT 1), (SELECT 2) |> EXCEPT TABLE z |> LIMIT 1
            """
        },
        { "pipe_behind_order", "SELECT a FROM t ORDER BY a LIMIT 5 |> SELECT count(*)" },
        { "table", "TABLE a.b |> AGGREGATE GROUP BY x" },
        { "comments", "SELECT /* outer /* inner */ still */ 1 -- end\n, 2 /* * / ** */, '-- no', \"/* no */\", 3 - -1" },
    };

    [Theory, MemberData(nameof(Queries))]
    public void Parses_to(string name, string text) =>
        Approved.Verify(text + "\n----\n" + string.Join('\n', Sql.Script(text).Statements.Select(SyntaxPrinter.Print)), name);

    [Fact]
    public void A_query_by_itself_may_end_in_a_semicolon()
    {
        var bag = new Lakeflow.Runtime.Diagnostics.DiagnosticBag();
        Assert.NotNull(Parser.ParseQuery(new SourceText("", "SELECT 1;"), ParseOptions.Default, bag));
        Assert.Empty(bag.ToImmutable());
        Assert.Null(Parser.ParseQuery(new SourceText("", "SELECT 1; SELECT 2"), ParseOptions.Default, bag));
        Assert.Null(Parser.ParseQuery(new SourceText("", ""), ParseOptions.Default, bag));
    }
}
