using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Lakeflow.Pipelines.Testing;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests;

/// <summary>
/// Does what each page of <c>docs/how-to</c>, and the one on exactly once, says. A fenced block with a file name after its language is that file, from there on; a block
/// of the language <c>test</c> holds steps of a pipeline test. Together they are one project and one test.
/// </summary>
public sealed partial class HowToTests
{
    public static TheoryData<string> Pages() => [.. Directory.EnumerateFiles(Path.Combine(Root(), "docs/how-to"), "*.md").Select(f => "how-to/" + Path.GetFileName(f)), "exactly-once.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_shows_is_what_happens(string page)
    {
        var folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
        try
        {
            var steps = Lay(File.ReadAllText(Path.Combine(Root(), "docs", page)).ReplaceLineEndings("\n"), folder);
            var path = Path.Combine(folder, "page.test");
            File.WriteAllText(path, steps);
            var bag = new DiagnosticBag();
            var project = Project.Open(folder, null, [], bag);
            Assert.True(project is not null, string.Join('\n', bag.ToImmutable()));
            var test = PipelineTest.Read(path, page, bag);
            Assert.False(bag.HasErrors, string.Join('\n', bag.ToImmutable()));
            Assert.Contains(test.Steps, s => s is Query or Changes or Update);

            var failures = PipelineTestRun.Run(project, test, fill: false, TimeProvider.System, default);

            var lines = steps.Split('\n');
            Assert.True(failures.IsEmpty, string.Join('\n', failures.Select(f => $"{lines[f.Line - 1]}\n{f.Message}\n{string.Join('\n', f.Actual)}")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes the files that stand before the first test block, and turns the later ones into steps between the tests.</summary>
    private static string Lay(string text, string folder)
    {
        var steps = new StringBuilder();
        var copies = 0;
        foreach (Match block in Fence().Matches(text))
        {
            var (language, name, body) = (block.Groups[1].Value, block.Groups[2].Value, block.Groups[3].Value);
            if (language == "test")
            {
                steps.Append(body).Append('\n');
            }
            else if (name.Length > 0 && steps.Length == 0 && !name.StartsWith('/'))
            {
                Write(Path.Combine(folder, name), body);
            }
            else if (name.Length > 0)
            {
                var kept = string.Create(CultureInfo.InvariantCulture, $"shown/{copies++}");
                Write(Path.Combine(folder, kept), body);
                steps.Append(CultureInfo.InvariantCulture, $"copy {kept} {name}\n\n");
            }
        }

        return steps.ToString();
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Root([CallerFilePath] string test = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(test)!, "../.."));

    [GeneratedRegex(@"^```(\w+) ?(\S*)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
