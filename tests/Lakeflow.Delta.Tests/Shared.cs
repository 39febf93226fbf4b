namespace Lakeflow.Delta.Tests;

/// <summary>Reference material that lies beside the repository, where it has been put there.</summary>
internal static class Shared
{
    public static string GoldenTables => Path.Combine(Find(), "conformance", "delta-golden");

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Lakeflow.sln"))) return Path.Combine(at.FullName, "..", "shared");
        }

        return "shared";
    }
}
