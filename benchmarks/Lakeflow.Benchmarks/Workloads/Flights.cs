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

/// <summary>A pipeline from files to Delta tables: three million flights checked, joined to airports, written, and summed up.</summary>
internal static class Flights
{
    public static IEnumerable<Workload> All(Laboratory lab)
    {
        if (Folder() is { } data) yield return new("flights pipeline, files to Delta", 1.00, threads => Open(lab, threads, data)) { Rounds = 3 };
    }

    /// <summary>Real data lies beside the checkout; without it there is no such workload.</summary>
    private static string? Folder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var data = Path.Combine(folder, "shared", "data");
            if (File.Exists(Path.Combine(data, "flights-3m.parquet"))) return data.Replace('\\', '/');
        }

        return null;
    }

    private static Sides Open(Laboratory lab, int threads, string data)
    {
        var paths = new PathMap(data, []);
        var pipeline = Compile(paths);
        var folder = Directory.CreateTempSubdirectory("lakeflow-benchmark").FullName;
        lab.Duck.Execute($"SET threads = {threads}");
        var run = 0;
        string Lake() => Path.Combine(folder, $"lake{run}");
        void Ours()
        {
            run++;
            var result = UpdateRunner.Run(pipeline, Lakehouse.InFolder(Lake()), new FileSources(paths), paths, new UpdateOptions { Workers = threads, MaxConcurrentFlows = 1 });
            if (result.State != UpdateState.Completed) throw new InvalidOperationException($"the update {result.State}");
        }

        var script = Script(data, folder.Replace('\\', '/'));
        return new Sides(
            () =>
            {
                Ours();
                return [];
            },
            () => lab.Duck.Execute(script),
            () =>
            {
                lab.Duck.Execute(script);
                return [.. Difference("flights", "*"), .. Difference("by_state", "state, flights, round(mean, 9), worst")];

                IReadOnlyList<string?[]> Difference(string table, string columns) =>
                    lab.Difference($"SELECT {columns} FROM '{Lake()}/main/default/{table}/*.parquet'", $"SELECT {columns} FROM '{folder}/{table}.parquet'");
            })
        {
            Close = () => Directory.Delete(folder, recursive: true),
        };
    }

    private static IPipeline Compile(PathMap paths)
    {
        const string sql = """
            CREATE MATERIALIZED VIEW airports AS SELECT iata, name, state FROM read_files('airports.csv', format => 'csv', header => true);

            CREATE STREAMING TABLE flights (
              CONSTRAINT not_delayed_for_hours EXPECT (delay < 180),
              CONSTRAINT plausible_distance    EXPECT (distance >= 50) ON VIOLATION DROP ROW,
              CONSTRAINT has_a_route           EXPECT (origin IS NOT NULL AND destination IS NOT NULL) ON VIOLATION FAIL UPDATE
            ) AS SELECT f.date, f.delay, f.distance, f.origin, f.destination, a.state
            FROM STREAM read_files('flights-3m.parquet', format => 'parquet') AS f LEFT JOIN airports AS a ON f.origin = a.iata;

            CREATE MATERIALIZED VIEW by_state AS
            SELECT state, count(*) AS flights, avg(delay) AS mean, max(delay) AS worst FROM flights GROUP BY state;
            """;
        var bag = new DiagnosticBag();
        var result = Compilation.Compile([new SourceText("", sql)], new LiveCatalog(null, [], paths), new CompileOptions(new ProjectDefaults("flights")));
        bag.AddRange(result.Diagnostics);
        if (bag.HasErrors) throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
        var physical = PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag);
        return new RoslynCompiler().Load(CSharpEmitter.Emit(physical)).Pipeline;
    }

    private static string Script(string data, string folder) => $"""
        CREATE OR REPLACE TEMP TABLE airports AS SELECT iata, name, state FROM read_csv('{data}/airports.csv', header = true);
        COPY airports TO '{folder}/airports.parquet' (FORMAT parquet, COMPRESSION snappy);
        SELECT count(*) FILTER (WHERE (delay < 180) IS NOT TRUE), count(*) FILTER (WHERE (distance >= 50) IS NOT TRUE),
               count(*) FILTER (WHERE origin IS NULL OR destination IS NULL) FROM '{data}/flights-3m.parquet';
        COPY (SELECT f.date, f.delay, f.distance, f.origin, f.destination, a.state FROM '{data}/flights-3m.parquet' f LEFT JOIN airports a ON f.origin = a.iata WHERE distance >= 50)
          TO '{folder}/flights.parquet' (FORMAT parquet, COMPRESSION snappy);
        COPY (SELECT state, count(*) AS flights, avg(delay) AS mean, max(delay) AS worst FROM '{folder}/flights.parquet' GROUP BY state)
          TO '{folder}/by_state.parquet' (FORMAT parquet, COMPRESSION snappy);
        """;
}
