using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Compiler.Tests.Syntax;

public class SubstitutionTests
{
    [Fact]
    public void A_value_comes_from_the_configuration()
    {
        var script = Sql.Script("SELECT * FROM ${schema}.t WHERE d >= '${start}'", ("schema", "main.web"), ("start", "2024-01-01"));
        var select = Assert.IsType<SelectSyntax>(Assert.IsType<QueryStatementSyntax>(script.Statements[0]).Query.Body);
        Assert.Equal("main.web.t", Assert.IsType<TableRefSyntax>(select.From).Name.ToString());
        Assert.Contains("2024-01-01", SyntaxPrinter.Print(select), StringComparison.Ordinal);
    }

    [Fact]
    public void A_SET_above_wins_over_the_configuration()
    {
        var script = Sql.Script("SET t = b; CREATE VIEW v AS SELECT * FROM ${t}; SET t = c_${t}; CREATE VIEW w AS SELECT * FROM ${t}", ("t", "a"));
        var names = script.Statements.OfType<CreateViewSyntax>().Select(v => ((TableRefSyntax)((SelectSyntax)v.Query.Body).From!).Name.ToString());
        Assert.Equal(["b", "c_b"], names);
    }

    [Fact]
    public void A_value_may_hold_another_name() =>
        Assert.Contains("main.web.t", SyntaxPrinter.Print(Sql.Script("TABLE ${full}", ("full", "${c}.web.t"), ("c", "main")).Statements[0]), StringComparison.Ordinal);

    [Fact]
    public void Positions_behind_a_value_are_those_of_the_file()
    {
        var script = Sql.Script("SELECT ${x} + longer AS a", ("x", "a_much_longer_text * 2"));
        var sum = Assert.IsType<BinarySyntax>(((SelectSyntax)((QueryStatementSyntax)script.Statements[0]).Query.Body).Items[0].Expression);
        Assert.Equal((8, 12), (sum.Left.Span.Column, sum.Left.Span.EndColumn));
        Assert.Equal((15, 21), (sum.Right.Span.Column, sum.Right.Span.EndColumn));
    }

    [Fact]
    public void A_comment_is_left_alone() => Sql.Script("SELECT 1 -- ${nothing}\n/* ${nothing} */");

    [Fact]
    public void A_value_cannot_end_the_statement() =>
        Assert.Contains("LF1001", Sql.Errors("SELECT ${x}", ("x", "1; DROP TABLE t")), StringComparison.Ordinal);
}
