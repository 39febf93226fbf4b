namespace Lakeflow.Delivery.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Checkout
{
    public static readonly string Root = Find();

    /// <summary>How these tests were built, and with them the projects they reference.</summary>
    public const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    /// <summary>True if it was built for the inner loop: for one framework only.</summary>
    public static bool IsPartial { get; } = !File.Exists(Path.Combine(Root, "artifacts", "bin", "Lakeflow.Arrow", Configuration.ToLowerInvariant() + "_net9.0", "Lakeflow.Arrow.dll"));

    /// <summary>The packages that this machine has.</summary>
    public static string MachinePackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Find()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Lakeflow.sln"))) return at;
        }

        throw new InvalidOperationException("These tests run inside a checkout.");
    }
}
