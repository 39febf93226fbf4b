using System.Reflection.PortableExecutable;
using Lakeflow.Cli.Tests;

namespace Lakeflow.Delivery.Tests;

/// <summary>The command, compiled ahead of time as the page says: as a tool's package for one platform, and as a folder that needs no .NET.</summary>
public sealed class ReadyToRunTests : IDisposable
{
    /// <summary>Says for which platform; this one is tested.</summary>
    internal const string Platform = "-p:LakeflowReadyToRun=linux-x64";

    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [ReadyToRunFact]
    public void The_pages_package_and_folder_hold_machine_code_of_every_assembly_and_run()
    {
        // The package holds all that it needs: no other source is asked.
        File.WriteAllText(Path.Combine(folder, "nuget.config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        var page = new PageRun(folder, new() { ["LAKEFLOW_CACHE"] = Path.Combine(folder, "cache"), ["DOTNET_CLI_HOME"] = folder });
        Assert.Equal(5, DocsPage.Read("native.md", "The tool, compiled ahead").Follow(page.Write, page.Run));

        var assemblies = Directory.GetFiles(Path.Combine(folder, "ahead"), "*.dll", SearchOption.AllDirectories);
        Assert.Contains(assemblies, a => Path.GetFileName(a) == "Microsoft.CodeAnalysis.CSharp.dll");
        Assert.All(assemblies, a => Assert.True(HasMachineCode(a), a));
        Assert.True(File.Exists(Path.Combine(folder, "lakeflow", "lakeflow.r2r.dll")));
        Assert.True(HasMachineCode(Path.Combine(folder, "lakeflow", "Microsoft.CodeAnalysis.CSharp.dll")));
        // The package's query was compiled; this one and the folder's come from the plan cache, each from its own entry.
        foreach (var tool in new[] { "ahead", "lakeflow" }) Assert.EndsWith("answer\n42\n", page.Run([$"./{tool}/lakeflow", "sql", "-o", "csv", "SELECT 6 * 7 AS answer"]), StringComparison.Ordinal);
    }

    /// <summary>The command's project, and for what it is compiled; what it is restored to and built in is apart from what other tests use.</summary>
    internal static string[] Project => [Path.Combine(Checkout.Root, "src", "Lakeflow.Cli"), Platform, .. Partial];

    /// <summary>What it refers to was built with these tests.</summary>
    internal static string[] AsBuilt => ["-p:BuildProjectReferences=false", "--nologo", "-v:q", .. Partial];

    private static string[] Partial => Checkout.IsPartial ? ["-p:LakeflowFast=true"] : [];

    /// <summary>ECMA-335 II.25.3.3: the native header is there where an image is more than IL.</summary>
    private static bool HasMachineCode(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
