using System.Diagnostics;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>Standard streams that whoever starts the command has closed: their numbers come to be those of other files of the process.</summary>
public sealed class ClosedStreamTests
{
    [Theory]
    [InlineData("repl <&-", 0, "", "")]
    [InlineData("sql 'SELECT 1 AS a' -o csv <&-", 0, "a\n1\n", "")]
    [InlineData("sql 'SELECT 1' >&-", 0, "", "")]
    [InlineData("sql 'SELEC 1' 2>&-", 2, "", "")]
    public async Task A_stream_that_was_closed_is_empty_and_takes_nothing(string words, int exit, string output, string error)
    {
        if (OperatingSystem.IsWindows()) return; // no shell there closes a stream
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec '{host}' exec '{typeof(CommandLine).Assembly.Location}' {words}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var told = process.StandardError.ReadToEndAsync();
        var rows = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((exit, output, error), (process.ExitCode, rows, await told));
    }
}
