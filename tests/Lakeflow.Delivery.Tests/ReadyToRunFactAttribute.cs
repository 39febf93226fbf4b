using System.Runtime.InteropServices;

namespace Lakeflow.Delivery.Tests;

/// <summary>A test that compiles the command ahead of time. Where that cannot be done it is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadyToRunFactAttribute : FactAttribute
{
    public ReadyToRunFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64) Skip = "Compiling the command ahead is tested on linux-x64.";
        else if (!HasCompilerPackage()) Skip = "The package microsoft.netcore.app.crossgen2.linux-x64 has never been restored here: dotnet restore src/Lakeflow.Cli -p:LakeflowReadyToRun=linux-x64";
    }

    private static bool HasCompilerPackage()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Directory.Exists(Path.Combine(packages, "microsoft.netcore.app.crossgen2.linux-x64"));
    }
}
