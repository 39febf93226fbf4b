using System.Reflection.PortableExecutable;

namespace Lakeflow.Delivery.Tests;

/// <summary>The command, compiled ahead of time: as a tool's package for one platform, and as a folder that needs no .NET.</summary>
public sealed class ReadyToRunTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [ReadyToRunFact]
    public void A_tool_for_one_platform_holds_machine_code_of_every_assembly_and_runs()
    {
        var packages = Path.Combine(folder, "packages");
        Done("dotnet", ["pack", .. Project, "--no-restore", "-o", packages, .. AsBuilt]);
        var package = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(packages, "Lakeflow.Cli.*.nupkg")));
        Done("dotnet", "tool", "install", "Lakeflow.Cli", "--version", package["Lakeflow.Cli.".Length..], "--source", packages, "--tool-path", Path.Combine(folder, "tools"));

        var assemblies = Directory.GetFiles(Path.Combine(folder, "tools"), "*.dll", SearchOption.AllDirectories);
        Assert.Contains(assemblies, a => Path.GetFileName(a) == "Microsoft.CodeAnalysis.CSharp.dll");
        Assert.All(assemblies, a => Assert.True(HasMachineCode(a), a));
        Works(Path.Combine(folder, "tools", "lakeflow"));
    }

    [ReadyToRunFact]
    public void A_folder_of_its_own_holds_one_image_of_all_and_runs_without_dotnet()
    {
        var published = Path.Combine(folder, "lakeflow");
        Done("dotnet", ["publish", .. Project, "-p:LakeflowSelfContained=true", "-o", published, .. AsBuilt]);
        Assert.True(File.Exists(Path.Combine(published, "lakeflow.r2r.dll")));
        Assert.True(HasMachineCode(Path.Combine(published, "Microsoft.CodeAnalysis.CSharp.dll")));
        Works(Path.Combine(published, "lakeflow"));
    }

    /// <summary>The command's project, and for what it is compiled; what it is restored to and built in is apart from what other tests use.</summary>
    internal static string[] Project =>
    [
        Path.Combine(Checkout.Root, "src", "Lakeflow.Cli"), "-p:LakeflowReadyToRun=linux-x64", .. Checkout.IsPartial ? ["-p:LakeflowFast=true"] : Array.Empty<string>(),
    ];

    /// <summary>What it refers to was built with these tests.</summary>
    private static string[] AsBuilt => ["-c", Checkout.Configuration, "-p:BuildProjectReferences=false", "--nologo", "-v:q"];

    /// <summary>ECMA-335 II.25.3.3: the native header is there where an image is more than IL.</summary>
    private static bool HasMachineCode(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    /// <summary>A first query, compiled now, and the same again, from the plan cache.</summary>
    private void Works(string lakeflow)
    {
        for (var time = 0; time < 2; time++) Assert.Equal("answer\n42\n", Done(lakeflow, "sql", "-o", "csv", "SELECT 6 * 7 AS answer"));
    }

    private string Done(string program, params ReadOnlySpan<string> arguments)
    {
        var (exit, output, error) = Tool.Run(
            folder, program, new() { ["LAKEFLOW_CACHE"] = Path.Combine(folder, "cache"), ["DOTNET_CLI_HOME"] = folder }, arguments);
        Assert.True(exit == 0, output + error);
        return output;
    }
}
