using System.Diagnostics;
using System.Globalization;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Connect.Files;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Benchmarks.Workloads;

/// <summary>Ten thousand updates that find nothing new, in one process, over a lakehouse on disk: what they leave there and in memory.</summary>
/// <remarks>Only if it is asked for by name: it takes minutes, and it is no comparison.</remarks>
internal static class IdleUpdates
{
    public const string Name = "idle updates";

    private const string Sql = """
        CREATE STREAMING TABLE orders AS SELECT id, customer, amount FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT, customer INT, amount DOUBLE');
        CREATE TEMPORARY VIEW feed AS SELECT * FROM STREAM orders;
        CREATE STREAMING TABLE customers;
        CREATE FLOW f AS AUTO CDC INTO customers FROM STREAM(feed) KEYS (customer) SEQUENCE BY id STORED AS SCD TYPE 2;
        CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer;
        """;

    public static void Measure(int updates)
    {
        var folder = Directory.CreateTempSubdirectory("lakeflow-benchmark").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        File.WriteAllLines(Path.Combine(folder, "in", "1.csv"), Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{i % 50},{i}.5")).Prepend("id,customer,amount"));
        var paths = new PathMap(folder, []);
        var pipeline = Compile(paths);
        Console.WriteLine($"{"updates",8} {"files",7} {"kB",8} {"heap kB",9} {"RSS MB",7} {"ms/update",9}");
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n <= updates; n++)
        {
            var result = UpdateRunner.Run(pipeline, Lakehouse.InFolder(Path.Combine(folder, "lake")), new FileSources(paths), paths, new UpdateOptions { Workers = 1, MaxConcurrentFlows = 1 });
            if (result.State != UpdateState.Completed || result.NothingNew != n > 0) throw new InvalidOperationException($"update {n} {result.State}");
            if (n is 0 or 100 or 500 or 1000 or 2000 or 5000 || (n > 0 && n % 10_000 == 0)) Report(n);
        }

        Directory.Delete(folder, recursive: true);

        void Report(int n)
        {
            var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var files = new DirectoryInfo(Path.Combine(folder, "lake")).GetFiles("*", SearchOption.AllDirectories);
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{n,8} {files.Length,7} {files.Sum(f => f.Length) / 1024,8} {heap / 1024,9} {process.WorkingSet64 >> 20,7} {elapsed / Math.Max(1, n),9:F1}"));
        }
    }

    private static IPipeline Compile(PathMap paths)
    {
        var bag = new DiagnosticBag();
        var result = Compilation.Compile([new SourceText("", Sql)], new LiveCatalog(null, [], paths), new CompileOptions(new ProjectDefaults("idle")));
        bag.AddRange(result.Diagnostics);
        if (bag.HasErrors) throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
        var physical = PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag);
        return new RoslynCompiler().Load(CSharpEmitter.Emit(physical)).Pipeline;
    }
}
