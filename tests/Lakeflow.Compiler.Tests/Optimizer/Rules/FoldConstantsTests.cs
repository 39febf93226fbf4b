using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class FoldConstantsTests : RuleTests<FoldConstants>
{
    [Fact]
    public void Arithmetic_of_constants() => After(
        """
        Project a + 3 AS x
          Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT a + (1 + 2) AS x FROM nums");

    [Fact]
    public void A_branch_that_is_never_taken() => After(
        """
        Project 'k' AS x
          Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT CASE WHEN FALSE THEN s ELSE 'k' END AS x FROM nums");

    [Fact]
    public void Coalesce_drops_its_first_NULLs() => After(
        """
        Project s AS x
          Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT coalesce(CAST(NULL AS STRING), s) AS x FROM nums");

    [Fact]
    public void What_would_fail_fails_when_it_runs() => Unchanged("SELECT 1 / 0 AS x, CAST('x' AS INT) AS y FROM nums");

    [Fact]
    public void Chance_is_not_a_constant() => Unchanged("SELECT rand(1) AS x FROM nums");

    [Fact]
    public void What_depends_on_a_row() => Unchanged("SELECT a + b AS x FROM nums");
}
