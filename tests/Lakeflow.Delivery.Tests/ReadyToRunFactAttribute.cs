using System.Runtime.InteropServices;

namespace Lakeflow.Delivery.Tests;

/// <summary>A test that compiles the command ahead of time. Where the packages for that cannot be had it is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadyToRunFactAttribute : FactAttribute
{
    /// <summary>NuGet's words for a package, or a source of packages, that is not there.</summary>
    private static readonly string[] Missing = ["NU1101", "NU1102", "NU1103", "NU1301"];

    private static readonly Lazy<string?> Reason = new(FindReason);

    public ReadyToRunFactAttribute()
    {
        if (Reason.Value is { } reason) Skip = reason;
    }

    private static string? FindReason()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64) return "Compiling the command ahead is tested on linux-x64.";
        var (exit, output, error) = Tool.Run(Checkout.Root, "dotnet", ["restore", .. ReadyToRunTests.Project, "--nologo"]);
        // Anything else that is wrong is for the test to tell.
        var why = exit == 0 ? null : (output + error).Split('\n').FirstOrDefault(line => Missing.Any(line.Contains));
        return why is null ? null : $"The package microsoft.netcore.app.crossgen2.linux-x64 cannot be restored: {why.Trim()}";
    }
}
