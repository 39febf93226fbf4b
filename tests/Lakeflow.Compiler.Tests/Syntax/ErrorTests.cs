using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Tests.Syntax;

public class ErrorTests
{
    public static TheoryData<string, string> Mistakes() => new()
    {
        { "misspelled_select", "SELCT a FROM t" },
        { "misspelled_streaming", "CREATE OR REFRESH STREMING TABLE t AS SELECT 1" },
        { "misspelled_from", "SELECT a\nFORM t\nWHERE a > 1" },
        { "misspelled_where", "SELECT a FROM t WHRE a > 1" },
        { "misspelled_group", "SELECT a FROM t GROPU BY a" },
        { "missing_comma", "SELECT a b c FROM t" },
        { "missing_bracket", "SELECT upper(a FROM t" },
        { "extra_bracket", "SELECT upper(a)) FROM t" },
        { "missing_expression", "SELECT a, FROM t" },
        { "stray_comma", "CREATE STREAMING TABLE t (a INT, b INT,) AS SELECT 1" },
        { "stray_word", "CREATE STREAMING TABLE t (a INT) PARTITION BY (a) AS SELECT 1" },
        { "cdc_word", "CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(s) KEY (a) SEQUENCE BY b" },
        { "missing_semicolon", "CREATE VIEW v AS SELECT a FROM t\nCREATE VIEW w AS SELECT b FROM t" },
        { "unknown_sign", "SELECT a FROM t WHERE (a IN ({{ b }}))" },
        { "ends_early", "CREATE STREAMING TABLE" },
        { "ends_in_where", "SELECT a FROM t WHERE" },
        { "ends_behind_a_near_word", "SELECT a FROM ordrs WHERE" },
        { "ends_in_case", "SELECT CASE WHEN a THEN 1 FROM t" },
        { "reserved_word", "CREATE VIEW order AS SELECT 1 AS a" },
        { "minus_in_name", "SELECT * FROM my-catalog.t" },
        { "not_equal", "SELECT a FROM t WHERE a = = 1" },
        { "template", "SELECT * FROM {{ ref('x') }}" },
        { "curly_quote", "SELECT ‘x’" },
        { "type", "CREATE VIEW v AS SELECT CAST(a AS ARRAY<INT) FROM t" },
        { "unclosed_text", "SELECT 'abc\nFROM t;\nSELECT 2" },
        { "unclosed_comment", "SELECT 1; /* a /* b */ c" },
        { "unclosed_name", "SELECT `abc FROM t" },
        { "unknown_variable", "SELECT * FROM ${shema}.t WHERE a = '${nowhere}'" },
        { "circular_variable", "SET a = ${b}; SELECT ${loop}" },
        { "duplicate_clause", "CREATE STREAMING TABLE t\n  COMMENT 'a'\n  TBLPROPERTIES ('x' = '1', 'x' = '2')\n  COMMENT 'b'" },
        { "duplicate_cdc", "CREATE FLOW f AS AUTO CDC INTO t FROM s KEYS (a) SEQUENCE BY b KEYS (c)" },
        { "or_replace", "CREATE OR REPLACE STREAMING TABLE t AS SELECT 1; CREATE OR REPLACE MATERIALIZED VIEW m AS SELECT 1" },
        { "missing_query", "CREATE MATERIALIZED VIEW m COMMENT 'x'" },
        { "flow_of_view", "CREATE MATERIALIZED VIEW m FLOW INSERT BY NAME SELECT 1" },
        { "clause_does_not_fit", "CREATE STREAMING TABLE t REFRESH POLICY FULL; CREATE VIEW v CLUSTER BY (a) AS SELECT 1; CREATE PRIVATE VIEW w AS SELECT 1" },
        { "stream_options", "SELECT * FROM STREAM t WITH (a) AS x WITH (b);\nSELECT * FROM STREAM read_files('in') AS r WITH (a = 1);\nSELECT * FROM STREAM(SELECT 1) WITH (a)" },
        { "missing_cdc", "CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(s) STORED AS SCD TYPE 3" },
        { "sink", "CREATE SINK s OPTIONS (a = 1)" },
        { "number", "CREATE STREAMING TABLE t (a DECIMAL(99999999999, 2))" },
        { "forms", "SELECT f(x).*, transform(a, (x.y, 1) -> x), a[0](1), (); FROM t WHERE a; FROM t |>; USE CATALOG a.b" },
        { "legacy", "CREATE LIVE TABLE t AS SELECT * FROM LIVE.s; APPLY CHANGES INTO LIVE.t FROM x KEYS (a) SEQUENCE BY b; CREATE TEMPORARY STREAMING TABLE u" },
        { "warnings", "SET a; CREATE FLOW f AS INSERT INTO t SELECT 1" },
        { "behind_the_word", "SELECT id FROM o ORDER id; SELECT id FROM o WHERE id LIKE; SELECT id FROM o GROUP id; SELECT a FROM b WHERE c IS 3" },
        { "other_dialects", "SELECT TOP 10 id FROM o; SELECT [my id] FROM o; SELECT [1, 2]; SELECT id FROM o WHERE a = 1 && b = 2" },
        { "one_per_statement", "SELECT FROM t;\nCREATE VIEW v AS SELECT 1;\nSELECT 1 +;\nSELECT ) FROM (;\nSELECT 2" },
        { "tabs", "SELECT\t\ta,\n\t\tb c d,\te\nFROM t" },
        { "inside_a_value", "SELECT a,\n       ${x}\nFROM t" },
        { "long_line", $"SELECT {string.Join(", ", Enumerable.Range(0, 60).Select(i => $"column_{i}"))} x y, {string.Join(", ", Enumerable.Range(0, 60).Select(i => $"column_{i}"))} FROM t" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void Says(string name, string text) =>
        Approved.Verify(Sql.Errors(text, ("schema", "s"), ("loop", "${loop}"), ("x", "1 +* 2")), name);

    [Fact]
    public void After_a_mistake_the_next_statement_parses()
    {
        var bag = new DiagnosticBag();
        var script = Parser.ParseScript(new SourceText("a.lfsql", "SELECT FROM; CREATE VIEW v AS SELECT 1 AS a; SELECT 1 +"), ParseOptions.Default, bag);
        Assert.IsType<CreateViewSyntax>(Assert.Single(script.Statements));
        Assert.Equal(2, bag.Count);
    }

    [Fact]
    public void An_unknown_variable_leaves_the_dataset_known()
    {
        var bag = new DiagnosticBag();
        var script = Parser.ParseScript(new SourceText("a.lfsql", "CREATE VIEW v AS SELECT * FROM t WHERE d > ${day}"), ParseOptions.Default, bag);
        Assert.IsType<CreateViewSyntax>(Assert.Single(script.Statements));
        Assert.Equal("LF1007", Assert.Single(bag.ToImmutable()).Code);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("CASE WHEN a THEN ", " END")]
    [InlineData("f(", ")")]
    [InlineData("(SELECT ", ")")]
    [InlineData("NOT ", "")]
    [InlineData("- ", "")]
    [InlineData("x -> ", "")]
    [InlineData("a[", "]")]
    public void Deep_nesting_is_a_diagnostic_and_no_crash(string open, string close)
    {
        foreach (var levels in new[] { 400, 2_000, 100_000 })
        {
            var bag = new DiagnosticBag();
            var text = "SELECT " + string.Concat(Enumerable.Repeat(open, levels)) + "1" + string.Concat(Enumerable.Repeat(close, levels));
            Parser.ParseScript(new SourceText("a.lfsql", text), ParseOptions.Default, bag);
            if (levels == 400) Assert.Empty(bag.ToImmutable());
            else Assert.Equal("LF1006", Assert.Single(bag.ToImmutable()).Code);
        }
    }

    [Theory]
    [InlineData(" + 1")]
    [InlineData(".a")]
    [InlineData("[0]")]
    [InlineData("::int")]
    [InlineData(" UNION ALL SELECT 1")]
    [InlineData(" = 1")]
    public void An_endless_chain_is_a_diagnostic_and_no_crash(string link)
    {
        var bag = new DiagnosticBag();
        Parser.ParseScript(new SourceText("a.lfsql", "SELECT a" + string.Concat(Enumerable.Repeat(link, 50_000))), ParseOptions.Default, bag);
        Assert.Equal("LF1006", Assert.Single(bag.ToImmutable()).Code);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_named()
    {
        var bag = new DiagnosticBag();
        Assert.Null(SourceText.Decode("a.lfsql", [(byte)'a', (byte)'\n', 0, 0xFE], bag));
        Assert.Equal(("LF1002", 2), (bag.ToImmutable()[0].Code, bag.ToImmutable()[0].At.Line));
        Assert.Equal(("é", true), SourceText.Decode("a.lfsql", [0xE9], bag) is { } one ? (one.Text, one.IsGuessed) : default);
        Assert.Equal(("é", true), SourceText.Decode("a.lfsql", [0xFF, 0xFE, 0xE9, 0], bag) is { } two ? (two.Text, two.IsGuessed) : default);
        Assert.NotNull(SourceText.Decode("a.lfsql", [.. "SELECT 1;\n -- é語😀"u8, 0xE9, (byte)'!'], bag));
        Assert.Equal((2, 9), bag.ToImmutable()[^1].At is var at ? (at.Line, at.Column) : default);
        Assert.Equal(4, bag.ToImmutable().Length);
        Assert.Equal("a", SourceText.Decode("a.lfsql", [0xEF, 0xBB, 0xBF, (byte)'a'], bag)!.Text);
    }

    [Fact]
    public void Every_code_has_a_page_whose_example_produces_it()
    {
        var pages = Directory.GetFiles(Repository.PathOf("docs", "diagnostics"), "LF1*.md");
        var codes = pages.Select(p => Path.GetFileNameWithoutExtension(p)).ToHashSet();
        var declared = System.Text.RegularExpressions.Regex.Matches(
            File.ReadAllText(Repository.PathOf("src", "Lakeflow.Compiler", "Diagnostics", "SyntaxErrors.cs")), "\"(LF1[0-9]{3})\"").Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Equal(declared.Order(), codes.Order());
        foreach (var page in pages)
        {
            var code = Path.GetFileNameWithoutExtension(page);
            var text = File.ReadAllText(page).Replace("\r\n", "\n");
            Assert.StartsWith($"# {code} – ", text, StringComparison.Ordinal);

            // No text can show bytes that are no text.
            if (code == "LF1002") continue;
            var example = text.Split("```lfsql\n")[1].Split("```")[0];
            if (example.Contains("(500 times)", StringComparison.Ordinal)) example = "SELECT " + new string('(', 501) + "1" + new string(')', 501);
            Assert.Contains($" {code}: ", Sql.Errors(example, ("loop", "${loop}")), StringComparison.Ordinal);
        }
    }
}
