using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Optimizer;
using Lakeflow.Compiler.Optimizer.Rules;
using Lakeflow.Compiler.Tests.Binding;
using System.Collections.Immutable;

namespace Lakeflow.Compiler.Tests.Optimizer;

/// <summary>One rule by itself: before and after as a drawing, and what it leaves alone.</summary>
public abstract class RuleTests<TRule>
    where TRule : IRule, new()
{
    private protected static (LogicalPlan Before, LogicalPlan After) Rewrite(string sql, params IRule[] before)
    {
        var result = Compiled.Query(sql);
        Assert.False(result.HasErrors, Compiled.Messages(result));
        var trace = ImmutableArray.CreateBuilder<RuleTrace>();
        var plan = result.Graph.Flows[0].Plan;
        if (before.Length > 0) plan = PlanOptimizer.Optimize(plan, [.. before], "before", trace);
        return (plan, PlanOptimizer.Optimize(plan, [new TRule()], "test", trace));
    }

    private protected static void Unchanged(string sql, params IRule[] before)
    {
        var (old, now) = Rewrite(sql, before);
        Assert.True(ReferenceEquals(old, now), $"{old}became\n{now}");
    }

    private protected static string Drawing(string sql, params IRule[] before)
    {
        var (old, now) = Rewrite(sql, before);
        return $"before\n{Indented(old)}after\n{Indented(now)}";
    }

    private protected static void After(string expected, string sql, params IRule[] before) =>
        Assert.Equal(expected.ReplaceLineEndings("\n").Trim(), Rewrite(sql, before).After.ToString().Trim());

    private static string Indented(LogicalPlan plan) => string.Concat(plan.ToString().TrimEnd('\n').Split('\n').Select(l => $"  {l}\n"));
}

public class MergeFiltersTests : RuleTests<MergeFilters>
{
    [Fact]
    public void Two_become_one_and_the_inner_stays_in_front() => After(
        """
        Project a, b
          Filter b > 1 AND a > 2
            Scan main.default.nums [a, b, s, d, f]
        """,
        "FROM nums |> WHERE b > 1 |> WHERE a > 2 |> SELECT a, b");

    [Fact]
    public void A_single_filter_stays() => Unchanged("SELECT a FROM nums WHERE a > 1");
}

public class MergeProjectsTests : RuleTests<MergeProjects>
{
    [Fact]
    public void Two_become_one() => After(
        """
        Project (a * 2) + 1 AS c
          Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT b2 + 1 AS c FROM (SELECT a * 2 AS b2 FROM nums)");

    [Fact]
    public void Work_is_not_doubled() => Unchanged("SELECT b2 + b2 AS c FROM (SELECT a * 2 AS b2 FROM nums)");

    [Fact]
    public void Chance_is_not_drawn_twice() => Unchanged("SELECT r FROM (SELECT rand() AS r FROM nums)");
}

public class PushFilterDownTests : RuleTests<PushFilterDown>
{
    [Fact]
    public void Through_a_projection() => After(
        """
        Project x
          Project a + 1 AS x
            Filter (a + 1) > 2
              Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT x FROM (SELECT a + 1 AS x FROM nums) WHERE x > 2");

    [Fact]
    public void Into_both_sides_of_an_inner_join() => After(
        """
        Project id
          Join Inner on customer_id = id
            Filter amount > 1.0D
              Scan main.default.orders [id, customer_id, country, amount, price, qty, at, day, tags, items, props, addr, raw]
            Filter country = 'NO'
              Scan main.default.customers [id, name, country, since]
        """,
        "SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.id WHERE o.amount > 1 AND c.country = 'NO'");

    [Fact]
    public void Not_into_the_side_that_an_outer_join_fills_with_nulls() =>
        Unchanged("SELECT o.id FROM orders o LEFT JOIN customers c ON o.customer_id = c.id WHERE c.country IS NULL");

    [Fact]
    public void A_condition_that_can_fail_does_not_meet_more_rows() =>
        Unchanged("SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.id WHERE 10 / o.qty > 1");

    [Fact]
    public void A_condition_on_keys_runs_before_the_grouping() => After(
        """
        Filter n > 1L
          Aggregate count(*) AS n by s
            Filter s = 'x'
              Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT s, n FROM (SELECT s, count(*) AS n FROM nums GROUP BY s) WHERE n > 1 AND s = 'x'", new MergeProjects(), new RemoveIdentityProject());

    [Fact]
    public void A_guard_that_stays_keeps_what_it_guards() =>
        Unchanged("FROM (SELECT b, count(*) AS n FROM nums GROUP BY b) |> WHERE n > 1 AND 10 / b > 1 |> SELECT b", new MergeProjects(), new RemoveIdentityProject());

    [Fact]
    public void Not_below_a_limit() => Unchanged("SELECT a FROM (SELECT a FROM nums LIMIT 3) WHERE a > 1");
}

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
