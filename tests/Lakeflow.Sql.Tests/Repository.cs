namespace Lakeflow.Sql.Tests;

/// <summary>The checkout that these tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Lakeflow.sln"))) return folder;
        }

        throw new InvalidOperationException("These tests run inside a checkout.");
    }
}
