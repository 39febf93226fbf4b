namespace Lakeflow.Cli.Tests.Processes;

public sealed class TwoRunsTests : IDisposable
{
    private const int Rounds = 5;

    private readonly string root = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Two_processes_at_once_double_no_row_and_the_loser_says_so()
    {
        var shop = new Shop(Path.Combine(root, "shop"));
        var clean = new Shop(Path.Combine(root, "clean"));
        using var one = new TestProcess("commands");
        using var other = new TestProcess("commands");
        one.WaitUntilReady();
        other.WaitUntilReady();

        var lost = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            one.Say($"run\t{shop.Folder}");
            other.Say($"run\t{shop.Folder}");
            shop.Deliver(round);
            clean.Deliver(round);
            foreach (var answer in new[] { one.Answer()!, other.Answer()! })
            {
                if (answer.StartsWith("0 ", StringComparison.Ordinal)) continue;
                Assert.StartsWith("1 ", answer, StringComparison.Ordinal);
                Assert.Contains("LF5051", answer, StringComparison.Ordinal);
                Assert.Contains("Another run advanced", answer, StringComparison.Ordinal);
                Assert.Equal(answer.Split(": error ").Length, answer.Split(": error LF5051").Length);
                lost++;
            }
        }

        // Both began with an empty lakehouse in the same moment: at least then one of them had to lose.
        Assert.True(lost > 0);
        foreach (var folder in new[] { shop.Folder, clean.Folder })
        {
            one.Say($"run\t{folder}");
            Assert.StartsWith("0 ", one.Answer(), StringComparison.Ordinal);
        }

        Assert.Equal(clean.Rows(), shop.Rows());
        Assert.Equal(clean.LoggedCounts(), shop.LoggedCounts());
    }
}
