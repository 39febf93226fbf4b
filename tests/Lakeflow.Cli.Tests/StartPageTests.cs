using System.Text.RegularExpressions;

namespace Lakeflow.Cli.Tests;

/// <summary>docs/start.md from its top to its end, in an empty folder.</summary>
public sealed partial class StartPageTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Its_commands_run_one_after_the_other_and_say_what_it_says()
    {
        var commands = 0;
        foreach (var (language, file, text) in DocsPage.Read("start.md").Blocks)
        {
            if (language.Length > 0)
            {
                rig.Write(file, text);
                continue;
            }

            var said = "";
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("$ lakeflow ", StringComparison.Ordinal))
                {
                    var (exit, output, error) = rig.Run([.. Word().Matches(line["$ lakeflow ".Length..]).Select(m => m.Value.Trim('"'))]);
                    Assert.True(exit == 0, line + "\n" + error);
                    said = output;
                    commands++;
                }
                else
                {
                    Assert.Contains(line, said, StringComparison.Ordinal);
                }
            }
        }

        Assert.Equal(15, commands);
    }

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
