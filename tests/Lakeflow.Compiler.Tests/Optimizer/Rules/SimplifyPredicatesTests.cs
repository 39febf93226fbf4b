using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class SimplifyPredicatesTests : RuleTests<SimplifyPredicates>
{
    [Fact]
    public void TRUE_means_nothing_to_AND() => After(
        """
        Project a
          Filter a > 1
            Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT a FROM nums WHERE TRUE AND a > 1");

    [Fact]
    public void A_condition_written_twice_is_tested_once() => After(
        """
        Project a
          Filter a > 1
            Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT a FROM nums WHERE a > 1 AND a > 1");

    [Fact]
    public void A_filter_that_keeps_nothing_reads_nothing() => After(
        """
        Project a
          Values 0 rows [a, b, s, d, f]
        """,
        "SELECT a FROM nums WHERE FALSE");

    [Fact]
    public void A_filter_that_keeps_all_is_gone() => After(
        """
        Project a
          Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT a FROM nums WHERE TRUE");

    [Fact]
    public void NOT_NOT() => After(
        """
        Project a
          Filter f
            Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT a FROM nums WHERE NOT (NOT f)");

    [Fact]
    public void Chance_is_asked_twice() => Unchanged("SELECT a FROM nums WHERE rand() > 0.5D AND rand() > 0.5D");

    [Fact]
    public void NULL_may_come_out_of_a_condition_and_its_opposite() => Unchanged("SELECT a FROM nums WHERE a > 1 OR NOT (a > 1)");
}
