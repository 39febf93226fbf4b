using System.Runtime.CompilerServices;
using System.Text;

namespace Lakeflow.Compiler.Tests.Binding;

/// <summary>SQL in, bound plan out; one snapshot a topic.</summary>
public class QueryTests
{
    [Fact]
    public void Select_lists() => Plans([
        "SELECT 1 AS one, 'a', NULL AS n, 1.50, 2.5e0, DATE'2024-02-29' AS d, TIMESTAMP'2024-01-01 12:00:00' AS t, INTERVAL 3 HOURS AS h",
        "SELECT * FROM nums",
        "SELECT n.* EXCEPT (a), n.a AS z FROM nums n",
        "SELECT addr.*, addr.city AS c, items.sku AS skus, props['x'] AS x, tags[0] AS first FROM orders",
        "SELECT a, a AS b2, a FROM nums",
        "SELECT a + 1 AS x, x * 2 AS y FROM nums",
        "SELECT DISTINCT country FROM customers",
        "SELECT a FROM nums ORDER BY b DESC, a LIMIT 3 OFFSET 1",
        "SELECT a + b AS c FROM nums ORDER BY c, 1 DESC NULLS FIRST",
        "SELECT a, b FROM nums ORDER BY ALL DESC",
        "SELECT CASE WHEN a > 1 THEN 'x' WHEN f THEN s END AS c, CASE a WHEN 1 THEN 1 ELSE 2.5 END AS n FROM nums",
        "SELECT a BETWEEN 1 AND 3 AS b1, a IN (1, 2L) AS i, s LIKE 'a%' AS l, a IS NOT NULL AS nn, f IS TRUE AS t, a <=> b AS e, a <> b AS ne FROM nums",
        "SELECT CAST(a AS STRING) AS s, a::DOUBLE AS d, TRY_CAST(s AS INT) AS i FROM nums",
        "SELECT struct(a, b AS bb) AS s, (a, s) AS t FROM nums"]);

    [Fact]
    public void Grouping() => Plans([
        "SELECT s, count(*) AS n, sum(a) AS total FROM nums GROUP BY s",
        "SELECT s, a + b AS k, max(d) - min(d) AS spread FROM nums GROUP BY 1, k HAVING count(*) > 1",
        "SELECT s, count(DISTINCT a) FILTER (WHERE f) AS n FROM nums GROUP BY ALL ORDER BY n DESC",
        "SELECT count(*) FROM nums",
        "SELECT 1 FROM nums HAVING max(a) > 3",
        "SELECT s, sum(a) AS x, grouping(s) AS g FROM nums GROUP BY ROLLUP (s, b)",
        "SELECT s, sum(a) AS x FROM nums GROUP BY GROUPING SETS ((s), ())"]);

    [Fact]
    public void Joins() => Plans([
        "SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON o.customer_id = c.id AND c.country = 'NO'",
        "SELECT * FROM nums x JOIN nums y USING (a)",
        "SELECT a, x.b, y.b FROM nums x FULL JOIN nums y USING (a)",
        "SELECT a, y.* FROM nums x RIGHT JOIN nums y USING (a, b)",
        "SELECT x.a FROM nums x, nums y WHERE x.a = y.b AND y.f",
        "SELECT a FROM nums x LEFT SEMI JOIN customers c ON x.a = c.id",
        "SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE country = 'NO') AND amount > 0",
        "SELECT id FROM orders WHERE customer_id NOT IN (SELECT id FROM customers)",
        "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer_id AND c.country = 'NO')",
        "SELECT id FROM orders o WHERE NOT EXISTS (SELECT * FROM customers c WHERE c.id = o.customer_id)",
        "SELECT id FROM orders o WHERE amount > (SELECT avg(amount) FROM orders i WHERE i.country = o.country)",
        "SELECT id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS n FROM customers c",
        "SELECT id, (SELECT max(a) FROM nums) AS m FROM customers WHERE country = 'NO' OR id IN (SELECT a FROM nums)",
        "SELECT o.id FROM orders o JOIN customers USING (id) JOIN nums ON id = a"]);

    [Fact]
    public void Set_operations_and_nesting() => Plans([
        "SELECT a, s FROM nums UNION ALL SELECT id, name FROM customers",
        "SELECT a FROM nums UNION SELECT d FROM nums",
        "SELECT a, b FROM nums EXCEPT SELECT b, a FROM nums",
        "SELECT a FROM nums INTERSECT SELECT b FROM nums ORDER BY 1 LIMIT 2",
        "SELECT a, b FROM nums UNION ALL BY NAME SELECT b, a FROM nums",
        "WITH x AS (SELECT a AS k FROM nums), y(z) AS (SELECT k + 1 FROM x) SELECT x.k, y.z FROM x JOIN y ON x.k = y.z",
        "SELECT q.k FROM (SELECT a AS k FROM nums) AS q WHERE q.k > 1",
        "VALUES (1, 'a'), (2.5, NULL) AS t(n, s)",
        "SELECT id FROM range(10) WHERE id > 3",
        "SELECT * FROM (VALUES (1), (2)) AS v(x) ORDER BY x DESC",
        "FROM nums |> WHERE a > 1 |> EXTEND a + b AS c |> SET a = 0 |> DROP b |> AGGREGATE sum(c) AS t GROUP BY s |> WHERE t > 1 |> ORDER BY t |> LIMIT 1",
        "SELECT * FROM nums PIVOT (sum(a) AS t FOR s IN ('x' AS x, 'y'))"]);

    [Fact]
    public void Windows() => Plans([
        "SELECT a, row_number() OVER (PARTITION BY s ORDER BY d DESC) AS rn, sum(a) OVER (PARTITION BY s) AS t FROM nums",
        "SELECT a FROM nums QUALIFY rank() OVER w = 1 WINDOW w AS (PARTITION BY s ORDER BY a)",
        "SELECT s, sum(sum(a)) OVER (ORDER BY s ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS r FROM nums GROUP BY s",
        "SELECT avg(amount) OVER (ORDER BY day RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW) AS a, count(*) FILTER (WHERE amount > 0) OVER () AS n FROM orders",
        "SELECT lag(a, 2, 0) OVER (ORDER BY b) AS l, first_value(a) IGNORE NULLS OVER (ORDER BY b) AS f FROM nums"]);

    private static void Plans(string[] queries, [CallerMemberName] string name = "")
    {
        var text = new StringBuilder();
        foreach (var query in queries) text.Append(query).Append('\n').Append(Compiled.Bound(query)).Append('\n');
        Compiled.Approve(text.ToString(), name);
    }
}
