namespace Lakeflow.Cli.Tests.Repl;

public sealed class BoxTests
{
    private const string Query = "SELECT 1 AS id, 'some longer text' AS words, CAST(NULL AS STRING) AS nothing, '' AS empty, 2.50 AS price";

    [Fact]
    public void A_box_has_types_and_a_count_and_tells_NULL_from_an_empty_text() => Assert.Equal(
        """
        ┌─────┬──────────────────┬─────────┬────────┬──────────────┐
        │  id │ words            │ nothing │ empty  │        price │
        │ INT │ STRING           │ STRING  │ STRING │ DECIMAL(3,2) │
        ├─────┼──────────────────┼─────────┼────────┼──────────────┤
        │   1 │ some longer text │ NULL    │        │         2.50 │
        └─────┴──────────────────┴─────────┴────────┴──────────────┘
        1 row

        """.ReplaceLineEndings("\n"), Draw(120));

    [Fact]
    public void Wide_signs_and_accents_keep_the_frame_straight_and_the_text_NULL_has_quotes() => Assert.Equal(
        """
        ┌─────────────┬────────┬────────┐
        │ text        │ 数     │ nil    │
        │ STRING      │ STRING │ STRING │
        ├─────────────┼────────┼────────┤
        │ 日本語 ✅⭐ │ é      │ 'NULL' │
        │ 👍🚀        │        │ NULL   │
        └─────────────┴────────┴────────┘
        2 rows

        """.ReplaceLineEndings("\n").Replace("é", "e\u0301", StringComparison.Ordinal), Draw(120, "SELECT * FROM VALUES ('日本語 ✅⭐', 'e\u0301', 'NULL'), ('👍🚀', '', NULL) AS t(text, `数`, nil)"));

    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(47)]
    [InlineData(60)]
    public void It_fits_a_narrow_terminal_and_says_what_is_left_out(int width)
    {
        var lines = Draw(width).TrimEnd('\n').Split('\n');
        Assert.All(lines[..^1], line => Assert.InRange(line.Length, 1, width));
        Assert.Equal(width < 36, lines[^1].Contains("of 5 columns shown", StringComparison.Ordinal));
        if (width is > 36 and < 60) Assert.Contains("…", string.Concat(lines), StringComparison.Ordinal);
    }

    private static string Draw(int width, string query = Query)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new StringReader(query), output, TextWriter.Null, Directory.GetCurrentDirectory(), default) { UseUnicode = true, Width = width };
        Assert.Equal(0, CommandLine.Run(["repl", "-o", "box"], terminal));
        return output.ToString();
    }
}
