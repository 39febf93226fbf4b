using System.Collections.Concurrent;
using Lakeflow.Connect.Files;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Pipelines.Tests.Robustness;

/// <summary>A compiled pipeline over real files and a lakehouse in memory, which can be copied: the same moment over and over.</summary>
internal sealed class Bench : IDisposable
{
    public static readonly string[] Tables = ["orders", "large", "totals"];

    private const string Sql = """
        CREATE STREAMING TABLE orders (CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW);
        CREATE FLOW files AS INSERT INTO orders BY NAME
          SELECT id, customer, amount FROM STREAM read_files('/d/in', format => 'csv', header => true, schema => 'id BIGINT, customer INT, amount DECIMAL(10,2)');
        CREATE FLOW history AS INSERT INTO ONCE orders BY NAME SELECT id, CAST(1 AS INT) AS customer, CAST(id AS DECIMAL(10,2)) AS amount FROM range(1000, 1005);
        CREATE STREAMING TABLE large AS SELECT * FROM STREAM orders WHERE amount > 400;
        CREATE MATERIALIZED VIEW totals AS
          SELECT c.name, count(*) AS n, sum(o.amount) AS total FROM orders o JOIN VALUES (0, 'zero'), (1, 'one') AS c(id, name) ON o.customer = c.id GROUP BY c.name;
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
    private readonly CompiledPipeline compiled;
    private readonly Session session;

    public Bench()
    {
        File.WriteAllText(Path.Combine(folder, "lakeflow.yml"), "name: t\nmounts:\n  /d: .\n");
        File.WriteAllText(Path.Combine(folder, "t.lfsql"), Sql);
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        Deliver(0);
        var bag = new DiagnosticBag();
        session = Session.Of(Project.Open(folder, null, [], bag)!);
        var sources = session.Check(toCode: true);
        Assert.False(sources.HasErrors, string.Join('\n', sources.Diagnostics));
        compiled = new RoslynCompiler(PlanCache.Open()).Load(sources.Code);
    }

    public void Deliver(int n) => File.WriteAllText(
        Path.Combine(folder, "in", $"{n}.csv"),
        "id,customer,amount\n" + string.Concat(Enumerable.Range(0, 20).Select(k => $"{(n * 100) + k},{k % 3},{(k * 97 % 1000) - 40}.5\n")));

    public UpdateResult Run(MemoryLake lake, Trouble? trouble = null, bool fullRefresh = false) => UpdateRunner.Run(
        compiled.Pipeline, lake.Open(trouble ?? new Trouble()), new FileSources(session.Project!.Paths), session.Project.Paths,
        new UpdateOptions { Workers = 2, FullRefreshAll = fullRefresh });

    public void Dispose()
    {
        compiled.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A lakehouse in memory.</summary>
internal sealed class MemoryLake
{
    private readonly ConcurrentDictionary<string, MemoryStore> stores = new();

    public Lakehouse Open(Trouble trouble) => new("memory:", path => new TroubledStore(Store(path), trouble));

    public Snapshot Table(string name) => Snapshot.Open(Store("main/default/" + name));

    public MemoryLake Copy()
    {
        var copy = new MemoryLake();
        foreach (var (path, store) in stores)
        {
            foreach (var item in store.List("")) copy.Store(path).Put(item.Path, store.ReadAll(item.Path));
        }

        return copy;
    }

    /// <summary>Files and their bytes, by their folder: a table's data or log.</summary>
    public SortedDictionary<string, (int Files, long Bytes)> Sizes()
    {
        var sizes = new SortedDictionary<string, (int Files, long Bytes)>(StringComparer.Ordinal);
        foreach (var (path, store) in stores)
        {
            foreach (var item in store.List(""))
            {
                var folder = item.Path.StartsWith("_delta_log/", StringComparison.Ordinal) ? $"{path}/_delta_log" : path;
                var (files, bytes) = sizes.GetValueOrDefault(folder);
                sizes[folder] = (files + 1, bytes + item.Size);
            }
        }

        return sizes;
    }

    /// <summary>All rows of a table, sorted.</summary>
    public string Rows(string name) => string.Join('\n', RowsOf(Store("main/default/" + name)).Order(StringComparer.Ordinal));

    public string AllRows() => string.Join("\n--\n", Bench.Tables.Select(Rows));

    /// <summary>Rows of the streaming tables' flows by the event log.</summary>
    public long LoggedRows(string flow) => RowsOf(Store("_lakeflow/event_log"))
        .Where(r => r.Contains($"\"flow_name\":\"{flow}\"", StringComparison.Ordinal) && r.Contains("num_output_rows", StringComparison.Ordinal))
        .Sum(r => long.Parse(r[(r.IndexOf("num_output_rows", StringComparison.Ordinal) + 15)..].TrimStart('\\', '"', ':', ' ').Split(',')[0], System.Globalization.CultureInfo.InvariantCulture));

    private static IEnumerable<string> RowsOf(IObjectStore store)
    {
        using var scan = new DeltaScan(Snapshot.Open(store));
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                for (var i = 0; i < batch.Length; i++) yield return RowJson.Whole(batch, i);
            }
        }
    }

    private MemoryStore Store(string path) => stores.GetOrAdd(path, p => new MemoryStore(null, p));
}
