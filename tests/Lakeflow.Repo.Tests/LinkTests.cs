using System.Text.RegularExpressions;

namespace Lakeflow.Repo.Tests;

/// <summary>A link in a page leads somewhere.</summary>
public sealed class LinkTests
{
    [Fact]
    public void Every_relative_link_of_a_page_leads_to_a_file_or_folder()
    {
        var wrong = new List<string>();
        foreach (var page in Repository.Files("docs", "*.md").Concat(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tests/sql/README.md"]))
        {
            foreach (Match link in Regex.Matches(Repository.Read(page), @"\]\((?!https?:|#)([^)#\s]+)"))
            {
                var target = Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link.Groups[1].Value);
                if (!File.Exists(target) && !Directory.Exists(target)) wrong.Add($"{page}: {link.Groups[1].Value}");
            }
        }

        Assert.Empty(wrong);
    }
}
