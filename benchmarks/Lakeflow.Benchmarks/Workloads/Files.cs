using Lakeflow.Arrow;
using Lakeflow.Benchmarks.Ours;
using Lakeflow.Parquet;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Benchmarks.Workloads;

/// <summary>Typed scans of text files, and writing Parquet.</summary>
internal static class Files
{
    private const string EventTypes = "id BIGINT, ts TIMESTAMP, user_id BIGINT, type STRING, url STRING, amount DOUBLE";
    private const string DuckTypes = "columns = {'id': 'BIGINT', 'ts': 'TIMESTAMP', 'user_id': 'BIGINT', 'type': 'VARCHAR', 'url': 'VARCHAR', 'amount': 'DOUBLE'}";

    public static IEnumerable<Workload> All(Laboratory lab)
    {
        yield return new("CSV scan, typed", 0.30, threads => Scan(lab, threads, lab.Data.Text("csv"), "csv', header => 'true", $"read_csv('{{0}}', header = true, {DuckTypes})")) { Rounds = 3 };
        yield return new("JSON lines scan, typed", 0.55, threads => Scan(lab, threads, lab.Data.Text("json"), "json", $"read_json('{{0}}', format = 'newline_delimited', {DuckTypes})")) { Rounds = 3 };
        yield return new("Parquet write, Snappy", 0.80, threads => Write(lab, threads)) { Rounds = 3 };
    }

    private static Sides Scan(Laboratory lab, int threads, string path, string format, string read) => lab.Query(
        threads,
        $"SELECT sum(user_id) AS users, sum(amount) AS amount, count(*) AS n FROM read_files('{path}', format => '{format}', schema => '{EventTypes}')",
        $"SELECT sum(user_id) AS users, sum(amount) AS amount, count(*) AS n FROM {read.Replace("{0}", path, StringComparison.Ordinal)}");

    private static Sides Write(Laboratory lab, int threads)
    {
        var query = new CompiledQuery("SELECT * FROM lineitem", lab.InMemory("lineitem"));
        var folder = Directory.CreateTempSubdirectory("lakeflow-benchmark").FullName;
        lab.Duck.Execute($"SET threads = {threads}");
        string Ours(int worker) => Path.Combine(folder, $"ours-{worker}.parquet");
        var theirs = Path.Combine(folder, "duckdb.parquet");
        return new Sides(
            () =>
            {
                var sinks = Enumerable.Range(0, threads).Select(w => new ParquetSink(Ours(w), query.Output)).ToArray();
                query.Run(threads, worker => sinks[worker]);
                foreach (var sink in sinks) sink.Dispose();
                return [];
            },
            () => lab.Duck.Execute($"COPY lineitem TO '{theirs}' (FORMAT parquet, COMPRESSION snappy)"),
            () =>
            {
                lab.Duck.Execute($"COPY lineitem TO '{theirs}' (FORMAT parquet, COMPRESSION snappy)");
                return lab.Difference($"SELECT * FROM '{Path.Combine(folder, "ours-*.parquet")}'", $"SELECT * FROM '{theirs}'");
            })
        {
            Close = () => Directory.Delete(folder, recursive: true),
        };
    }

    private sealed class ParquetSink(string path, Schema schema) : IBatchSink, IDisposable
    {
        private readonly FileStream file = File.Create(path);
        private ParquetWriter? writer;

        public void Write(RecordBatch rows) => (writer ??= new ParquetWriter(file, schema)).Write(rows);

        public void Dispose()
        {
            writer ??= new ParquetWriter(file, schema);
            writer.Close();
            writer.Dispose();
            file.Dispose();
        }
    }
}
