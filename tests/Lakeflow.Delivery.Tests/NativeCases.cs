using System.Collections.Immutable;
using System.Text;
using Lakeflow.Compiler.Emit;

namespace Lakeflow.Delivery.Tests;

/// <summary>The pipelines of all pipeline tests in one executable, which a C# project with <c>dotnet publish -p:PublishAot=true</c> gives.</summary>
/// <remarks>The project is the one of docs/examples/msbuild, for net9.0: without the word <c>case</c> the executable is that pipeline's.</remarks>
public sealed class NativeCases
{
    private readonly Lazy<string> binary;

    public NativeCases(PackageFeed feed) => binary = new(() => Publish(feed));

    /// <summary>The executable's path.</summary>
    public string Binary => binary.Value;

    /// <summary>The C# project's folder.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>What the build said.</summary>
    public string Said { get; private set; } = "";

    internal ImmutableArray<NativeCase> Cases { get; private set; } = [];

    /// <summary>Pipelines in the executable, that of the project not counted.</summary>
    public int Pipelines { get; private set; }

    private string Publish(PackageFeed feed)
    {
        Folder = feed.Copy("msbuild", "cases");
        var project = Path.Combine(Folder, "shop.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("net10.0", "net9.0", StringComparison.Ordinal));
        // The packages of the compiler are those that this machine has; ours come from the checkout alone.
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="checkout" value="../feed" /><add key="machine" value="{machine}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="checkout"><package pattern="Lakeflow.*" /></packageSource>
                <packageSource key="machine"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        // Not every registry has the runtime pack of its own that the SDK would rather have for AOT; the compiler's does.
        File.WriteAllText(Path.Combine(Folder, "Directory.Build.targets"), """
            <Project>
              <PropertyGroup><PublishAotUsingRuntimePack>false</PublishAotUsingRuntimePack></PropertyGroup>
              <Target Name="DropAotRuntimePack" BeforeTargets="ProcessFrameworkReferences">
                <ItemGroup><KnownRuntimePack Remove="@(KnownRuntimePack)" Condition="'%(KnownRuntimePack.RuntimePackLabels)' == 'NativeAOT'" /></ItemGroup>
              </Target>
            </Project>
            """);
        var pipelines = new SortedDictionary<string, ImmutableArray<GeneratedFile>>(StringComparer.Ordinal);
        Cases = NativeCase.RunAll(pipelines);
        Pipelines = pipelines.Count;
        var program = new StringBuilder("switch (args)\n{\n    case [\"case\", var name, .. var words]:\n        return name switch\n        {\n");
        foreach (var (name, files) in pipelines)
        {
            program.Append("            \"").Append(name).Append("\" => new Cases.").Append(name).Append(".Pipeline().RunProgram(words),\n");
            foreach (var file in files)
            {
                var path = Path.Combine(Folder, "cases", name, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text);
            }
        }

        program.Append("            _ => 2,\n        };\n    default:\n        return new shop.Pipeline().RunProgram(args);\n}\n");
        File.WriteAllText(Path.Combine(Folder, "Program.cs"), program.ToString());
        var (exit, output) = feed.Run(Folder, "dotnet", "publish", "-p:PublishAot=true", "-p:LakeflowCpu=portable", "-o", "out", "--nologo");
        Said = output;
        Assert.True(exit == 0, output);
        return Path.Combine(Folder, "out", "shop");
    }
}
