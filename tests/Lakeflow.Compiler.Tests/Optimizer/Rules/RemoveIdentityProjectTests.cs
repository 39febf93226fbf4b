using Lakeflow.Compiler.Optimizer.Rules;

namespace Lakeflow.Compiler.Tests.Optimizer.Rules;

public class RemoveIdentityProjectTests : RuleTests<RemoveIdentityProject>
{
    [Fact]
    public void A_projection_that_passes_all_on() => After(
        """
        Scan main.default.nums [a, b, s, d, f]
        """,
        "SELECT * FROM nums");

    [Fact]
    public void Another_name() => Unchanged("SELECT a AS x, b, s, d, f FROM nums");

    [Fact]
    public void Another_order() => Unchanged("SELECT b, a, s, d, f FROM nums");

    [Fact]
    public void Fewer_columns() => Unchanged("SELECT a, b, s, d FROM nums");
}
