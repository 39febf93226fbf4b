using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Lakeflow.Delivery.Tests;

/// <summary>Projects as they are found in the field: odd places, several frameworks, nested columns, editors.</summary>
public sealed partial class MsBuildTests
{
    private const string Nested = """
        CREATE MATERIALIZED VIEW visits AS
        SELECT id,
               map('pages', id * 2, 'clicks', NULL)                       AS counts,
               named_struct('city', upper(city), 'zip', zip)              AS address,
               map('first', named_struct('at', DATE '2026-01-02', 'n', 1)) AS days,
               named_struct('visits', named_struct('system', id)) AS `class`
        FROM VALUES (1, 'oslo', 151), (2, NULL, NULL) AS t (id, city, zip);

        """;

    private const string ReadsNested = """
        using shop;

        var lakehouse = Lakeflow.Runtime.Flows.Lakehouse.InFolder("../tables");
        var result = await new Pipeline().UpdateAsync(lakehouse);
        if (result.State != Lakeflow.Runtime.Flows.UpdateState.Completed) throw new Exception(string.Join('\n', result.Flows));
        await foreach (var visit in Visits.ReadAsync(lakehouse))
        {
            IReadOnlyDictionary<string, int?>? counts = visit.Counts;
            string? city = visit.Address?.City;
            DateOnly? day = visit.Days?["first"]?.At;
            Console.WriteLine($"{visit.Id} {counts?["pages"]} [{counts?["clicks"]}] {city ?? "nowhere"} {visit.Address?.Zip} {day:yyyy-MM-dd} {visit.Class?.Visits?.System}");
        }

        await foreach (var order in AllOrders.ReadAsync(lakehouse)) Console.WriteLine(order);

        """;

    /// <summary>A folder with blanks and umlauts, sources and data beside it and not in it, two frameworks, MAP and STRUCT columns.</summary>
    [Fact]
    public void A_project_reads_sources_and_data_from_elsewhere_for_two_frameworks_in_a_folder_with_blanks_and_umlauts()
    {
        var above = Path.Combine(feed.Folder, "Müller & Söhne", "am Dom");
        var project = Path.Combine(above, "der Laden");
        var shared = Path.Combine(above, "gemeinsame Quellen");
        foreach (var folder in (string[])[project, shared, Path.Combine(above, "daten")]) Directory.CreateDirectory(folder);
        PackageFeed.AddPackagesOfMachine(above);
        File.WriteAllText(Path.Combine(above, "daten", "1.csv"), "1,Åse\n");
        File.WriteAllText(Path.Combine(project, "lakeflow.yml"), "name: shop\nmounts:\n  /Volumes/main/raw: ../daten\nlakehouse: ../tables\n");
        File.WriteAllText(Path.Combine(project, "visits.lfsql"), Nested);
        var orders = Path.Combine(shared, "bestellungen.lfsql");
        File.WriteAllText(orders, "CREATE STREAMING TABLE all_orders AS SELECT id, customer FROM STREAM read_files('/Volumes/main/raw', format => 'csv', schema => 'id INT, customer STRING');\n");
        File.WriteAllText(Path.Combine(project, "Program.cs"), ReadsNested);
        var frameworks = Checkout.IsPartial ? "net10.0" : "net9.0;net10.0";
        File.WriteAllText(Path.Combine(project, "shop.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFrameworks>{frameworks}</TargetFrameworks>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RollForward>Major</RollForward>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <LakeflowPipeline Include="../gemeinsame Quellen/*.lfsql" Link="linked/%(Filename)%(Extension)" />
                <PackageReference Include="Lakeflow.Sdk" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        Done(project, "dotnet", "build", "-t:LakeflowSnapshot", "-restore", "-f", "net10.0");
        // What was restored for one framework is not enough for two.
        Done(project, "dotnet", "build");
        const string Rows = "1 2 [] OSLO 151 2026-01-02 1\n2 4 [] nowhere  2026-01-02 2\nAllOrders { Id = 1, Customer = Åse }\n";
        foreach (var framework in frameworks.Split(';'))
        {
            Assert.EndsWith(Rows, Done(project, "dotnet", Path.Combine("bin", "Debug", framework, "shop.dll")), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(project, "obj", "Debug", framework, "lakeflow", "AllOrders.g.cs")));
        }

        // The lakehouse that the project file names lies beside the project.
        Assert.True(Directory.Exists(Path.Combine(above, "tables", "main", "default", "visits")));

        // A mistake in a file from elsewhere is told at its own place.
        Replace(orders, "SELECT id, customer", "SELECT id, costumer");
        Assert.Contains("bestellungen.lfsql(1,49,1,57): error LF2001", Failed(project), StringComparison.Ordinal);
        Assert.Contains(orders, Failed(project), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_dropped_or_has_another_type_breaks_what_uses_it_also_inside_of_a_struct()
    {
        var project = feed.Copy("typed-reader", "retyped");
        var source = Path.Combine(project, "pipeline", "visits.lfsql");
        File.WriteAllText(source, Nested);
        File.WriteAllText(Path.Combine(project, "Uses.cs"), """
            internal static class Uses
            {
                public static int Zip(Report.Visits visit) => visit.Address?.Zip ?? 0;
                public static int? Clicks(Report.Visits visit) => visit.Counts?["clicks"];
                public static System.DateOnly? First(Report.Visits visit) => visit.Days?["first"]?.At;
            }

            """);
        Done(project, "dotnet", "build");
        Breaks("151), (2, NULL, NULL)", "CAST(151 AS BIGINT)), (2, NULL, NULL)", 3, "CS0266: Cannot implicitly convert type 'long' to 'int'");
        Breaks(", 'zip', zip)", ")", 3, "CS1061: 'Visits.AddressValue' does not contain a definition for 'Zip'");
        Breaks("id * 2", "id * 2.5D", 4, "CS0266: Cannot implicitly convert type 'double?' to 'int?'");
        Breaks("DATE '2026-01-02'", "TIMESTAMP '2026-01-02 00:00:00'", 5, "CS0029: Cannot implicitly convert type 'System.DateTimeOffset?' to 'System.DateOnly?'");
        Breaks("AS counts", "AS numbers", 4, "CS1061: 'Visits' does not contain a definition for 'Counts'");

        void Breaks(string old, string by, int line, string error)
        {
            Replace(source, old, by);
            Assert.Matches($@"Uses\.cs\({line},\d+\): error {Regex.Escape(error)}", Failed(project));
            File.WriteAllText(source, Nested);
        }
    }

    /// <summary>What an editor asks MSBuild: the sources and options of the C# compiler, without a build.</summary>
    [Fact]
    public void An_editor_is_given_the_generated_sources_also_before_the_first_build_and_while_a_query_is_wrong()
    {
        var project = feed.Copy("msbuild", "editor");
        Done(project, "dotnet", "restore");
        var generated = Path.Combine("obj", "Debug", "net10.0", "lakeflow");
        var records = new[] { "Orders.row.g.cs", "SalesByCountry.row.g.cs" };
        Assert.All(records, r => Assert.Contains(Path.Combine(generated, r), AskedByEditor(project), StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(project, "shop.dll", SearchOption.AllDirectories));

        // A build finds its work done by the editor, and the editor by the build.
        var (_, built) = feed.Run(project, "dotnet", "build", "--no-restore", "-v", "normal");
        Assert.Contains("Skipping target \"LakeflowCompile\" because all output files are up-to-date", built, StringComparison.Ordinal);

        var sales = Path.Combine(project, "pipeline", "sales.lfsql");
        Replace(sales, "FROM orders", "FROM ordrs");
        var told = AskedByEditor(project);
        Assert.All(records, r => Assert.Contains(Path.Combine(generated, r), told, StringComparison.Ordinal));
        Assert.Contains("sales.lfsql(4,6,4,11): error LF2002: There is no table or view 'ordrs'.", Failed(project), StringComparison.Ordinal);

        // All of a project in parts, too, although nobody has compiled a part.
        var parts = ManyFiles("editor-parts", 4, "<LakeflowParts>2</LakeflowParts>");
        File.WriteAllText(Path.Combine(parts, "Uses.cs"), "internal static class Uses;");
        Done(parts, "dotnet", "restore");
        told = AskedByEditor(parts);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Contains(Path.Combine(generated, $"Total{i}.row.g.cs"), told, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(Path.Combine(parts, generated), "*.dll"));
        Assert.DoesNotContain(": error ", told, StringComparison.Ordinal);
    }

    [Fact]
    public void What_dotnet_watch_watches_are_the_queries_and_settings_too()
    {
        var project = feed.Copy("msbuild", "watched");
        Done(project, "dotnet", "restore");
        var watched = Done(project, "dotnet", "watch", "--list");
        foreach (var file in (string[])[Path.Combine("pipeline", "sales.lfsql"), Path.Combine("pipeline", "orders.lfsql"), "lakeflow.yml", "lakeflow.lock.json"])
            Assert.Contains(Path.Combine(project, file) + "\n", watched, StringComparison.Ordinal);
    }

    [ReadyToRunFact]
    public void The_package_compiles_SQL_with_machine_code_on_this_platform_and_with_IL_on_others()
    {
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(Path.Combine(feed.Folder, "feed"), "Lakeflow.Sdk.*.nupkg")));
        var tasks = package.Entries.Where(e => e.FullName.StartsWith("tasks/net10.0/", StringComparison.Ordinal) && e.Name.EndsWith(".dll", StringComparison.Ordinal)).ToList();
        var ahead = tasks.Where(e => e.FullName.StartsWith("tasks/net10.0/linux-x64/", StringComparison.Ordinal)).ToList();
        Assert.Equal(ahead.Select(e => e.Name).Order(StringComparer.Ordinal), tasks.Except(ahead).Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Contains("Lakeflow.Compiler.dll", ahead.Select(e => e.Name));
        foreach (var entry in tasks)
        {
            using var copy = new MemoryStream();
            using (var content = entry.Open()) content.CopyTo(copy);
            copy.Position = 0;
            using var image = new PEReader(copy);
            Assert.True(image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0 == ahead.Contains(entry), entry.FullName);
        }
    }

    private string AskedByEditor(string project) => Done(
        project, "dotnet", "msbuild", "-t:ResolveAssemblyReferences;CoreCompile", "-getItem:CscCommandLineArgs", "-nologo",
        "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:BuildProjectReferences=false",
        // Editors name a file that is never there, so that no step finds its work done and says nothing.
        "-p:NonExistentFile=" + Path.Combine("__NonExistentSubDir__", "__NonExistentFile__"));
}
