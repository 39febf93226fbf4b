using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.DuckDb;
using Lakeflow.Oracle;
using Lakeflow.Pipelines.Testing;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Sql.Tests.RandomQueries;

/// <summary>Queries written at random have one answer, however they run: optimized or not, in slices, spilled, by the oracle, by DuckDB.</summary>
public sealed class RandomQueryTests
{
    /// <summary>Queries of one seed, compiled as one assembly.</summary>
    private const int Queries = 40;

    private static readonly MemoryBudget Spilling = new(256L << 20, new SpillFolder(Path.Combine(Path.GetTempPath(), "lakeflow-random-spill"))) { SpillsAlways = true };

    /// <summary>The same three in every run; <c>LAKEFLOW_RANDOM=2000-2015</c> takes others.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            if (Environment.GetEnvironmentVariable("LAKEFLOW_RANDOM")?.Split('-') is not { } range) return [1, 2, 3];
            var (from, to) = (int.Parse(range[0], CultureInfo.InvariantCulture), int.Parse(range[^1], CultureInfo.InvariantCulture));
            return [.. Enumerable.Range(from, to - from + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_ways_give_one_answer(int seed)
    {
        var random = new Random(seed);
        using var duck = DuckDbLibrary.Missing is null ? new DuckDbConnection(1) : null;
        var engine = new SqlEngine();
        var schemas = new Dictionary<string, Schema>();
        foreach (var (name, count) in new[] { ("few", 3), ("several", 12), ("many", 40), ("empty", 0) })
        {
            var rows = RandomTables.Rows(count, random);
            engine.Tables = engine.Tables.With(name, new TestTable(RandomTables.Columns, rows));
            schemas.Add(name, RandomTables.Columns);
            if (duck is not null) RandomTables.Create(duck, name, rows);
        }

        var maker = new QueryMaker(random, schemas);
        var wrong = new List<string>();
        var queries = new List<(string Sql, SqlQuery Optimized, SqlQuery Plain, DataType[] Types, Func<IReadOnlyList<object?[]>> Oracle)>();
        for (var i = 0; i < Queries; i++)
        {
            var sql = maker.Next();
            var optimized = engine.Compile(sql, optimize: true);
            var plain = engine.Compile(sql, optimize: false);
            if (optimized.HasErrors)
            {
                wrong.Add($"{sql}\n  {optimized.Diagnostics.First(d => d.IsError)}");
                continue;
            }

            var plan = plain.Graph.Flows[0].Plan;
            queries.Add((sql, engine.Query(optimized.Improved!), engine.Query(plain.Improved!), [.. plan.Columns.Select(c => c.Type)], () => engine.Interpret(plan)));
        }

        using var built = SqlEngine.Build(queries.SelectMany(q => new[] { q.Optimized, q.Plain }));
        var compared = 0;
        foreach (var (sql, optimized, plain, types, oracle) in queries)
        {
            var answers = new List<(string Way, string Rows)>();
            void Way(string name, Func<IEnumerable<string>> run)
            {
                try
                {
                    answers.Add((name, string.Join("\n  ", run().Order(StringComparer.Ordinal))));
                }
                catch (NotSupportedByOracleException)
                {
                    // The oracle has no definition of its own for this query; the other ways remain.
                }
                catch (Exception fault)
                {
                    answers.Add((name, fault.ToString()));
                }
            }

            IEnumerable<string> Text(IEnumerable<object?[]> rows) => rows.Select(r => RowLine.Of(r, types, SessionZone.Utc));
            Way("optimized", () => Text(optimized.Run(built.Pipeline)));
            Way("as bound", () => Text(plain.Run(built.Pipeline)));
            Way("slices", () => Text(optimized.Run(built.Pipeline, 2, new Random(seed))));
            Way("spilled", () => Text(optimized.Run(built.Pipeline, 2, new Random(seed), Spilling)));
            Way("oracle", () => Text(oracle()));
            if (duck is not null) Way("DuckDB", () => duck.Query(sql).Select(r => DuckDbRow.Text(r, types)));
            compared += answers.Count;
            var different = answers.GroupBy(a => a.Rows).ToList();
            if (different.Count > 1) wrong.Add($"{sql}\n{string.Join("\n", different.Select(d => $" {string.Join(", ", d.Select(a => a.Way))}:\n  {d.Key}"))}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {queries.Count} (seed {seed})\n\n{string.Join("\n\n", wrong)}");
        Assert.True(compared >= 4 * Queries);
    }
}
