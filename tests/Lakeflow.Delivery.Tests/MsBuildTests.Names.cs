namespace Lakeflow.Delivery.Tests;

/// <summary>Names that a project and a pipeline it refers to, or the generated code, both have.</summary>
public sealed partial class MsBuildTests
{
    private const string ReadsOwnAndReferenced = """
        using Lakeflow.Runtime.Flows;

        var lakehouse = Lakehouse.InFolder("tables");
        await new app.Pipeline().UpdateAsync(lakehouse);
        await foreach (var row in app.Dates.ReadAsync(lakehouse)) Console.WriteLine(row);
        lakehouse = Lakehouse.InFolder("library");
        await new library.Pipeline().UpdateAsync(lakehouse);
        await foreach (var row in library.Dates.ReadAsync(lakehouse)) Console.WriteLine(row);

        internal sealed record Schema(int Own);
        internal sealed record Columns(int Own);

        """;

    /// <summary>Two pipelines of one name, tables that are called like types of the run time, and types of the project that are, too.</summary>
    [Fact]
    public void A_project_refers_to_a_pipeline_of_the_same_name_and_has_types_like_those_of_the_run_time()
    {
        var above = Path.Combine(feed.Folder, "names");
        foreach (var (name, more) in new[] { ("library", ""), ("app", "<ProjectReference Include=\"../library/library.csproj\" />") })
        {
            Directory.CreateDirectory(Path.Combine(above, name));
            File.WriteAllText(Path.Combine(above, name, "lakeflow.yml"), "name: shop\n");
            File.WriteAllText(Path.Combine(above, name, "dates.lfsql"), $"""
                CREATE MATERIALIZED VIEW dates AS SELECT day, day IS NULL AS day_is_null, count(*) AS days FROM VALUES (DATE '2026-01-02'), (NULL) AS t (day) WHERE day IS NOT NULL OR '{name}' <> 'app' GROUP BY ALL;
                CREATE MATERIALIZED VIEW schema AS SELECT 1 AS `Columns`;

                """);
            File.WriteAllText(Path.Combine(above, name, name + ".csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>{(name == "app" ? "Exe" : "Library")}</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                    <UseAppHost>false</UseAppHost>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Lakeflow.Sdk" Version="0.1.0" />
                    {more}
                  </ItemGroup>
                </Project>
                """);
        }

        var app = Path.Combine(above, "app");
        File.WriteAllText(Path.Combine(app, "Program.cs"), ReadsOwnAndReferenced);
        Assert.EndsWith("""
            Dates { Day = 01/02/2026, DayIsNull = False, Days = 1 }
            Dates { Day = 01/02/2026, DayIsNull = False, Days = 1 }
            Dates { Day = , DayIsNull = True, Days = 1 }

            """.ReplaceLineEndings("\n"), Done(app, "dotnet", "run"), StringComparison.Ordinal);

        Replace(Path.Combine(app, "app.csproj"), "<ImplicitUsings>", "<LangVersion>12</LangVersion><ImplicitUsings>");
        Assert.Contains("app.csproj : error LF0056: Generated C# needs C# 13, and this project says LangVersion 12.", Failed(app), StringComparison.Ordinal);
    }
}
