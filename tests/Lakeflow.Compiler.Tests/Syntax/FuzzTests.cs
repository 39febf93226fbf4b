using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Tests.Syntax;

public class FuzzTests
{
    private static readonly string[] Seeds =
        [.. StatementTests.Statements().Select(r => (string)r[1]), .. QueryTests.Queries().Select(r => (string)r[1])];

    private static readonly string[] Scraps =
        ["(", ")", ",", ";", "'", "\"", "`", "/*", "*/", "--", "\n", "${", "}", "${x}", "SELECT", "FROM", "CASE", "END", "BEGIN", "NOT", "->", "::", ":", "[", "]", "|>", "<", ">", "\\", "\0", "å", "😀", "\ud800", "1e", "."];

    [Fact]
    public void Mutilated_statements_end_in_records_or_diagnostics()
    {
        var random = new System.Random(20260131);
        for (var round = 0; round < 3_000; round++) Parse(Mutilate(Seeds[random.Next(Seeds.Length)], random));
    }

    [Fact]
    public void Any_text_ends_in_records_or_diagnostics() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), (string text) => Parse(text ?? "")).QuickCheckThrowOnFailure();

    [Fact]
    public void Parsing_twice_gives_the_same() => Assert.All(Seeds, seed => Assert.Equal(Print(seed), Print(seed)));

    [Fact]
    public void Space_and_comments_mean_nothing() =>
        Assert.All(Seeds.Where(s => !s.Contains('\'') && !s.Contains('"') && !s.Contains("--") && !s.Contains("SET ") && !s.Contains("EXPECT")), seed =>
            Assert.Equal(Print(seed), Print("/* x */\n" + seed.Replace(" ", " /* ; ' /* nested */ */\t\n"))));

    [Fact]
    public void Case_of_words_means_nothing() =>
        Assert.All(Seeds.Where(s => !s.Contains('\'') && !s.Contains('`')), seed => Assert.Equal(Print(seed).ToUpperInvariant(), Print(seed.ToUpperInvariant()).ToUpperInvariant()));

    private static string Print(string text) =>
        string.Join('\n', Parser.ParseScript(new SourceText("", text), ParseOptions.Default, new DiagnosticBag()).Statements
            .Where(s => s is not OtherStatementSyntax).Select(s => string.Join(' ', SyntaxPrinter.Print(s).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("[ ", "[", StringComparison.Ordinal)));

    private static bool Parse(string text)
    {
        var bag = new DiagnosticBag();
        var source = new SourceText("a.lfsql", text);
        var script = Parser.ParseScript(source, ParseOptions.Default, bag);
        foreach (var statement in script.Statements) SyntaxPrinter.Print(statement);
        new DiagnosticFormatter([source]).Format(bag.ToImmutable());
        return true;
    }

    private static string Mutilate(string text, System.Random random)
    {
        var words = new StringBuilder(text);
        for (var times = random.Next(1, 6); times > 0 && words.Length > 2; times--)
        {
            var at = random.Next(words.Length - 1);
            var length = Math.Min(random.Next(1, 12), words.Length - at);
            switch (random.Next(4))
            {
                case 0: words.Remove(at, length); break;
                case 1: words.Insert(at, Scraps[random.Next(Scraps.Length)]); break;
                case 2: words.Insert(at, words.ToString(at, length)); break;
                default: words.Remove(at, length).Insert(at, " " + Scraps[random.Next(Scraps.Length)] + " "); break;
            }
        }

        return words.ToString();
    }
}
