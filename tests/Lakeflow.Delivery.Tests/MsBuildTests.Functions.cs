using System.Text.RegularExpressions;

namespace Lakeflow.Delivery.Tests;

/// <summary>C# methods that SQL calls: the class library of an example, in a build.</summary>
public sealed partial class MsBuildTests
{
    [GeneratedRegex("```(csharp|lfsql|xml)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown { get; }

    [Fact]
    public void A_method_of_a_referenced_project_is_a_function_of_SQL()
    {
        var folder = feed.Copy("sql-function", "functions");
        var shop = Path.Combine(folder, "shop");
        var prices = Path.Combine(folder, "pricing", "Prices.cs");
        Assert.Contains("receipts COMPLETED read 0 written 2 dropped 1 failed 1", Done(shop, "dotnet", "run"), StringComparison.Ordinal);
        Assert.Equal("id,customer,gross\n1,Kari,125.00\n2,guest,11.90\n", Receipts(shop));

        // Another body: nothing is generated anew, and the view is.
        var generated = Path.Combine(shop, "obj", "Debug", "net10.0", "lakeflow", "lakeflow.files");
        var before = File.GetLastWriteTimeUtc(generated);
        Replace(prices, "1.25m", "1.20m");
        Assert.Contains("receipts COMPLETED", Done(shop, "dotnet", "run"), StringComparison.Ordinal);
        Assert.Equal("id,customer,gross\n1,Kari,120.00\n2,guest,11.90\n", Receipts(shop));
        Assert.Equal(before, File.GetLastWriteTimeUtc(generated));
        Assert.Contains("nothing new", Done(shop, "dotnet", "run", "--no-build"), StringComparison.Ordinal);

        // The snapshot is taken by a build, which knows the functions; the command does not, and says who does.
        Assert.Contains("lakeflow.lock.json: 0 source(s).", Done(shop, "dotnet", "build", "-t:LakeflowSnapshot"), StringComparison.Ordinal);
        var (refused, told) = feed.Run(shop, "lakeflow", "validate");
        Assert.Equal(2, refused);
        Assert.Contains("receipts.lfsql(6,11): error LF2003: There is no function 'gross_price'.", told, StringComparison.Ordinal);
        Assert.Contains("only 'dotnet build' and 'dotnet run' know those", told, StringComparison.Ordinal);

        // Another signature breaks the build, at the calls.
        Replace(prices, "OrGuest(string? customer)", "OrGuest(string? customer, bool loud)");
        Replace(prices, "string country) =>", "string country, Uri? source = null) =>");
        var errors = Failed(shop);
        Assert.Contains("receipts.lfsql(5,11,5,29): error LF2005: or_guest takes 2 arguments, not 1.", errors, StringComparison.Ordinal);
        Assert.Contains("receipts.lfsql(6,11,6,22): error LF2070: The method Pricing.Prices.Gross is marked [SqlFunction], but its parameter 'source' is System.Uri.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_what_stands_in_the_example()
    {
        var page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "msbuild.md")).ReplaceLineEndings("\n");
        var section = page[page.IndexOf("## Functions in C#", StringComparison.Ordinal)..];
        var blocks = Shown.Matches(section[..section.IndexOf("\n## ", 5, StringComparison.Ordinal)]).Select(m => m.Groups["text"].Value).ToList();
        var example = string.Join('\n', Directory.GetFiles(Path.Combine(Checkout.Root, "docs", "examples", "sql-function"), "*.*", SearchOption.AllDirectories)
            .Select(f => File.ReadAllText(f).ReplaceLineEndings("\n")));
        Assert.Equal(4, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(block, example, StringComparison.Ordinal));
    }

    private string Receipts(string project) => Done(project, "lakeflow", "sql", "SELECT * FROM receipts ORDER BY id", "-o", "csv");
}
