using Lakeflow.Cli.Tests;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Delivery.Tests;

/// <summary>The flights example, built once: by <c>lakeflow build</c>, as the page of native binaries does it in an empty folder.</summary>
public sealed class NativeFlights : IDisposable
{
    private readonly Lazy<string> binary;

    public NativeFlights() => binary = new(FollowPage);

    public string Folder { get; } = Directory.CreateTempSubdirectory("lakeflow").FullName;

    /// <summary>The executable's path.</summary>
    public string Binary => binary.Value;

    /// <summary>How many commands the page has.</summary>
    public int Commands { get; private set; }

    /// <summary>What the build said.</summary>
    public string Said { get; private set; } = "";

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A copy of the project, whose tables are its own.</summary>
    public Project Copy(string name)
    {
        var to = Path.Combine(Folder, name);
        var from = Path.Combine(Checkout.Root, "docs", "examples", "flights");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.Contains("lakehouse", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var bag = new DiagnosticBag();
        return Project.Open(to, null, [], bag) ?? throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
    }

    private string FollowPage()
    {
        var page = new PageRun(Directory.CreateDirectory(Path.Combine(Folder, "page")).FullName, []);
        Commands = DocsPage.Read("native.md", "From an empty folder").Follow(page.Write, page.Run);
        Said = page.Said["lakeflow build"];
        return Path.Combine(page.Folder, "bin", "flights");
    }
}
