using System.Diagnostics;
using System.Globalization;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Connect.Files;
using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Benchmarks.Workloads;

/// <summary>AUTO CDC into ten million keys against the same changes as DuckDB statements on a database file. Each run takes the next batch of changes.</summary>
/// <remarks>DuckDB's statements take the newest event of each key; they remember no deletes and place no late events.</remarks>
internal static class Changes
{
    private const int Keys = 10_000_000;

    public static IEnumerable<Workload> All(Laboratory lab) =>
    [
        .. from scd in new[] { 1, 2 }
           from feed in new[] { ("1M changes", 1_000_000, false), ("10k changes", 10_000, false), ("10k changes of recent keys", 10_000, true) }
           select new Workload($"AUTO CDC, SCD {scd}, {feed.Item1}", 0.50, threads => Open(lab, threads, scd, feed.Item2, feed.Item3)),
    ];

    private static Sides Open(Laboratory lab, int threads, int scd, int changes, bool areRecent)
    {
        var folder = Directory.CreateTempSubdirectory("lakeflow-benchmark").FullName.Replace('\\', '/');
        Directory.CreateDirectory(folder + "/in");
        lab.Duck.Execute($"""
            SET threads = {threads};
            ATTACH '{folder}/duck.db' AS changed;
            COPY (SELECT k::BIGINT id, 'customer ' || hash(k) % 1000000 AS name, 'city ' || hash(k + 1) % 1000 AS city, (hash(k + 2) % 100000)::DOUBLE amount, 'U' op, 0::BIGINT seq
                  FROM range({Keys}) t(k)) TO '{folder}/in/0.parquet' (FORMAT parquet);
            CREATE TABLE changed.t AS SELECT id, name, city, amount, {(scd == 1 ? "seq" : "seq AS start_at, NULL::BIGINT AS end_at")} FROM '{folder}/in/0.parquet';
            """);
        var paths = new PathMap(folder, []);
        var pipeline = Compile(paths, scd);
        var (ours, theirs) = (0, 0);
        var last = StepCounts.None;
        var first = TimeSpan.Zero;
        Update(expected: UpdateState.Completed);
        for (var batch = 1; batch <= 8; batch++) Make(lab, folder, batch, changes, areRecent);
        return new Sides(
            () =>
            {
                ours++;
                File.Move(Batch(folder, ours), $"{folder}/in/{ours}.parquet");
                var started = Stopwatch.GetTimestamp();
                Update(UpdateState.Completed);
                if (ours == 1) first = Stopwatch.GetElapsedTime(started);
                return [];
            },
            Theirs,
            () =>
            {
                Theirs();
                var other = lab.Duck.Query("SELECT count(*), sum(amount)::BIGINT FROM changed.t")[0];
                var mine = Sum(folder);
                return mine.SequenceEqual(other) ? [] : [mine, other];
            })
        {
            Close = () =>
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    the last run read {last.SearchedBytes / 1e6:0.0} MB of {last.SearchedFiles} files of the target and its state, and wrote {last.Bytes / 1e6:0.0} MB of data; the first one took {first.TotalMilliseconds:0} ms"));
                lab.Duck.Execute("DETACH changed");
                Directory.Delete(folder, recursive: true);
            },
        };

        void Update(UpdateState expected)
        {
            var result = UpdateRunner.Run(pipeline, Lakehouse.InFolder(folder + "/lake"), new FileSources(paths), paths, new UpdateOptions { Workers = threads });
            last = result.Flows[0].Counts;
            if (result.State != expected) throw new InvalidOperationException($"the update {result.State}: {result.Flows[0].Error?.Message ?? result.Flows[0].Unexpected?.ToString()}");
        }

        void Theirs()
        {
            theirs++;
            var file = File.Exists(Batch(folder, theirs)) ? Batch(folder, theirs) : $"{folder}/in/{theirs}.parquet";
            lab.Duck.Execute(scd == 1 ? Merge(file) : Close(file));
        }
    }

    private static string Batch(string folder, int batch) => string.Create(CultureInfo.InvariantCulture, $"{folder}/{batch}.parquet");

    /// <summary>Nine updates in ten, the rest deletes and new keys; each key once, so that both sides do the same.</summary>
    private static void Make(Laboratory lab, string folder, int batch, int changes, bool areRecent) => lab.Duck.Execute(string.Create(CultureInfo.InvariantCulture, $"""
        COPY (SELECT id, 'customer ' || hash(id + {batch}) % 1000000 AS name, 'city ' || hash(id + {batch + 1}) % 1000 AS city, (hash(id + {batch}) % 100000)::DOUBLE amount,
                     CASE WHEN hash(id + 7) % 20 = 0 THEN 'D' ELSE 'U' END op, {batch}::BIGINT seq
              FROM (SELECT DISTINCT {(areRecent ? Keys - (Keys / 100) : 0)} + (hash(k + {batch} * 1000003) % {(areRecent ? Keys / 100 : Keys) + (Keys / 20)})::BIGINT id FROM range({changes}) t(k)))
        TO '{Batch(folder, batch)}' (FORMAT parquet)
        """));

    private static string Newest(string file) =>
        $"(SELECT * EXCLUDE rn FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY seq DESC) rn FROM '{file}') WHERE rn = 1)";

    private static string Merge(string file) => $"""
        MERGE INTO changed.t USING {Newest(file)} s ON t.id = s.id
        WHEN MATCHED AND s.seq > t.seq AND s.op = 'D' THEN DELETE
        WHEN MATCHED AND s.seq > t.seq THEN UPDATE SET name = s.name, city = s.city, amount = s.amount, seq = s.seq
        WHEN NOT MATCHED AND s.op <> 'D' THEN INSERT (id, name, city, amount, seq) VALUES (s.id, s.name, s.city, s.amount, s.seq)
        """;

    private static string Close(string file) => $"""
        BEGIN;
        CREATE OR REPLACE TEMP TABLE s AS FROM {Newest(file)};
        UPDATE changed.t SET end_at = s.seq FROM s WHERE t.id = s.id AND t.end_at IS NULL AND t.start_at < s.seq;
        INSERT INTO changed.t SELECT id, name, city, amount, seq, NULL FROM s WHERE op <> 'D';
        COMMIT
        """;

    private static string[] Sum(string folder)
    {
        using var scan = new DeltaScan(Snapshot.Open(Lakehouse.InFolder(folder + "/lake").Table(new QualifiedName("main", "default", "t"))), ["amount"]);
        using var reader = scan.Open(0, 1);
        long count = 0;
        var sum = 0.0;
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                count += batch.Length;
                foreach (var amount in Lakeflow.Runtime.Segments.Columns.Values<double>(batch, 0)) sum += amount;
            }
        }

        return [count.ToString(CultureInfo.InvariantCulture), ((long)sum).ToString(CultureInfo.InvariantCulture)];
    }

    private static IPipeline Compile(PathMap paths, int scd)
    {
        var sql = $"""
            CREATE TEMPORARY VIEW feed AS SELECT * FROM STREAM read_files('in', format => 'parquet');
            CREATE STREAMING TABLE t;
            CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(feed) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS * EXCEPT (op, seq) STORED AS SCD TYPE {scd};
            """;
        var bag = new DiagnosticBag();
        var result = Compilation.Compile([new SourceText("", sql)], new LiveCatalog(null, [], paths), new CompileOptions(new ProjectDefaults("changes")));
        bag.AddRange(result.Diagnostics);
        if (bag.HasErrors) throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
        var physical = PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag);
        return new RoslynCompiler().Load(CSharpEmitter.Emit(physical)).Pipeline;
    }
}
