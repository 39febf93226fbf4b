namespace Lakeflow.Delivery.Tests;

/// <summary><c>lakeflow build</c> where it cannot work.</summary>
public sealed class BuildCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_missing_is_told_before_anything_is_built()
    {
        Says(Build([], "--cpu", "z80"), 2, "z80");
        Says(Build([], "--closure", "."), 3, "LF0073");
        // Without the whole path of dotnet nothing could be started under another PATH; and on Windows the linker is found without it.
        if (Path.IsPathRooted(Tool.Host) && !OperatingSystem.IsWindows()) Says(Build(new() { ["PATH"] = folder }), 3, "LF0071");
        Assert.False(Directory.Exists(Path.Combine(folder, "shop", "bin")));
    }

    [NativeFact]
    public void A_place_where_no_executable_can_go_is_told_before_anything_is_built()
    {
        Directory.CreateDirectory(Path.Combine(folder, "shop", "taken", "shop"));
        Says(Build([], "-o", "lakeflow.yml"), 3, "lakeflow.yml is a file, and the executable goes into a folder");
        Says(Build([], "-o", "taken"), 3, "shop is a folder, and the executable would have that name");
        var below = Build([], "-o", "lakeflow.yml/bin");
        Says(below, 3, "LF5062");
        Assert.DoesNotContain("Restoring", below.Out, StringComparison.Ordinal);
    }

    [NativeFact]
    public void The_errors_of_publish_are_told_and_a_former_binary_stays()
    {
        var empty = Directory.CreateDirectory(Path.Combine(folder, "feed")).FullName;
        var bin = Directory.CreateDirectory(Path.Combine(folder, "shop", "bin")).FullName;
        File.WriteAllText(Path.Combine(bin, "shop"), "a former one");
        File.WriteAllText(Path.Combine(folder, "shop", "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="empty" value="{empty}" />
              </packageSources>
            </configuration>
            """);
        // The project's feed is asked, and has nothing; nor has a cache of packages from elsewhere.
        var told = Build(new() { ["NUGET_PACKAGES"] = Path.Combine(folder, "packages") });
        Says(told, 3, "LF0072");
        Assert.Contains("NU1101", told.Error, StringComparison.Ordinal);
        Assert.Equal("a former one", File.ReadAllText(Path.Combine(bin, "shop")));
        Assert.Equal([Path.Combine(bin, "shop")], Directory.GetFileSystemEntries(bin));
    }

    private (int Exit, string Out, string Error) Build(Dictionary<string, string> environment, params ReadOnlySpan<string> words)
    {
        var shop = Path.Combine(folder, "shop");
        if (!File.Exists(Path.Combine(shop, "lakeflow.yml")))
        {
            Directory.CreateDirectory(shop);
            File.WriteAllText(Path.Combine(shop, "lakeflow.yml"), "name: shop\nlibraries: [\"*.lfsql\"]\n");
            File.WriteAllText(Path.Combine(shop, "shop.lfsql"), "CREATE MATERIALIZED VIEW one AS SELECT 1 AS n;\n");
        }

        return Tool.Run(shop, Tool.Host, environment, ["exec", Tool.Lakeflow, "build", .. words]);
    }

    private static void Says((int Exit, string Out, string Error) told, int exit, string words)
    {
        Assert.True(told.Exit == exit, $"exit {told.Exit}\n{told.Out}{told.Error}");
        Assert.Contains(words, told.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", told.Error, StringComparison.Ordinal);
    }
}
