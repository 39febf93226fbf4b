using Lakeflow.Compiler.Tests.Binding;

namespace Lakeflow.Compiler.Tests.Optimizer;

public class OptimizedPlanTests
{
    [Fact]
    public void All_rules_together() => Compiled.Approve(string.Join('\n', new[]
    {
        "SELECT x.a FROM nums x, nums y WHERE x.a = y.b AND y.f AND x.s = 'q'",
        "SELECT count(*) AS n FROM orders WHERE day BETWEEN DATE'2024-01-01' AND CAST('2024-12-31' AS DATE) AND country IN ('NO', 'SE')",
        "SELECT id FROM (SELECT id, country FROM customers UNION ALL SELECT id, country FROM orders) WHERE country = 'NO' LIMIT 5",
        "SELECT a + (1 + 2) AS x, CASE WHEN 1 = 2 THEN s ELSE 'k' END AS y FROM nums WHERE TRUE AND a > 1 AND a > 1",
        "SELECT id FROM orders WHERE FALSE",
        "SELECT name FROM customers c WHERE EXISTS (SELECT * FROM orders o WHERE o.customer_id = c.id AND o.amount > 5)",
        "SELECT s FROM (SELECT s, row_number() OVER (PARTITION BY s ORDER BY a) AS rn, sum(d) OVER (PARTITION BY s) AS t FROM nums) WHERE rn = 1 AND s > 'b'",
        "SELECT v.x FROM (VALUES (1), (2)) AS v(x) JOIN nums n ON n.a = v.x",
        "SELECT 1 / 0 AS boom, CAST('x' AS INT) AS bang FROM nums",
    }.Select(q => $"{q}\n{Compiled.Improved(q)}")));
}
