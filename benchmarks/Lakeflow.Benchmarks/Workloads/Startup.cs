using System.Diagnostics;

namespace Lakeflow.Benchmarks.Workloads;

/// <summary>The first query of a process, from its start to its end: with nothing in the plan cache, and from it.</summary>
internal static class Startup
{
    private const string Query = "SELECT id % 7 AS k, count(*) AS n FROM range(1000) GROUP BY id % 7";

    /// <summary><c>LAKEFLOW_COMMAND</c> names a published <c>lakeflow</c>; else the one just built is run.</summary>
    /// <returns>Milliseconds: cold, cached.</returns>
    public static (double Cold, double Cached) Measure(int rounds)
    {
        var cold = new List<double>();
        var cached = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var cache = Directory.CreateTempSubdirectory("lakeflow-cache").FullName;
            cold.Add(Run(cache));
            cached.Add(Run(cache));
            Directory.Delete(cache, recursive: true);
        }

        return (cold.Order().ElementAt(rounds / 2), cached.Order().ElementAt(rounds / 2));
    }

    private static double Run(string cache)
    {
        var command = Environment.GetEnvironmentVariable("LAKEFLOW_COMMAND");
        var library = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Lakeflow.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "lakeflow.dll"));
        var start = command is { Length: > 0 } ? new ProcessStartInfo(command, ["sql", Query]) : new ProcessStartInfo("dotnet", [library, "sql", Query]);
        start.RedirectStandardOutput = true;
        start.WorkingDirectory = cache;
        start.Environment["LAKEFLOW_CACHE"] = Path.Combine(cache, "plans");
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"lakeflow sql gave {process.ExitCode}: {output}");
        return watch.Elapsed.TotalMilliseconds;
    }
}
