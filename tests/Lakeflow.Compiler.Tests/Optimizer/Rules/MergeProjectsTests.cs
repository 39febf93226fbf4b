using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

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
