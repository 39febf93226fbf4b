using System.Diagnostics;
using System.Globalization;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Xunit.Abstractions;

namespace Lakeflow.Cli.Tests.Processes;

public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Twenty, or as many as <c>LAKEFLOW_KILLS</c> says.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("LAKEFLOW_KILLS") ?? "20", CultureInfo.InvariantCulture);

    private readonly string root = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Killed_at_any_moment_beside_another_run_the_tables_are_those_of_an_undisturbed_run()
    {
        var clean = new Shop(Path.Combine(root, "clean"));
        var shop = new Shop(Path.Combine(root, "killed"));
        var code = Path.Combine(root, "shop.dll");
        File.WriteAllBytes(code, RoslynCompiler.Compile(Session.Of(Project.Open(shop.Folder, null, [], new DiagnosticBag())!).Check(toCode: true).Code));
        var warm = new Shop(Path.Combine(root, "warm")).Folder;
        var length = Finish(clean.Folder, code, warm);

        var random = new Random(20260102);
        var deliveries = 0;
        var (killedAtWork, unhurt) = (0, 0);
        using var rival = new TestProcess("updates", shop.Folder, code, warm);
        rival.WaitUntilReady();
        var next = new TestProcess("updates", shop.Folder, code, warm);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                using var process = next;
                process.WaitUntilReady();
                // The next one warms up while this one works and dies.
                next = new TestProcess("updates", shop.Folder, code, warm);
                if (kill % 2 == 1)
                {
                    deliveries++;
                    shop.Deliver(deliveries);
                    clean.Deliver(deliveries);
                }

                // Alone, what one has left is found by the next that is killed; together, the other is at work on it already.
                var isAlone = kill % 3 == 0;
                if (!isAlone) rival.Say("go");
                process.Say("go");
                process.KillAfter(length * random.NextDouble());
                // However busy the machine is just now: most kills come before the end, and some of them late.
                var isAtWork = process.Answer() is null;
                length *= isAtWork ? 1.1 : 0.8;
                if (isAtWork) killedAtWork++;
                // The other one may lose a commit to it, and nothing else.
                if (isAlone) continue;
                var answer = rival.Answer();
                Assert.Matches("^(Completed|Failed( LF5051)+)$", answer);
                if (answer == "Completed") unhurt++;
            }
        }
        finally
        {
            next.Dispose();
        }

        output.WriteLine($"{killedAtWork} of {Kills} killed at work, beside {Kills - ((Kills + 2) / 3)} updates of another process, {unhurt} of which lost no commit to it");
        // Too few would mean that the kills came after the work, and proved nothing.
        Assert.InRange(killedAtWork, Kills / 4, Kills);
        Finish(shop.Folder, code, warm);
        Finish(clean.Folder, code, warm);
        Assert.Equal(clean.Rows(), shop.Rows());
        Assert.Equal(clean.LoggedCounts(), shop.LoggedCounts());
    }

    /// <summary>One update without trouble; how long it took.</summary>
    private static TimeSpan Finish(string folder, string code, string warm)
    {
        using var process = new TestProcess("updates", folder, code, warm);
        process.WaitUntilReady();
        var started = Stopwatch.GetTimestamp();
        process.Say("go");
        Assert.Equal("Completed", process.Answer());
        return Stopwatch.GetElapsedTime(started);
    }
}
