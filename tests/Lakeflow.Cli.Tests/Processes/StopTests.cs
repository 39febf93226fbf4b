using System.Diagnostics;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>The tool itself as a process: how it ends when it is told to, and when nobody listens any more.</summary>
public sealed class StopTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public void Stopped_by_a_signal_it_ends_with_130_and_the_table_as_it_was(string signal)
    {
        if (OperatingSystem.IsWindows()) return; // signals are sent by 'kill'
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", "CREATE MATERIALIZED VIEW t AS SELECT id, sha2(CAST(id AS STRING), 512) AS x FROM range(0, 3000000000);\n");
        using var tool = Start("run", Path.Combine(rig.Folder, "p"));
        // A signal that is lost must fail this test, not hold up the ones behind it.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var giveUp = patience.Token.Register(tool.Kill);
        while (tool.StandardOutput.ReadLine() is { } line && !line.EndsWith("RUNNING", StringComparison.Ordinal))
        {
        }

        using (var kill = Process.Start("kill", [signal, tool.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) kill.WaitForExit();
        var output = tool.StandardOutput.ReadToEnd();
        Assert.Equal("", tool.StandardError.ReadToEnd());
        tool.WaitForExit();

        Assert.Equal(130, tool.ExitCode);
        Assert.Contains("Stopped. What was committed stays", output, StringComparison.Ordinal);
        var table = Path.Combine(rig.Folder, "p/lakehouse/main/default/t");
        Assert.Equal(["00000000000000000000.json"], Directory.GetFiles(Path.Combine(table, "_delta_log")).Select(f => Path.GetFileName(f)!));
        Assert.Empty(Directory.GetFiles(table));
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_trouble()
    {
        using var tool = Start("sql", "-o", "csv", "SELECT id, repeat('x', 200) AS x FROM range(0, 100000)");
        Assert.Equal("id,x", tool.StandardOutput.ReadLine());
        tool.StandardOutput.Close();
        Assert.Equal("", tool.StandardError.ReadToEnd());
        tool.WaitForExit();
    }

    private static bool IgnoresInterrupts()
    {
        const int Interrupt = 1 << (2 - 1);
        if (!File.Exists("/proc/self/status")) return false;
        var ignored = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (Convert.ToUInt64(ignored, 16) & Interrupt) != 0;
    }

    private static Process Start(params string[] words)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string[] command = [host, "exec", typeof(CommandLine).Assembly.Location, .. words];
        // Whoever is started in the background of a script inherits an ignored SIGINT, and so would the tool.
        if (IgnoresInterrupts()) command = ["env", "--default-signal=INT", .. command];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
