using System.Text.RegularExpressions;

namespace Lakeflow.Cli.Tests;

/// <summary>What the README shows is what there is.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private const string ShownRoot = "/home/you/lakeflow";

    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void The_pipeline_shown_stands_in_the_example()
    {
        foreach (var block in Blocks("sql").Where(b => b.StartsWith("-- docs/", StringComparison.Ordinal)))
        {
            var file = block[3..block.IndexOf('\n', StringComparison.Ordinal)];
            var shown = block[(block.IndexOf('\n', StringComparison.Ordinal) + 1)..];
            Assert.Contains(shown, File.ReadAllText(Path.Combine(Root(), file)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_output_shown_is_the_output()
    {
        Copy(Path.Combine(Root(), "docs", "examples", "flights"), Path.Combine(rig.Folder, "docs", "examples", "flights"));
        var block = Assert.Single(Blocks("console"));
        var command = block[..block.IndexOf('\n', StringComparison.Ordinal)];
        Assert.StartsWith("$ dotnet run -c Release --project src/Lakeflow.Cli -- ", command, StringComparison.Ordinal);

        var (exit, output, error) = rig.Run(command[(command.IndexOf(" -- ", StringComparison.Ordinal) + 4)..].Split(' '));

        Assert.Equal((0, ""), (exit, error));
        var shown = rig.Normal(block[(command.Length + 1)..].Replace(ShownRoot, rig.Folder, StringComparison.Ordinal));
        // Independent flows end in any order, and two flows into one table commit in any order.
        Assert.Equal(Lines(shown), Lines(output));
    }

    private static IEnumerable<string> Lines(string text) => Version().Replace(UpdateId().Replace(text, "update <id>"), "version <n>").Split('\n').Where(l => l.Length > 0).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Blocks(string language) =>
        Fence().Matches(File.ReadAllText(Path.Combine(Root(), "README.md")).ReplaceLineEndings("\n"))
            .Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, file);
            if (relative.StartsWith("lakehouse", StringComparison.Ordinal)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, relative))!);
            File.Copy(file, Path.Combine(to, relative));
        }
    }

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Lakeflow.sln"))) return folder;
        }

        throw new InvalidOperationException("These tests run inside a checkout.");
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"version \d+$", RegexOptions.Multiline)]
    private static partial Regex Version();

    [GeneratedRegex("update [0-9a-f]{8}")]
    private static partial Regex UpdateId();
}
