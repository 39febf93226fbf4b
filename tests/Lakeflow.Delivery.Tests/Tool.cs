using System.Diagnostics;

namespace Lakeflow.Delivery.Tests;

/// <summary>Starts a program, waits for its end, and gives back what it wrote.</summary>
internal static class Tool
{
    /// <summary>The program that runs a .dll.</summary>
    public static string Host { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>The command as it was built with these tests.</summary>
    public static string Lakeflow { get; } = Path.Combine(AppContext.BaseDirectory, "lakeflow.dll");

    /// <param name="folder">Where it starts.</param>
    /// <param name="program">A path, or a name to look for.</param>
    /// <param name="arguments">One word each.</param>
    /// <returns>The exit code, and both streams.</returns>
    public static (int Exit, string Out, string Error) Run(string folder, string program, params ReadOnlySpan<string> arguments) =>
        Run(folder, program, [], arguments);

    /// <param name="folder">Where it starts.</param>
    /// <param name="program">A path, or a name to look for.</param>
    /// <param name="environment">Variables to set.</param>
    /// <param name="arguments">One word each.</param>
    public static (int Exit, string Out, string Error) Run(string folder, string program, Dictionary<string, string> environment, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments.ToArray()) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What a developer's shell or the runner of this test has set is not part of the build under test.
        start.Environment.Remove("LakeflowFast");
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
