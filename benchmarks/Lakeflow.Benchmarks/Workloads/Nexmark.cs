using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Lakeflow.Benchmarks.Data;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Connect.Files;
using Lakeflow.DuckDb;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Benchmarks.Workloads;

/// <summary>The queries of Nexmark: events from Parquet files into Delta tables, on one thread, from nothing to the last commit.</summary>
/// <remarks>Only if it is asked for by name: it is no comparison. That the answers are right is held by a test over the same text of the queries.</remarks>
internal static partial class Nexmark
{
    public const string Name = "nexmark";

    private const int PerSecond = 10_000;
    private const int Rounds = 3;

    private static readonly string[] Queries = ["q0", "q1", "q2", "q3", "q4", "q5", "q7", "q8", "q11", "q12"];

    [GeneratedRegex("format => 'json', schema => '[^']*'")]
    private static partial Regex Json { get; }

    /// <param name="events">How many.</param>
    /// <param name="wanted">Names of queries; none is all.</param>
    public static void Measure(int events, string[] wanted)
    {
        var folder = Directory.CreateTempSubdirectory("lakeflow-benchmark").FullName.Replace('\\', '/');
        Make(folder, events);
        var text = Json.Replace(File.ReadAllText(Path.Combine(Root(), "benchmarks/Lakeflow.Benchmarks/Data/nexmark.lfsql")), "format => 'parquet'");
        var statements = text.Split(";\n", StringSplitOptions.RemoveEmptyEntries);
        Console.WriteLine($"{events} events in Parquet, one thread");
        Console.WriteLine($"{"query",-6} {"rows read",10} {"rows out",10} {"s (best)",9} {"s (median)",10} {"rows/s",10}");
        foreach (var query in Queries.Where(q => wanted.Length == 0 || wanted.Contains(q)))
        {
            var sql = string.Join(";\n", statements.Where(s => s.Contains("TEMPORARY VIEW", StringComparison.Ordinal) || Regex.IsMatch(s, $@"(TABLE|VIEW) {query}(_|\s)"))) + ";";
            var paths = new PathMap(folder, [new Mount("/nexmark", folder + "/in")]);
            var pipeline = Compile(paths, sql);
            var seconds = new List<double>();
            UpdateResult? result = null;
            for (var round = 0; round < Rounds; round++)
            {
                var lake = $"{folder}/lake-{query}-{round}";
                var started = Stopwatch.GetTimestamp();
                result = UpdateRunner.Run(pipeline, Lakehouse.InFolder(lake), new FileSources(paths), paths, new UpdateOptions { Workers = 1, MaxConcurrentFlows = 1 });
                seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                if (result.State != UpdateState.Completed) throw new InvalidOperationException($"{query} {result.State}: {result.Flows.Select(f => f.Error?.Message ?? f.Unexpected?.ToString()).FirstOrDefault(e => e is not null)}");
                Directory.Delete(lake, recursive: true);
            }

            seconds.Sort();
            var read = result!.Flows.Sum(f => f.Counts.Read);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{query,-6} {read,10} {result.Flows.Sum(f => f.Counts.Written),10} {seconds[0],9:F2} {seconds[Rounds / 2],10:F2} {read / seconds[Rounds / 2],10:F0}"));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Make(string folder, int events)
    {
        using var duck = new DuckDbConnection();
        Write<NexmarkPerson>("people", """id::BIGINT id, name, city, state, "at"::TIMESTAMP "at" """);
        Write<NexmarkAuction>("auctions", """id::BIGINT id, seller::BIGINT seller, category::INT category, expires::TIMESTAMP expires, "at"::TIMESTAMP "at" """);
        Write<NexmarkBid>("bids", """auction::BIGINT auction, bidder::BIGINT bidder, price::BIGINT price, "at"::TIMESTAMP "at", extra""");

        void Write<T>(string kind, string columns)
            where T : NexmarkEvent
        {
            Directory.CreateDirectory($"{folder}/in/{kind}");
            var json = $"{folder}/{kind}.json";
            File.WriteAllLines(json, Enumerable.Range(0, events).Select(n => NexmarkEvents.At(n, PerSecond)).OfType<T>().Select(e => e.ToJson()));
            duck.Execute($"COPY (SELECT {columns} FROM read_json('{json}', format = 'newline_delimited')) TO '{folder}/in/{kind}/1.parquet' (FORMAT parquet)");
            File.Delete(json);
        }
    }

    private static string Root()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Lakeflow.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("run this inside a checkout");
        return root;
    }

    private static IPipeline Compile(PathMap paths, string sql)
    {
        var bag = new DiagnosticBag();
        var result = Compilation.Compile([new SourceText("", sql)], new LiveCatalog(null, [], paths), new CompileOptions(new ProjectDefaults(Name)));
        bag.AddRange(result.Diagnostics);
        if (bag.HasErrors) throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
        var physical = PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag);
        return new RoslynCompiler().Load(CSharpEmitter.Emit(physical)).Pipeline;
    }
}
