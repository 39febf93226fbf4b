using Lakeflow.Cli.Repl;

namespace Lakeflow.Cli.Tests.Repl;

/// <summary>What is whole when Enter is pressed, and what it is cut into.</summary>
public sealed class EntriesTests
{
    [Theory]
    [InlineData("SELECT 1;", "1: SELECT 1", "")]
    [InlineData("SELECT 1", "", "SELECT 1")]
    [InlineData("SELECT 1; SELECT 2;;\n", "1: SELECT 1|1: SELECT 2", "")]
    [InlineData("SELECT 1; -- why", "1: SELECT 1", "")]
    [InlineData("SELECT 1; /* why */\n/* open", "1: SELECT 1", " /* why */\n/* open")]
    [InlineData("-- see /* there", "", "")]
    [InlineData("", "", "")]
    [InlineData(";", "", "")]
    [InlineData("  .tables  ", "1! .tables", "")]
    [InlineData("SELECT 1;\n.mode csv\nSELECT\n 2;\n-- end\n.exit", "1: SELECT 1|2! .mode csv|3: SELECT\n 2|6! .exit", "")]
    [InlineData("SELECT 1\n.5;", "1: SELECT 1\n.5", "")]
    [InlineData("SELECT 'a\n.tables\n'; .x", "1: SELECT 'a\n.tables\n'", " .x")]
    [InlineData("show tables;\nDESC t; \ndescribe table a.b;", "1! .tables|2! .schema t|3! .schema a.b", "")]
    [InlineData("EXIT;", "1! .EXIT", "")]
    [InlineData("SELECT\nexit", "", "SELECT\nexit")]
    public void Statements_and_commands_are_told_apart(string text, string whole, string open)
    {
        var (entries, rest) = Entries.Cut(text);
        Assert.Equal((whole, open), (string.Join('|', entries.Select(e => $"{e.Line}{(e.IsCommand ? '!' : ':')} {e.Text.Trim()}")), rest));
    }
}
