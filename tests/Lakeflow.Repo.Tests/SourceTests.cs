using System.Text.RegularExpressions;

namespace Lakeflow.Repo.Tests;

/// <summary>Habits that a machine can check: sizes, names, words that have no place here.</summary>
public sealed class SourceTests
{
    private const int MostLines = 500;

    private static IEnumerable<string> Sources =>
        Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Concat(Repository.Files("benchmarks", "*.cs"))
            .Where(f => !f.Contains("/Generated/") && !f.EndsWith(".g.cs", StringComparison.Ordinal) && !f.Contains(".verified."));

    [Fact]
    public void No_file_is_longer_than_500_lines()
    {
        var long_ = Sources.Select(f => (File: f, Lines: Repository.Read(f).Count(c => c == '\n'))).Where(f => f.Lines > MostLines);
        Assert.Empty(long_);
    }

    [Fact]
    public void No_type_is_a_drawer()
    {
        var drawer = new Regex(@"\b(class|record|struct|interface)\s+\w*(Manager|Helper|Helpers|Utils?|Common|Misc)\b");
        Assert.DoesNotContain(Sources, f => drawer.IsMatch(Repository.Read(f)));
    }

    [Fact]
    public void A_public_type_stands_in_a_file_of_its_name_or_of_its_root()
    {
        // Several small records of one closed hierarchy may share a file; a lone public type has its own.
        var publicType = new Regex(@"^public (?:sealed |static |abstract |readonly |partial |ref |unsafe )*(?:class|struct|interface|enum|record struct|record)\s+(\w+)", RegexOptions.Multiline);
        var wrong = new List<string>();
        foreach (var file in Repository.Files("src", "*.cs").Where(f => !f.Contains("/Generated/")))
        {
            if (Path.GetFileName(file) == "AssemblyInfo.cs") continue;
            var types = publicType.Matches(Repository.Read(file)).Select(m => m.Groups[1].Value).Distinct().ToList();
            var name = Path.GetFileName(file).Split('.')[0];
            if (types.Count == 1 && types[0] != name) wrong.Add($"{file}: {types[0]}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_is_left_unfinished_behind_a_documented_feature()
    {
        var unfinished = new Regex(@"new NotImplementedException|//.*\b(TODO|FIXME|HACK|XXX)\b");
        Assert.DoesNotContain(Sources, f => !f.EndsWith("SourceTests.cs", StringComparison.Ordinal) && unfinished.IsMatch(Repository.Read(f)));
    }

    [Fact]
    public void Every_test_that_is_skipped_says_why()
    {
        var skip = new Regex("Skip\\s*=\\s*\"\"");
        Assert.DoesNotContain(Sources, f => !f.EndsWith("SourceTests.cs", StringComparison.Ordinal) && skip.IsMatch(Repository.Read(f)));
    }
}
