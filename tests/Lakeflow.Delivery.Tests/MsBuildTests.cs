using System.Text.RegularExpressions;

namespace Lakeflow.Delivery.Tests;

/// <summary>C# projects that refer to the package Lakeflow.Sdk, built from a local feed in a folder outside of the repository.</summary>
[Collection(PackageFeed.Users)]
public sealed partial class MsBuildTests(PackageFeed feed)
{
    [GeneratedRegex("```sh\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands { get; }

    [Fact]
    public void Every_command_of_the_page_works_from_an_empty_folder()
    {
        var page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "msbuild.md")).ReplaceLineEndings("\n");
        var folder = "page";
        Directory.CreateDirectory(Path.Combine(feed.Folder, folder));
        var said = "";
        foreach (var command in Commands.Matches(page).SelectMany(m => m.Groups["commands"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            var words = command.Split(' ');
            if (words[0] == "cd")
            {
                folder = Path.Combine(folder, words[1]);
                continue;
            }

            var (exit, output) = feed.Run(folder, words);
            Assert.True(exit == 0, command + "\n" + output);
            said += output;
        }

        Assert.Contains("orders COMPLETED read 5 written 4 dropped 1 failed 2", said, StringComparison.Ordinal);
        Assert.Contains("sales_by_country COMPLETED read 4 written 2 dropped 0 failed 0", said, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"flow_progress\",\"flow\":\"sales_by_country\"", said, StringComparison.Ordinal);
        Assert.Contains("All 1 source(s) are as in lakeflow.lock.json.", said, StringComparison.Ordinal);
        // The snapshot that the page takes is the one that is checked in.
        Assert.Equal(
            File.ReadAllText(Path.Combine(Checkout.Root, "docs", "examples", "msbuild", "lakeflow.lock.json")),
            File.ReadAllText(Path.Combine(feed.Folder, folder, "lakeflow.lock.json")));

        var (_, again) = feed.Run(folder, "dotnet", "build", "-v", "normal");
        Assert.Contains("Skipping target \"LakeflowCompile\" because all output files are up-to-date", again, StringComparison.Ordinal);
        Assert.Contains("Skipping target \"CoreCompile\"", again, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_hosts_its_pipeline_and_reads_tables_as_records()
    {
        var project = feed.Copy("typed-reader", "report");
        Assert.Equal("NO: 3 order(s), 182.40 in all\nSE: 1 order(s), 80.00 in all\n", Done(project, "dotnet", "run"));

        // A division by zero leads to the line of the SQL that divides.
        File.WriteAllText(Path.Combine(project, "pipeline", "shares.lfsql"), """
            CREATE MATERIALIZED VIEW shares AS
            SELECT id,
                   100 DIV (id - 1) AS share
            FROM orders;
            """);
        var (exit, trace) = feed.Run(project, "dotnet", "run");
        Assert.Equal(1, exit);
        Assert.Contains("Division by zero: 100 div 0.", trace, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(project, "pipeline", "shares.lfsql") + ":line 3", trace, StringComparison.Ordinal);

        // Only what the change touches was written anew; the host holds the sources' hash and the plans that explain shows.
        var generated = Path.Combine(project, "obj", "Debug", "net10.0", "lakeflow");
        Assert.Equal(["Pipeline.g.cs", "Pipeline.host.g.cs", "Shares.g.cs", "Shares.row.g.cs", "SharesDatasets.g.cs"], Newest(generated));

        // A column that goes breaks what uses it.
        File.Delete(Path.Combine(project, "pipeline", "shares.lfsql"));
        Replace(Path.Combine(project, "pipeline", "sales.lfsql"), "sum(gross) AS gross", "sum(gross) AS total");
        var (broken, errors) = feed.Run(project, "dotnet", "build");
        Assert.Equal(1, broken);
        Assert.Contains("Program.cs(", errors, StringComparison.Ordinal);
        Assert.Contains("'SalesByCountry' does not contain a definition for 'Gross'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_errors_of_the_build_at_their_places_all_in_one()
    {
        var project = feed.Copy("msbuild", "mistakes");
        var sales = Path.Combine(project, "pipeline", "sales.lfsql");
        Replace(sales, "FROM orders", "FROM ordrs");
        File.WriteAllText(Path.Combine(project, "pipeline", "more.lfsql"), """
            CREATE MATERIALIZED VIEW orders AS SELECT 1 AS one;
            CREATE MATERIALIZED VIEW returns AS SELECT * FROM read_files('/Volumes/main/raw/returns', format => 'csv');
            CREATE MATERIALIZED VIEW typo AS SELEKT 1;
            """);
        var (exit, output) = feed.Run(project, "dotnet", "build");
        Assert.Equal(1, exit);
        Assert.Contains("sales.lfsql(4,6,4,11): error LF2002: There is no table or view 'ordrs'. Did you mean 'orders'?", output, StringComparison.Ordinal);
        Assert.Contains("orders.lfsql(2,35,2,41): error LF3002: 'orders' is already declared at pipeline/more.lfsql(1,26).", output, StringComparison.Ordinal);
        Assert.Contains("more.lfsql(2,62,2,89): error LF0052: lakeflow.lock.json has no schema of '/Volumes/main/raw/returns'", output, StringComparison.Ordinal);
        Assert.Contains("more.lfsql(3,34,3,40): error LF1001: 'SELEKT' does not fit here.", output, StringComparison.Ordinal);

        // A file of another encoding hides neither its own mistakes nor those of others; what it declares is there.
        File.WriteAllBytes(Path.Combine(project, "pipeline", "more.lfsql"), [.. "-- caf"u8, 0xE9, .. "\nCREATE MATERIALIZED VIEW ordrs AS SELECT 'NO' AS country, nope;"u8]);
        var errors = Failed(project);
        Assert.Contains("more.lfsql(1,7): error LF1002", errors, StringComparison.Ordinal);
        Assert.Contains("more.lfsql(2,59,2,63): error LF2001: There is no column 'nope' here.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("LF2002", errors, StringComparison.Ordinal);

        File.Delete(Path.Combine(project, "pipeline", "more.lfsql"));
        var schemas = Path.Combine(project, "lakeflow.lock.json");
        Replace(schemas, "\"version\": 1", "\"version\": 2");
        Assert.Contains("lakeflow.lock.json(1,1): error LF0050", Failed(project), StringComparison.Ordinal);

        Directory.Delete(Path.Combine(project, "pipeline"), recursive: true);
        Assert.Contains("shop.csproj(1,1): error LF0017: No .lfsql or .sql file matches '**/*.lfsql'.", Failed(project), StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_follow_the_properties_of_the_project()
    {
        var project = feed.Copy("msbuild", "warnings");
        File.AppendAllText(Path.Combine(project, "lakeflow.yml"), "  /Volumes/main/archive: ./archive\n");
        var file = Path.Combine(project, "shop.csproj");

        Assert.Contains("lakeflow.yml(8,3,8,24): warning LF7101", Done(project, "dotnet", "build"), StringComparison.Ordinal);
        Replace(file, "<Nullable>", "<WarningsAsErrors>LF7101</WarningsAsErrors>\n    <Nullable>");
        Assert.Contains("error LF7101", Failed(project), StringComparison.Ordinal);
        // Nor does the next build take it for done.
        Assert.Contains("error LF7101", Failed(project), StringComparison.Ordinal);
        Replace(file, "<WarningsAsErrors>LF7101</WarningsAsErrors>", "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>");
        Assert.Contains("error LF7101", Failed(project), StringComparison.Ordinal);
        Replace(file, "<TreatWarningsAsErrors>", "<WarningsNotAsErrors>LF7101</WarningsNotAsErrors><TreatWarningsAsErrors>");
        Assert.Contains("warning LF7101", Done(project, "dotnet", "build"), StringComparison.Ordinal);
        Replace(file, "<WarningsNotAsErrors>LF7101</WarningsNotAsErrors>", "<NoWarn>LF7101</NoWarn>");
        Assert.DoesNotContain("LF7101", Done(project, "dotnet", "build"), StringComparison.Ordinal);
    }

    private string Done(string project, params string[] words)
    {
        var (exit, output) = feed.Run(project, words);
        Assert.True(exit == 0, output);
        return output;
    }

    private string Failed(string project)
    {
        var (exit, output) = feed.Run(project, "dotnet", "build", "--no-restore");
        Assert.True(exit != 0, output);
        return output;
    }

    private static void Replace(string file, string old, string by)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, by, StringComparison.Ordinal));
    }

    /// <summary>The C# files that the last build wrote: not older than the list that it wrote last, less a tick of coarse clocks.</summary>
    private static string[] Newest(string folder)
    {
        var first = File.GetLastWriteTimeUtc(Path.Combine(folder, "lakeflow.inputs"));
        return [.. Directory.GetFiles(folder, "*.g.cs").Where(f => File.GetLastWriteTimeUtc(f) >= first).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
    }
}
