using System.Collections.Immutable;
using System.Text;
using Lakeflow.Cli.Tests;
using Lakeflow.Compiler.Emit;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Delivery.Tests;

/// <summary>
/// The pipelines of all pipeline tests in one executable: the one that the page of native binaries makes of a C# project, from an empty folder, with
/// <c>dotnet publish -p:PublishAot=true</c>. Files above the project add to it, in the same publish, what else is tested.
/// </summary>
/// <remarks>The word <c>case</c> chooses one of the pipelines; without it the executable is the project's own, which has parts and calls a referenced project.</remarks>
public sealed class NativeCases
{
    private readonly Lazy<string> binary;

    public NativeCases(PackageFeed feed) => binary = new(() => FollowPage(feed));

    /// <summary>The executable's path.</summary>
    public string Binary => binary.Value;

    /// <summary>The C# project's folder.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>How many commands the page has.</summary>
    public int Commands { get; private set; }

    /// <summary>What the build said.</summary>
    public string Said { get; private set; } = "";

    /// <summary>What the last update but one said, which filled the tables.</summary>
    public string Filled { get; private set; } = "";

    /// <summary>A pipeline among them whose one table takes hours.</summary>
    public string Slow { get; private set; } = "";

    /// <summary>One that goes on until it is stopped, because its project says so.</summary>
    public string Steady { get; private set; } = "";

    internal ImmutableArray<NativeCase> Cases { get; private set; } = [];

    /// <summary>Pipelines of tests in the executable.</summary>
    public int Pipelines { get; private set; }

    private string FollowPage(PackageFeed feed)
    {
        var above = Directory.CreateDirectory(Path.Combine(feed.Folder, "native")).FullName;
        WriteSettings(above);
        feed.Copy("sql-function", Path.Combine("native", "functions"));
        WriteCases(Path.Combine(above, "cases"));
        // A place of its own for templates: another test installs the same one.
        var page = new PageRun(above, new(feed.Variables) { ["DOTNET_CLI_HOME"] = Path.Combine(above, "home") });
        Commands = DocsPage.Read("native.md", "From a C# project").Follow(page.Write, words =>
        {
            var said = page.Run(words);
            if (said.Contains("orders COMPLETED", StringComparison.Ordinal)) Filled = said;
            return said;
        });
        Folder = page.Folder;
        Said = page.Said["dotnet publish"];
        return Path.Combine(Folder, "bin", "shop");
    }

    /// <summary>What MSBuild and NuGet take from a folder above the project.</summary>
    private static void WriteSettings(string above)
    {
        // The packages of the compiler are those that this machine has; ours come from the checkout alone.
        File.WriteAllText(Path.Combine(above, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="checkout" value="../feed" /><add key="machine" value="{Checkout.MachinePackages}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="checkout"><package pattern="Lakeflow.*" /></packageSource>
                <packageSource key="machine"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        // Symbols are left in, so that a test finds what the executable asks of a processor; what a debugger needs besides takes time.
        File.WriteAllText(Path.Combine(above, "Directory.Build.props"), """
            <Project>
              <PropertyGroup Condition="'$(MSBuildProjectName)' == 'shop'">
                <LakeflowCpu>portable</LakeflowCpu>
                <LakeflowParts>3</LakeflowParts>
                <StartupObject>Cases.Start</StartupObject>
                <DebugType>none</DebugType>
                <StripSymbols>false</StripSymbols>
              </PropertyGroup>
              <ItemGroup Condition="'$(MSBuildProjectName)' == 'shop'">
                <Compile Include="../cases/**/*.cs" />
                <LakeflowPipeline Include="../functions/shop/pipeline/*.lfsql" />
                <ProjectReference Include="../functions/pricing/pricing.csproj" />
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>The C# of all pipelines, and an entry point that chooses one.</summary>
    private void WriteCases(string folder)
    {
        var pipelines = new SortedDictionary<string, ImmutableArray<GeneratedFile>>(StringComparer.Ordinal);
        Cases = NativeCase.RunAll(pipelines);
        Pipelines = pipelines.Count;
        Slow = Keep(pipelines, folder + "-slow", "name: slow\n", "CREATE MATERIALIZED VIEW t AS SELECT id, sha2(CAST(id AS STRING), 512) AS x FROM range(0, 3000000000);\n");
        Steady = Keep(
            pipelines, folder + "-steady", "name: steady\ncontinuous: true\nconfiguration: { pipelines.trigger.interval: 100 milliseconds }\n",
            "CREATE STREAMING TABLE t AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');\n");
        var choices = new StringBuilder();
        foreach (var (name, files) in pipelines)
        {
            choices.Append("        \"").Append(name).Append("\" => new ").Append(name).Append(".Pipeline().RunProgram(words),\n");
            foreach (var file in files)
            {
                var path = Path.Combine(folder, name, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text);
            }
        }

        File.WriteAllText(Path.Combine(folder, "Start.cs"), $$"""
            namespace Cases;

            internal static class Start
            {
                private static int Main(string[] args) => args is ["case", var name, .. var words] ? Run(name, words) : new shop.Pipeline().RunProgram(args);

                private static int Run(string name, string[] words) => name switch
                {
            {{choices}}        _ => 2,
                };
            }
            """);
    }

    private static string Keep(SortedDictionary<string, ImmutableArray<GeneratedFile>> pipelines, string folder, string settings, string text)
    {
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        File.WriteAllText(Path.Combine(folder, "lakeflow.yml"), settings);
        File.WriteAllText(Path.Combine(folder, "t.lfsql"), text);
        var bag = new DiagnosticBag();
        var project = Project.Open(folder, null, [], bag) ?? throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
        return NativeCase.Keep(pipelines, project, Session.Of(project, cache: null).Check(toCode: true));
    }
}
