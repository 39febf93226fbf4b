using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class SplitJoinConditionTests : RuleTests<SplitJoinCondition>
{
    [Fact]
    public void A_comma_and_WHERE_are_a_join() => After(
        """
        Project a
          Join Inner on a = b
            Scan main.default.nums [a, b, s, d, f]
            Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT x.a FROM nums x, nums y WHERE x.a = y.b");

    [Fact]
    public void What_one_side_can_tell_moves_there() => After(
        """
        Project id
          Join Inner on customer_id = id
            Filter amount > 1.0D
              Scan main.default.orders [id, customer_id, country, amount, price, qty, at, day, tags, items, props, addr, raw]
            Scan main.default.customers [id, name, country, since]
        """,
        "SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.id AND o.amount > 1");

    [Fact]
    public void Of_a_left_join_only_the_right_side() => After(
        """
        Project id
          Join Left on customer_id = id AND amount > 1.0D
            Scan main.default.orders [id, customer_id, country, amount, price, qty, at, day, tags, items, props, addr, raw]
            Filter country = 'NO'
              Scan main.default.customers [id, name, country, since]
        """,
        "SELECT o.id FROM orders o LEFT JOIN customers c ON o.customer_id = c.id AND o.amount > 1 AND c.country = 'NO'");

    [Fact]
    public void Nothing_of_a_full_join() => Unchanged("SELECT o.id FROM orders o FULL JOIN customers c ON o.customer_id = c.id AND o.amount > 1 AND c.country = 'NO'");

    [Fact]
    public void A_condition_that_can_fail_stays() => Unchanged("SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.id AND 10 / o.qty > 1");

    [Fact]
    public void Chance_stays() => Unchanged("SELECT x.a FROM nums x JOIN nums y ON x.a = y.b AND rand() > 0.5D");
}
