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

    private static string Find()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Lakeflow.sln"))) return at;
        }

        throw new InvalidOperationException("These tests run inside a checkout.");
    }
}
