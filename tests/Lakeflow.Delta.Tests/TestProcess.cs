using System.Diagnostics;

namespace Lakeflow.Delta.Tests;

/// <summary>Starts <see cref="Program"/>.</summary>
internal static class TestProcess
{
    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        ["exec", typeof(TestProcess).Assembly.Location, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
