using System.Runtime.CompilerServices;

namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>Where the repository is, from where this file was compiled.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The reference material beside the repository; it is not part of it, so it may be absent.</summary>
    public static string Shared => Path.Combine(Root, "..", "shared");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Lakeflow.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
