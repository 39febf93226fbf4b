using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

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
