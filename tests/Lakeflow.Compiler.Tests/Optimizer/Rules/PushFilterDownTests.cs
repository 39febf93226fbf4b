using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

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
