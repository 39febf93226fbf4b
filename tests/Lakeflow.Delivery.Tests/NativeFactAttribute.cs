using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Lakeflow.Delivery.Tests;

/// <summary>A test that links a native binary. Where that cannot be done it is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Reason = new(FindReason);

    /// <param name="fromPackages">True for one that is built against the packages, which hold what these tests were built with.</param>
    public NativeFactAttribute(bool fromPackages = false)
    {
        if (Reason.Value is { } reason) Skip = reason;
        else if (fromPackages && Checkout.IsPartial) Skip = "LakeflowFast=true has built nothing for net9.0.";
    }

    private static string? FindReason()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64) return "Native binaries are tested on linux-x64.";
        if (!Starts("gcc") && !Starts("clang")) return "There is no C compiler (gcc or clang) to link a native binary with.";
        return HasCompilerPackage() ? null : "The package runtime.linux-x64.Microsoft.DotNet.ILCompiler for net9.0 cannot be restored.";
    }

    private static bool Starts(string program)
    {
        try
        {
            return Tool.Run(Path.GetTempPath(), program, "--version").Exit == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static bool HasCompilerPackage()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (Directory.Exists(Path.Combine(packages, "runtime.linux-x64.microsoft.dotnet.ilcompiler"))) return true;
        var folder = Directory.CreateTempSubdirectory("lakeflow");
        File.WriteAllText(Path.Combine(folder.FullName, "probe.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net9.0</TargetFramework>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
                <PublishAot>true</PublishAot>
                <PublishAotUsingRuntimePack>false</PublishAotUsingRuntimePack>
              </PropertyGroup>
              <Target Name="DropAotRuntimePack" BeforeTargets="ProcessFrameworkReferences">
                <ItemGroup>
                  <KnownRuntimePack Remove="@(KnownRuntimePack)" Condition="'%(KnownRuntimePack.RuntimePackLabels)' == 'NativeAOT'" />
                </ItemGroup>
              </Target>
            </Project>
            """);
        var restored = Tool.Run(folder.FullName, "dotnet", "restore").Exit == 0;
        folder.Delete(recursive: true);
        return restored;
    }
}
