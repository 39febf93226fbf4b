using System.Diagnostics;

namespace Lakeflow.Cli.Tests.Processes;

public sealed class GoneFolderTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_folder_that_was_removed_under_the_command_is_told()
    {
        if (OperatingSystem.IsWindows()) return; // a folder that somebody is in cannot be removed there
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"mkdir gone && cd gone && rmdir ../gone && exec '{host}' exec '{typeof(CommandLine).Assembly.Location}' sql 'SELECT 1'"])
        {
            WorkingDirectory = rig.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((3, ""), (process.ExitCode, await output));
        Assert.StartsWith("error LF0062: The folder that this command was started in is not there any more.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
