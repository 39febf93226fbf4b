using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class DerivePruningTests : RuleTests<DerivePruning>
{
    [Fact]
    public void Comparisons_with_constants() => After(
        """
        Project a
          Filter a > 10 AND b <= 5
            Scan main.default.nums [a, b, s, d, f] pruned by a > 10 AND b <= 5
        """,
        "SELECT a FROM nums WHERE a > 10 AND b <= 5");

    [Fact]
    public void A_constant_in_front() => After(
        """
        Project a
          Filter 10 < a
            Scan main.default.nums [a, b, s, d, f] pruned by a > 10
        """,
        "SELECT a FROM nums WHERE 10 < a");

    [Fact]
    public void IN_is_a_range() => After(
        """
        Project a
          Filter a IN (5, 3)
            Scan main.default.nums [a, b, s, d, f] pruned by a >= 3 AND a <= 5
        """,
        "SELECT a FROM nums WHERE a IN (5, 3)");

    [Fact]
    public void NULL_tests() => After(
        """
        Project a
          Filter s IS NOT NULL
            Scan main.default.nums [a, b, s, d, f] pruned by s IS NOT NULL
        """,
        "SELECT a FROM nums WHERE s IS NOT NULL");

    [Fact]
    public void NaN_is_above_all_numbers() => Unchanged("SELECT a FROM nums WHERE d > 0D");

    [Fact]
    public void OR_says_nothing_of_one_column() => Unchanged("SELECT a FROM nums WHERE a > 10 OR b > 5");

    [Fact]
    public void What_is_computed_has_no_statistics() => Unchanged("SELECT a FROM nums WHERE a + 1 > 10");
}
