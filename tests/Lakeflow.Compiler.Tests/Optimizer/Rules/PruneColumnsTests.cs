using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class PruneColumnsTests : RuleTests<PruneColumns>
{
    [Fact]
    public void A_scan_reads_what_is_asked_for() => After(
        """
        Project a
          Filter b > 1
            Scan main.default.nums [a, b]
        """,
        "SELECT a FROM nums WHERE b > 1");

    [Fact]
    public void Counting_needs_no_column() => After(
        """
        Aggregate count(*) AS n
          Scan main.default.nums []
        """,
        "SELECT count(*) AS n FROM nums", new RemoveIdentityProject());

    [Fact]
    public void What_only_the_filter_needed_is_not_sorted() => After(
        """
        Sort a
          Project a
            Filter b > 1
              Scan main.default.nums [a, b]
        """,
        "SELECT a FROM (SELECT * FROM nums WHERE b > 1) ORDER BY a", new MergeProjects(), new RemoveIdentityProject());

    [Fact]
    public void An_aggregate_that_nobody_reads() => After(
        """
        Project a
          Aggregate  by a
            Scan main.default.nums [a]
        """,
        "SELECT a FROM (SELECT a, sum(b) AS t FROM nums GROUP BY a)", new MergeProjects(), new RemoveIdentityProject());

    [Fact]
    public void A_window_function_that_nobody_reads() => After(
        """
        Project a
          Scan main.default.nums [a]
        """,
        "SELECT a FROM (SELECT a, row_number() OVER (ORDER BY b) AS n FROM nums)", new MergeProjects(), new RemoveIdentityProject());

    [Fact]
    public void DISTINCT_needs_all_its_columns() => Unchanged("SELECT a FROM (SELECT DISTINCT a, b, s, d, f FROM nums)", new MergeProjects(), new RemoveIdentityProject());
}
