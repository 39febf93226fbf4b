using System.Text.RegularExpressions;
using Lakeflow.Benchmarks.Data;
using Lakeflow.Benchmarks.Ours;
using Lakeflow.DuckDb;

namespace Lakeflow.Benchmarks;

/// <summary>What workloads share: the files, our tables in memory, and one DuckDB with the same tables.</summary>
internal sealed class Laboratory : IDisposable
{
    private static readonly Dictionary<string, string[]> Columns = new()
    {
        ["lineitem"] = ["l_orderkey", "l_partkey", "l_suppkey", "l_quantity", "l_extendedprice", "l_discount", "l_tax", "l_returnflag", "l_linestatus", "l_shipdate"],
        ["orders"] = ["o_orderkey", "o_custkey", "o_orderdate", "o_shippriority"],
        ["customer"] = ["c_custkey", "c_mktsegment"],
        ["events"] = ["id", "user_id", "type", "url", "amount"],
    };

    private readonly Dictionary<string, MemoryTable> tables = [];
    private readonly HashSet<string> loaded = [];

    public GeneratedData Data { get; } = new(GeneratedData.DefaultFolder);

    public DuckDbConnection Duck { get; } = new();

    /// <summary>The tables named, in memory on both sides.</summary>
    public IReadOnlyDictionary<string, MemoryTable> InMemory(params string[] names)
    {
        foreach (var name in names)
        {
            var path = Data.Parquet(name);
            if (!tables.ContainsKey(name)) tables[name] = new MemoryTable(path, Columns[name]);
            if (loaded.Add(name)) Duck.Execute($"CREATE TABLE {name} AS SELECT {string.Join(", ", Columns[name].Select(c => $"\"{c}\""))} FROM '{path}'");
        }

        return tables;
    }

    /// <summary>Both sides of a query that reads the same on both.</summary>
    /// <remarks>An avg of decimals is a decimal of six digits here and a double in DuckDB, which rounds it where the answers are compared.</remarks>
    public Sides Query(int threads, string ours, string theirs, params string[] inMemory)
    {
        var query = new CompiledQuery(ours, InMemory(inMemory));
        Dump(query);
        Duck.Execute($"SET threads = {threads}");
        return new Sides(() => query.Run(threads), () => Duck.Execute(theirs), () => Duck.Query(Regex.Replace(theirs, @"avg\((\w+)\)", "round(avg($1), 6)")));
    }

    /// <summary>Writes the generated code where <c>LAKEFLOW_BENCHMARK_CODE</c> says, for reading.</summary>
    public static void Dump(CompiledQuery query)
    {
        if (Environment.GetEnvironmentVariable("LAKEFLOW_BENCHMARK_CODE") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        foreach (var file in query.Code) File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
    }

    /// <summary>Rows that only one of two queries gives, each as often as it does; the first ten. Empty if both give the same.</summary>
    public IReadOnlyList<string?[]> Difference(string ours, string theirs) =>
        Duck.Query($"(SELECT 'only ours', * FROM ({ours} EXCEPT ALL {theirs}) LIMIT 5) UNION ALL (SELECT 'only theirs', * FROM ({theirs} EXCEPT ALL {ours}) LIMIT 5)");

    public void Dispose() => Duck.Dispose();
}
