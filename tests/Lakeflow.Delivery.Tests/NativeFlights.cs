using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Delivery.Tests;

/// <summary>The flights example, built once as <c>lakeflow build</c> does it: outside the checkout.</summary>
public sealed class NativeFlights : IDisposable
{
    private readonly Lazy<string> binary;

    public NativeFlights() => binary = new(Build);

    public string Folder { get; } = Directory.CreateTempSubdirectory("lakeflow").FullName;

    /// <summary>The executable's path.</summary>
    public string Binary => binary.Value;

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

    private string Build()
    {
        var project = Copy("built");
        var bin = Path.Combine(Folder, "bin");
        var (exit, output, error) = Tool.Run(project.Root, Tool.Host, ["exec", Tool.Lakeflow, "build", "-o", bin, "--closure", Path.Combine(Checkout.Root, "src")]);
        Assert.True(exit == 0 && error.Length == 0, output + error);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        var made = Assert.Single(Directory.GetFileSystemEntries(bin));
        Assert.InRange(new FileInfo(made).Length, 1, 25_000_000);
        return made;
    }
}
