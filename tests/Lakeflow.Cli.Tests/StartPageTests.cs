namespace Lakeflow.Cli.Tests;

/// <summary>docs/start.md from its top to its end, in an empty folder.</summary>
public sealed class StartPageTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Its_commands_run_one_after_the_other_and_say_what_it_says()
    {
        var commands = DocsPage.Read("start.md").Follow(rig.Write, words =>
        {
            Assert.Equal("lakeflow", words[0]);
            var (exit, output, error) = rig.Run(words[1..]);
            Assert.True(exit == 0, string.Join(' ', words) + "\n" + error);
            return output;
        });
        Assert.Equal(15, commands);
    }
}
