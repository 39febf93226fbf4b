using Lakeflow.Compiler.Optimizer.Rules;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class ChooseBuildSideTests : RuleTests<ChooseBuildSide>
{
    [Fact]
    public void The_small_left_side_is_built() => Assert.True(Of("SELECT n.a FROM (VALUES (1), (2)) v(x) JOIN nums n ON v.x = n.a").BuildLeft);

    [Fact]
    public void A_limit_is_small() => Assert.True(Of("SELECT n.a FROM (SELECT a FROM nums LIMIT 10) v JOIN nums n ON v.a = n.a").BuildLeft);

    [Fact]
    public void The_right_side_is_built_where_nothing_is_known() => Assert.False(Of("SELECT n.a FROM nums v JOIN nums n ON v.a = n.a").BuildLeft);

    [Fact]
    public void An_outer_join_has_no_choice() => Assert.False(Of("SELECT n.a FROM (VALUES (1)) v(x) LEFT JOIN nums n ON v.x = n.a").BuildLeft);

    private static Join Of(string sql) => Rewrite(sql).After.All().OfType<Join>().Single();
}
