using System.Text.RegularExpressions;
using Lakeflow.Cli.Repl;

namespace Lakeflow.Cli.Tests.Repl;

/// <summary>What docs/repl.md shows is what happens.</summary>
public sealed partial class PageTests : IDisposable
{
    private readonly CliRig rig = new();
    private readonly string page = File.ReadAllText(Path.Combine(Root(), "docs", "repl.md")).ReplaceLineEndings("\n");

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Its_statements_and_commands_run_and_say_what_it_says()
    {
        rig.Write("orders.csv", Blocks("csv").Single());
        Assert.Equal(0, rig.Run("init", "shop").Exit);
        var lines = Blocks("").SelectMany(b => b.Split('\n')).Where(l => l.Length > 0 && !l.StartsWith("echo", StringComparison.Ordinal)).ToList();
        var typed = lines.Where(IsTyped).Select(l => l[10..]);
        var (exit, output, error) = rig.RunWith(string.Join('\n', typed), "repl", "--output", "box");
        Assert.True(exit == 0, error);
        Assert.All(lines.Where(l => !IsTyped(l)), said => Assert.Contains(said, output + error, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_filter_runs()
    {
        var (input, words) = Blocks("").SelectMany(b => Piped().Matches(b)).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Single();
        Assert.Equal((0, "1\n1\n", ""), rig.RunWith(input, words.Split(' ')));
    }

    [Fact]
    public void It_has_every_command_shown_and_listed() => Assert.All(PromptCommands.Names, name =>
    {
        Assert.Contains($"lakeflow> {name}", page, StringComparison.Ordinal);
        Assert.Contains($"`{name}", page, StringComparison.Ordinal);
    });

    private static bool IsTyped(string line) => line.StartsWith("lakeflow> ", StringComparison.Ordinal) || line.StartsWith("     ...> ", StringComparison.Ordinal);

    private IEnumerable<string> Blocks(string language) => Block().Matches(page).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lakeflow.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex("```([a-z]*)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("echo \"(.*?)\" \\| lakeflow (.*)")]
    private static partial Regex Piped();
}
