using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class PushLimitDownTests : RuleTests<PushLimitDown>
{
    [Fact]
    public void Below_a_projection_into_the_scan() => After(
        """
        Project a + 1 AS x
          Limit 3
            Scan main.default.nums [a, b, s, d, f] limit 3
        """,
        "SELECT a + 1 AS x FROM nums LIMIT 3");

    [Fact]
    public void The_scan_also_gives_what_is_skipped() => After(
        """
        Project a
          Limit 3 offset 2
            Scan main.default.nums [a, b, s, d, f] limit 5
        """,
        "SELECT a FROM nums LIMIT 3 OFFSET 2");

    [Fact]
    public void Into_each_member_of_a_union() => After(
        """
        Limit 3
          UnionAll
            Project a
              Limit 3
                Scan main.default.nums [a, b, s, d, f] limit 3
            Project b
              Limit 3
                Scan main.default.nums [a, b, s, d, f] limit 3
        """,
        "SELECT a FROM nums UNION ALL SELECT b FROM nums LIMIT 3");

    [Fact]
    public void The_lesser_of_two() => After(
        """
        Project a
          Project a
            Limit 2
              Scan main.default.nums [a, b, s, d, f] limit 2
        """,
        "SELECT a FROM (SELECT a FROM nums LIMIT 5) LIMIT 2");

    [Fact]
    public void Not_below_a_filter() => Unchanged("FROM nums |> WHERE a > 1 |> LIMIT 3");

    [Fact]
    public void Not_below_an_order() => Unchanged("FROM nums |> ORDER BY a |> LIMIT 3");

    [Fact]
    public void Not_below_DISTINCT() => Unchanged("FROM (SELECT DISTINCT a FROM nums) |> LIMIT 3");
}
