using System.Globalization;
using System.Text.RegularExpressions;

namespace Lakeflow.Delivery.Tests;

/// <summary>Projects that are compiled in parts: what is compiled again, and that nothing else is different.</summary>
public sealed partial class MsBuildTests
{
    private const int Files = 12;

    [Fact]
    public void A_change_to_one_file_compiles_the_parts_that_depend_on_it()
    {
        var project = ManyFiles("parts", Files, "<LakeflowParts>4</LakeflowParts>");
        var first = Done(project, "dotnet", "build", "-v", "normal");
        var generated = Path.Combine(project, "obj", "Debug", "net10.0", "lakeflow");
        var parts = PartsOf(generated);
        Assert.InRange(parts.Values.Distinct().Count(), 2, 4);
        Assert.Equal(parts.Values.Distinct().Order(StringComparer.Ordinal), Compiled(first));

        var (_, again) = feed.Run(project, "dotnet", "build", "-v", "normal");
        Assert.Contains("Skipping target \"LakeflowParts\" because all output files are up-to-date", again, StringComparison.Ordinal);
        Assert.Contains("Skipping target \"CoreCompile\"", again, StringComparison.Ordinal);
        Assert.Empty(Compiled(again));

        // Another value: the file's own part. Another type: also the part of what reads it. A file whose reader is in another part shows both.
        var file = Enumerable.Range(0, Files - 1).First(i => parts[$"Base{i}.g.cs"] != parts[$"Total{i + 1}.g.cs"]);
        var (own, reader) = (parts[$"Base{file}.g.cs"], parts[$"Total{file + 1}.g.cs"]);
        Replace(Source(project, file), "100 AS x", "101 AS x");
        Assert.Equal([own], Compiled(Done(project, "dotnet", "build", "-v", "normal")));
        Replace(Source(project, file), "101 AS x", "CAST(101 AS BIGINT) AS x");
        Assert.Equal(new[] { own, reader }.Order(StringComparer.Ordinal), Compiled(Done(project, "dotnet", "build", "-v", "normal")));

        // A file more moves none of the others, and one less takes its tables away.
        File.WriteAllText(Source(project, Files), "CREATE MATERIALIZED VIEW late AS SELECT 1 AS one;");
        Assert.Single(Compiled(Done(project, "dotnet", "build", "-v", "normal")));
        Assert.Contains("late COMPLETED", Done(project, "dotnet", "run", "--no-build"), StringComparison.Ordinal);
        File.Delete(Source(project, Files));
        Assert.DoesNotContain("late COMPLETED", Done(project, "dotnet", "run"), StringComparison.Ordinal);

        // Without C# of its own the program has no records; with it, a column that goes breaks what uses the record, which is in another assembly.
        Assert.Empty(Directory.GetFiles(generated, "*.row.g.cs"));
        File.WriteAllText(Path.Combine(project, "Uses.cs"), "internal static class Uses { public static object? Of(many.Base0 row) => row.X; }");
        Done(project, "dotnet", "build");
        Replace(Source(project, 0), file == 0 ? "CAST(101 AS BIGINT) AS x" : "100 AS x", "100 AS x, 1 AS y");
        Done(project, "dotnet", "build");
        Replace(Path.Combine(project, "Uses.cs"), "row.X", "row.Z");
        Assert.Contains("'Base0' does not contain a definition for 'Z'", Failed(project), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_two_folders_have_the_same_bytes()
    {
        // So many that the project is in parts by itself.
        var (one, other) = (ManyFiles("here", 33, ""), ManyFiles("there", 33, ""));
        foreach (var project in (string[])[one, other]) Done(project, "dotnet", "build", $"-p:PathMap={project}=/_");
        var assemblies = Directory.GetFiles(Path.Combine(one, "bin", "Debug", "net10.0"), "many*.dll").Select(f => Path.GetRelativePath(one, f)).ToList();
        Assert.Equal(5, assemblies.Count);
        Assert.All(assemblies, f => Assert.Equal(File.ReadAllBytes(Path.Combine(one, f)), File.ReadAllBytes(Path.Combine(other, f))));
    }

    [Fact]
    public void A_program_in_parts_reads_records_and_its_stack_traces_name_the_SQL()
    {
        var project = feed.Copy("typed-reader", "report-parts");
        Replace(Path.Combine(project, "report.csproj"), "<Nullable>", "<LakeflowParts>2</LakeflowParts>\n    <Nullable>");
        Assert.Equal("NO: 3 order(s), 182.40 in all\nSE: 1 order(s), 80.00 in all\n", Done(project, "dotnet", "run"));
        File.WriteAllText(Path.Combine(project, "pipeline", "shares.lfsql"), "CREATE MATERIALIZED VIEW shares AS\nSELECT id,\n       100 DIV (id - 1) AS share\nFROM orders;\n");
        var (exit, trace) = feed.Run(project, "dotnet", "run");
        Assert.Equal(1, exit);
        Assert.Contains(Path.Combine(project, "pipeline", "shares.lfsql") + ":line 3", trace, StringComparison.Ordinal);
        File.Delete(Path.Combine(project, "pipeline", "shares.lfsql"));

        // What is published is whole, also where outputs lie apart from the project.
        Done(project, "dotnet", "clean");
        Assert.Empty(Directory.GetFiles(Path.Combine(project, "obj", "Debug", "net10.0", "lakeflow")));
        Directory.Delete(Path.Combine(project, "obj"), recursive: true);
        var apart = Path.Combine(feed.Folder, "apart");
        Done(project, "dotnet", "publish", "--artifacts-path", apart);
        Assert.Equal("NO: 3 order(s), 182.40 in all\nSE: 1 order(s), 80.00 in all\n", Done(project, "dotnet", Path.Combine(apart, "publish", "report", "release", "report.dll")));
    }

    /// <summary>A project of small files, each of which reads a table of the one before.</summary>
    private string ManyFiles(string name, int files, string property)
    {
        var project = Path.Combine(feed.Folder, name);
        Directory.CreateDirectory(Path.Combine(project, "pipeline"));
        File.WriteAllText(Path.Combine(project, "many.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                {property}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Lakeflow.Sdk" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        for (var i = 0; i < files; i++)
        {
            File.WriteAllText(Source(project, i), string.Create(CultureInfo.InvariantCulture, $"""
                CREATE MATERIALIZED VIEW base_{i} AS SELECT {i} AS id, 100 AS x;
                CREATE MATERIALIZED VIEW total_{i} AS SELECT id, x FROM base_{Math.Max(0, i - 1)} WHERE x > {i};
                """));
        }

        return project;
    }

    private static string Source(string project, int number) => Path.Combine(project, "pipeline", string.Create(CultureInfo.InvariantCulture, $"file_{number}.lfsql"));

    /// <summary>The part of each C# file.</summary>
    private static Dictionary<string, string> PartsOf(string generated) =>
        Directory.GetFiles(generated, "*.dll.files").SelectMany(f => File.ReadAllLines(f).Select(line => (line, Part: Path.GetFileNameWithoutExtension(f)))).ToDictionary(l => l.line, l => l.Part);

    /// <summary>The parts that a build says it compiled.</summary>
    private static string[] Compiled(string output) =>
        [.. CompiledPart.Matches(output).Select(m => m.Groups["part"].Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"Compiled (?<part>many\.Part\d+\.dll):")]
    private static partial Regex CompiledPart { get; }
}
