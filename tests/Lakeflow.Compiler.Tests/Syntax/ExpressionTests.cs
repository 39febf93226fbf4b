using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>Language specification, sections 7.2 and 7.5.</summary>
public class ExpressionTests
{
    [Theory]
    [InlineData("1", "(NumberLiteral \"1\" Integer)")]
    [InlineData("-1", "(NumberLiteral \"-1\" Integer)")]
    [InlineData("1L", "(NumberLiteral \"1\" BigInt)")]
    [InlineData("1S", "(NumberLiteral \"1\" SmallInt)")]
    [InlineData("1Y", "(NumberLiteral \"1\" TinyInt)")]
    [InlineData(".5", "(NumberLiteral \".5\" Decimal)")]
    [InlineData("1.5BD", "(NumberLiteral \"1.5\" Decimal)")]
    [InlineData("1e3", "(NumberLiteral \"1e3\" Double)")]
    [InlineData("1D", "(NumberLiteral \"1\" Double)")]
    [InlineData("1F", "(NumberLiteral \"1\" Float)")]
    [InlineData("'it''s'", "(StringLiteral \"it's\")")]
    [InlineData("'it\\'s'", "(StringLiteral \"it's\")")]
    [InlineData("\"two\"", "(StringLiteral \"two\" DoubleQuoted=yes)")]
    [InlineData("'a' 'b'", "(StringLiteral \"ab\")")]
    [InlineData("'\\u0041\\101\\t'", "(StringLiteral \"AA\t\")")]
    [InlineData("r'\\n'", "(StringLiteral \"\\\\n\")")]
    [InlineData("'50\\%'", "(StringLiteral \"50\\\\%\")")]
    [InlineData("X'1F'", "(TypedLiteral Type=\"X\" \"1F\")")]
    [InlineData("DATE'2024-01-31'", "(TypedLiteral Type=\"DATE\" \"2024-01-31\")")]
    [InlineData("INTERVAL 3 HOURS", "(IntervalLiteral Parts=[(IntervalPart (NumberLiteral \"3\" Integer) Unit=\"HOUR\")])")]
    [InlineData("INTERVAL '1-2' YEAR TO MONTH", "(IntervalLiteral Parts=[(IntervalPart (StringLiteral \"1-2\") Unit=\"YEAR\" To=\"MONTH\")])")]
    [InlineData("INTERVAL -1 DAY 2 HOURS", "(IntervalLiteral Parts=[(IntervalPart (NumberLiteral \"1\" Integer) Unit=\"DAY\" Negative=yes) (IntervalPart (NumberLiteral \"2\" Integer) Unit=\"HOUR\")])")]
    public void Literals(string text, string expected)
    {
        var actual = Sql.Print(text).Replace("Text=", "", StringComparison.Ordinal);
        Assert.Equal(expected, string.Join(' ', actual.Split('\n', StringSplitOptions.TrimEntries)).Replace("[ ", "["));
    }

    [Theory]
    [InlineData("(a) + (b)")]
    [InlineData("((a)) / ((b) - (c))")]
    [InlineData("(a) AND (b) AND (c)")]
    [InlineData("(a) IS NOT NULL")]
    [InlineData("(a) BETWEEN (b) AND (c)")]
    [InlineData("(a) = (b) OR (c)")]
    public void The_span_of_an_operator_holds_the_brackets_of_its_sides(string text)
    {
        var span = Sql.Expression(text).Span;
        Assert.Equal((1, text.Length + 1), (span.Column, span.EndColumn));
    }

    [Theory]
    [InlineData("a + b * c", "a + (b * c)")]
    [InlineData("a - b - c", "(a - b) - c")]
    [InlineData("a || b + c", "(a || b) + c")]
    [InlineData("a << b + c", "a << (b + c)")]
    [InlineData("a & b << c", "a & (b << c)")]
    [InlineData("a ^ b & c", "a ^ (b & c)")]
    [InlineData("a | b ^ c", "a | (b ^ c)")]
    [InlineData("a = b | c", "a = (b | c)")]
    [InlineData("a > > b", "a >> b")]
    [InlineData("NOT a = b AND c", "(NOT (a = b)) AND c")]
    [InlineData("NOT a BETWEEN 1 AND 2", "NOT (a BETWEEN 1 AND 2)")]
    [InlineData("! a IS NULL", "NOT (a IS NULL)")]
    [InlineData("a OR b AND c", "a OR (b AND c)")]
    [InlineData("a = b IS NULL", "(a = b) IS NULL")]
    [InlineData("a BETWEEN 1 + 1 AND 2 AND b", "(a BETWEEN (1 + 1) AND 2) AND b")]
    [InlineData("-a::int", "- (a::int)")]
    [InlineData("-1::int", "(-1)::int")]
    [InlineData("a:b.c::int", "(a:b.c)::int")]
    [InlineData("a.b[0].c", "((a.b)[0]).c")]
    [InlineData("a + -b", "a + (-b)")]
    [InlineData("a.1h + a.2d.b", "(a.`1h`) + (a.`2d`.b)")]
    [InlineData("x -> x + 1", "x -> (x + 1)")]
    [InlineData("a LIKE b || c", "a LIKE (b || c)")]
    public void Binds_like(string text, string brackets) => Assert.Equal(Sql.Print(brackets).Replace("`", ""), Sql.Print(text));

    [Theory]
    [InlineData("count(DISTINCT a, b) FILTER (WHERE c > 0)")]
    [InlineData("sum(a) OVER (PARTITION BY b ORDER BY c DESC NULLS LAST ROWS BETWEEN 2 PRECEDING AND UNBOUNDED FOLLOWING)")]
    [InlineData("lag(a, 1, 0) IGNORE NULLS OVER w")]
    [InlineData("first(a IGNORE NULLS) OVER (w RANGE INTERVAL 1 DAY PRECEDING)")]
    [InlineData("percentile_cont(0.5) WITHIN GROUP (ORDER BY a)")]
    [InlineData("read_files('/x', format => 'json', `kafka.a.b` => 'c')")]
    [InlineData("CASE WHEN a THEN 1 WHEN b THEN 2 ELSE end END")]
    [InlineData("CASE a WHEN 1 THEN CASE WHEN b THEN 1 END END")]
    [InlineData("TRY_CAST(a AS STRUCT<x: ARRAY<MAP<STRING, DECIMAL(10, 2)>>, y INT NOT NULL COMMENT 'c', z: STRUCT<>>)")]
    [InlineData("a ?:: INT")]
    [InlineData("cast(a AS TIMESTAMP WITHOUT TIME ZONE)")]
    [InlineData("cast(a AS INTERVAL DAY TO SECOND)")]
    [InlineData("(a, b) IN ((1, 2), (3, 4))")]
    [InlineData("a NOT IN (SELECT b FROM t)")]
    [InlineData("EXISTS (SELECT 1) AND (SELECT max(a) FROM t) > 1")]
    [InlineData("a NOT LIKE '%x' ESCAPE '!' OR a ILIKE ANY ('a', 'b') OR a RLIKE 'x' OR a LIKE ALL ('%')")]
    [InlineData("a IS NOT DISTINCT FROM b OR a IS NOT TRUE OR a <=> b")]
    [InlineData("transform(xs, (x, i) -> x + i)")]
    [InlineData("raw:a.b[0]['x y'][*]::string")]
    [InlineData("EXTRACT(YEAR FROM a) + POSITION('a' IN b)")]
    [InlineData("TRIM(BOTH 'x' FROM a) || TRIM(LEADING FROM a) || trim(a)")]
    [InlineData("OVERLAY(a PLACING 'b' FROM 1 FOR 2)")]
    [InlineData("substring(a FROM 2 FOR 3) || left(a, 1)")]
    [InlineData("struct(a AS x, *)")]
    [InlineData("named_struct('x', 1).x")]
    [InlineData(":start + ?")]
    [InlineData("IDENTIFIER(:t || 'x')")]
    [InlineData("t.* EXCEPT (a, b.c)")]
    [InlineData("f(x)[0].y.z(1)")]
    [InlineData("a COLLATE UTF8_LCASE = 'x'")]
    [InlineData("`a``b`.`c d`")]
    [InlineData("dateadd(DAY, 1, a)")]
    public void Parses(string text)
    {
        var bag = new DiagnosticBag();
        Parser.ParseExpression(new SourceText("", text), ParseOptions.Default, bag);
        if (text == "f(x)[0].y.z(1)") Assert.Equal("LF1018", bag.ToImmutable().Single().Code);
        else Assert.Empty(bag.ToImmutable());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(50_000)]
    public void A_long_chain_is_shallow(int links)
    {
        var all = Sql.Expression(string.Join(" OR ", Enumerable.Range(0, links).Select(i => $"a = {i}")));
        var depth = 0;
        for (var at = all; at is BinarySyntax { Operator: BinaryOperator.Or } or; at = or.Left) depth++;
        Assert.True(depth < 20);
    }

    [Fact]
    public void A_megabyte_of_text_is_one_literal() =>
        Assert.Equal(1 << 20, Assert.IsType<StringLiteralSyntax>(Sql.Expression($"'{new string('å', 1 << 20)}'")).Value.Length);

    [Fact]
    public void A_schema_is_a_struct()
    {
        var bag = new DiagnosticBag();
        var at = new SourceSpan("a.lfsql", 3, 5, 3, 40);
        var schema = Parser.ParseSchema("a INT, b: STRUCT<c: STRING>, `d e` DECIMAL(10,2) NOT NULL COMMENT 'x', f.g STRING", at, bag);
        Assert.Empty(bag.ToImmutable());
        Assert.Equal(["a", "b", "d e", "f.g"], schema!.Fields.Select(f => f.Path.ToString()));
        Assert.Equal(at, schema.Fields[1].Span);
        Assert.Null(Parser.ParseSchema("a INT,, b", at, bag));
        Assert.Equal(at, bag.ToImmutable().Single().At);
        Assert.Equal("MAP", Parser.ParseDataType("map<string, array<int>>", at, bag) is MapTypeSyntax ? "MAP" : "");
    }
}
