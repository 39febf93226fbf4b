using System.Text.RegularExpressions;

namespace Lakeflow.Repo.Tests;

/// <summary>One code, one meaning, one page.</summary>
public sealed class DiagnosticPageTests
{
    private static readonly Regex Code = new("\"(LF[0-9]{4})\"");

    private static HashSet<string> CodesInSource =>
        [.. Repository.Files("src", "*.cs").Concat(Repository.Files("src", "*.c")).Concat(Repository.Files("src", "*.targets")).SelectMany(f => Code.Matches(Repository.Read(f)).Select(m => m.Groups[1].Value))];

    private static HashSet<string> Pages => [.. Repository.Files("docs/diagnostics", "LF*.md").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Fact]
    public void Every_code_has_a_page() => Assert.Empty(CodesInSource.Except(Pages).Order());

    [Fact]
    public void Every_page_has_a_code() => Assert.Empty(Pages.Except(CodesInSource).Order());

    [Fact]
    public void Every_page_begins_with_its_code_and_says_what_to_do()
    {
        var wrong = Repository.Files("docs/diagnostics", "LF*.md").Where(f =>
        {
            var text = Repository.Read(f);
            return !text.StartsWith($"# {Path.GetFileNameWithoutExtension(f)}", StringComparison.Ordinal) || text.Split('\n').Length < 6;
        });
        Assert.Empty(wrong);
    }
}
