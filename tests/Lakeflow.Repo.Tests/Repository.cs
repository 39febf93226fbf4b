namespace Lakeflow.Repo.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    /// <summary>Files that people write, by path relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/bin/") && !f.Contains("/obj/") && !f.Contains("node_modules"))
            .Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Lakeflow.sln"))) return folder;
        }

        throw new InvalidOperationException("These tests run inside a checkout.");
    }
}
