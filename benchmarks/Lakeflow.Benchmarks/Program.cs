using System.Globalization;
using System.Runtime.InteropServices;
using Lakeflow.Benchmarks;
using Lakeflow.Benchmarks.Workloads;
using Lakeflow.DuckDb;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (DuckDbLibrary.Missing is { } missing)
{
    Console.Error.WriteLine(missing);
    return 2;
}

// As the command itself has it.
ThreadPool.SetMinThreads(8, 4);
var markdown = args.Contains("--markdown");
Func<double> clock = args.Contains("--cpu") ? Pairing.Processor : Pairing.Wall;
var threadCounts = args.FirstOrDefault(a => a.StartsWith("--threads=", StringComparison.Ordinal)) is { } given ? given["--threads=".Length..].Split(',').Select(int.Parse).ToArray() : [1, 2];
var filters = args.Where(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray();
if (filters.Contains(IdleUpdates.Name, StringComparer.OrdinalIgnoreCase))
{
    IdleUpdates.Measure(10_000);
    return 0;
}

if (filters.Contains(Nexmark.Name, StringComparer.OrdinalIgnoreCase))
{
    Nexmark.Measure(2_000_000, [.. filters.Where(f => f != Nexmark.Name)]);
    return 0;
}

using var lab = new Laboratory();
var workloads = Queries.All(lab).Concat(Etl.All(lab)).Concat(Files.All(lab)).Concat(Flights.All(lab)).Concat(Changes.All(lab))
    .Where(w => filters.Length == 0 || filters.Any(f => w.Name.Contains(f, StringComparison.OrdinalIgnoreCase)));
var failures = 0;
if (markdown)
{
    Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, DuckDB {lab.Duck.Query("SELECT version()")[0][0]}");
    Console.WriteLine();
    Console.WriteLine("| workload | threads | Lakeflow ms | DuckDB ms | ratio | goal |");
    Console.WriteLine("| --- | --: | --: | --: | --: | --: |");
}
else
{
    Console.WriteLine($"{"workload",-34} {"threads",7} {"ours ms",9} {"duckdb ms",9} {"ratio",6} {"(min)",6} {"goal",6}");
}

foreach (var workload in workloads)
{
    foreach (var threads in threadCounts)
    {
        using var sides = workload.Open(threads);
        if (Answers.Difference(sides.Ours(), sides.TheirRows()) is { } difference)
        {
            Console.WriteLine($"{workload.Name}: the answers differ: {difference}");
            failures++;
            continue;
        }

        var result = Pairing.Run(workload.Name, workload.Rounds, () => sides.Ours(), sides.Theirs, clock);
        Console.WriteLine(markdown
            ? $"| {workload.Name} | {threads} | {result.OurMedian:F1} | {result.TheirMedian:F1} | {result.Ratio:F2} | {workload.Goal:F2} |"
            : $"{workload.Name,-34} {threads,7} {result.OurMedian,9:F1} {result.TheirMedian,9:F1} {result.Ratio,6:F2} {result.MinimumRatio,6:F2} {workload.Goal,6:F2}");
    }
}

if (filters.Length == 0 || filters.Any(f => "first query".Contains(f, StringComparison.OrdinalIgnoreCase)))
{
    var (cold, cached) = Startup.Measure(5);
    Console.WriteLine(markdown ? $"| first query of a process, cold | | {cold:F0} | | | 1000 ms |" : $"{"first query of a process, cold",-34} {"",7} {cold,9:F0}   goal: 1000 ms");
    Console.WriteLine(markdown ? $"| first query of a process, cached | | {cached:F0} | | | 100 ms |" : $"{"first query of a process, cached",-34} {"",7} {cached,9:F0}   goal: 100 ms");
}

return failures == 0 ? 0 : 1;
