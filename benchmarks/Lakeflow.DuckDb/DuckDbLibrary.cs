using System.Reflection;
using System.Runtime.InteropServices;

namespace Lakeflow.DuckDb;

/// <summary>Finds DuckDB's C library: the file named by <c>LAKEFLOW_DUCKDB</c>, else what <c>node benchmarks/get-duckdb.mjs</c> brought.</summary>
public static class DuckDbLibrary
{
    internal const string Name = "duckdb";

    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>Why there is no DuckDB here; null if there is one. A test that needs it reports this as its reason to be skipped.</summary>
    public static string? Missing => Found.Value is null ? "DuckDB's C library is not here; bring it with: node benchmarks/get-duckdb.mjs" : null;

    internal static void Register()
    {
        NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, (name, _, _) =>
            name == Name && Found.Value is { } path ? NativeLibrary.Load(path) : IntPtr.Zero);
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("LAKEFLOW_DUCKDB");
        if (File.Exists(named)) return named;
        var file = OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var packages = Path.Combine(folder, "benchmarks", ".duckdb", "node_modules", "@duckdb");
            if (!Directory.Exists(packages)) continue;
            return Directory.EnumerateFiles(packages, file, SearchOption.AllDirectories).FirstOrDefault();
        }

        return null;
    }
}
