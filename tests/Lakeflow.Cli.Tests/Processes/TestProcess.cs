using System.Diagnostics;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>A running <see cref="Program"/>: a line in, a line out.</summary>
internal sealed class TestProcess : IDisposable
{
    private readonly Process process;

    public TestProcess(params string[] arguments)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        process = Process.Start(new ProcessStartInfo(host, ["exec", typeof(TestProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Waits until the program says that it is ready.</summary>
    public void WaitUntilReady() => Assert.Equal("ready", process.StandardOutput.ReadLine());

    public void Say(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    /// <summary>The next answer; null if the program has ended.</summary>
    public string? Answer() => process.StandardOutput.ReadLine();

    /// <summary>Ends the process as a power cut would, unless it ends by itself before.</summary>
    public void KillAfter(TimeSpan delay)
    {
        process.WaitForExit(delay);
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        // Its folder is about to be deleted.
        process.WaitForExit();
        process.Dispose();
    }
}
