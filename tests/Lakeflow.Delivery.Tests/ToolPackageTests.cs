using Lakeflow.Cli.Tests;

namespace Lakeflow.Delivery.Tests;

/// <summary>The tool's package, installed as the page says and a user does: into an empty folder, with empty caches.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_installed_tool_makes_a_project_and_runs_it()
    {
        // The package holds all that it needs: no other source is asked.
        File.WriteAllText(Path.Combine(folder, "nuget.config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        Directory.CreateDirectory(Path.Combine(folder, "page"));
        var page = new PageRun(Path.Combine(folder, "page"), new()
        {
            ["NUGET_PACKAGES"] = Path.Combine(folder, "nuget"),
            ["LAKEFLOW_CACHE"] = Path.Combine(folder, "cache"),
            ["DOTNET_CLI_HOME"] = folder,
        });
        Assert.Equal(6, DocsPage.Read("native.md", "The tool").Follow(page.Write, page.Run));
    }
}
