using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Lakeflow.Delivery.Tests;

/// <summary>A test that links a native binary. Where that cannot be done it is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> NoLinker = new(FindReason);
    private static readonly ConcurrentDictionary<string, bool> Restored = new();

    /// <param name="framework">What the binary is built for.</param>
    public NativeFactAttribute(string framework = "net9.0")
    {
        if (NoLinker.Value is { } reason) Skip = reason;
        else if (!Restored.GetOrAdd(framework, HasCompilerPackage)) Skip = $"The package runtime.linux-x64.Microsoft.DotNet.ILCompiler for {framework} cannot be restored.";
    }

    private static string? FindReason()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64) return "Native binaries are tested on linux-x64.";
        return Starts("gcc") || Starts("clang") ? null : "There is no C compiler (gcc or clang) to link a native binary with.";
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

    private static bool HasCompilerPackage(string framework)
    {
        var packages = Path.Combine(Checkout.MachinePackages, "runtime.linux-x64.microsoft.dotnet.ilcompiler");
        // The version begins as the framework's name ends.
        if (Directory.Exists(packages) && Directory.GetDirectories(packages, framework["net".Length..] + ".*").Length > 0) return true;
        var folder = Directory.CreateTempSubdirectory("lakeflow");
        File.WriteAllText(Path.Combine(folder.FullName, "probe.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>{framework}</TargetFramework>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
                <PublishAot>true</PublishAot>
                <PublishAotUsingRuntimePack Condition="'$(TargetFramework)' == 'net9.0'">false</PublishAotUsingRuntimePack>
              </PropertyGroup>
              <Target Name="DropAotRuntimePack" BeforeTargets="ProcessFrameworkReferences" Condition="'$(PublishAotUsingRuntimePack)' == 'false'">
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
