namespace Lakeflow.Parquet.Tests;

/// <summary>Reference material that lies beside the repository, where it has been put there.</summary>
internal static class Shared
{
    public static string Directory { get; } = Find();

    public static string Conformance => Path.Combine(Directory, "conformance", "parquet");

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Lakeflow.sln"))) return Path.Combine(at.FullName, "..", "shared");
        }

        return "shared";
    }
}
