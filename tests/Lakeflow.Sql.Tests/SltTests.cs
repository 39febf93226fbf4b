using Lakeflow.Arrow;
using Lakeflow.DuckDb;
using Lakeflow.Oracle;
using Lakeflow.Pipelines.Testing;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Sql.Tests;

/// <summary>Runs every file of <c>tests/sql</c>; the format and the ways are in its README.</summary>
public sealed class SltTests
{
    private const int Seed = 20_260;

    /// <summary>Makes every breaker write what it holds to a file after each batch.</summary>
    private static readonly MemoryBudget Spilling = new(256L << 20, new SpillFolder(Path.Combine(Path.GetTempPath(), "lakeflow-slt-spill"))) { SpillsAlways = true };

    private static bool Fill => Status.StatusPage.Fills;

    public static TheoryData<string> Files => [.. Directory
        .EnumerateFiles(Folder(), "*.slt", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Folder(), f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Answers(string file)
    {
        var slt = SltFile.Read(Path.Combine(Folder(), file));
        var engine = new SqlEngine();
        var wrong = new List<string>();
        var queries = new List<(SltQuery Block, SqlQuery Optimized, SqlQuery Plain, DataType[] Types, Func<IReadOnlyList<object?[]>> Oracle)>();
        foreach (var block in slt.Blocks)
        {
            switch (block)
            {
                case SltTable table:
                    engine.AddTable(table.Name, table.Sql);
                    break;
                case SltRefusal refusal:
                    if (Refused(engine, refusal) is { } complaint) wrong.Add($"{file}:{block.Line}: {complaint}");
                    break;
                case SltQuery query:
                    var optimized = engine.Compile(query.Sql, optimize: true);
                    var plain = engine.Compile(query.Sql, optimize: false);
                    if (optimized.HasErrors)
                    {
                        wrong.Add($"{file}:{block.Line}: {optimized.Diagnostics.First(d => d.IsError)}");
                        break;
                    }

                    var plan = plain.Graph.Flows[0].Plan;
                    queries.Add((query, engine.Query(optimized.Improved!), engine.Query(plain.Improved!), [.. plan.Columns.Select(c => c.Type)], () => engine.Interpret(plan)));
                    break;
            }
        }

        using var built = SqlEngine.Build(queries.SelectMany(q => new[] { q.Optimized, q.Plain }));
        var pipeline = built.Pipeline;
        using var duck = Fill || !slt.Blocks.OfType<SltQuery>().Any(q => q.DuckDb) || DuckDbLibrary.Missing is not null ? null : DuckTables(slt);
        var filled = new Dictionary<SltBlock, string[]>();
        foreach (var (query, optimized, plain, types, oracle) in queries)
        {
            void Way(string name, SqlQuery flow, int workers, Random? slices, MemoryBudget? memory = null)
            {
                var got = Caught(() => Text(flow.Run(pipeline, workers, slices, memory), types, query.Sorted));
                Compare(name, got);
            }

            void Compare(string name, object got)
            {
                if (query.Error is { } error)
                {
                    if (got is not RuntimeError fault || (fault.ErrorClass != error && fault.Code != error)) wrong.Add($"{file}:{query.Line} ({name}): expected error {error}, got {Show(got)}");
                    return;
                }

                if (got is not string[] rows) wrong.Add($"{file}:{query.Line} ({name}): {Show(got)}");
                else if (Fill && name == "optimized") filled[query] = rows;
                else if (!rows.SequenceEqual(filled.GetValueOrDefault(query) ?? Expected(query) ?? [])) wrong.Add($"{file}:{query.Line} ({name}): {Show(rows)}");
            }

            Way("optimized", optimized, 1, null);
            Way("as bound", plain, 1, null);
            Way("optimized, 2 workers, slices", optimized, 2, new Random(Seed));
            Way("as bound, 3 workers, slices", plain, 3, new Random(Seed + 1));
            // The same again, with every breaker's rows on disk.
            Way("optimized, 2 workers, slices, spilled", optimized, 2, new Random(Seed + 2), Spilling);
            var answer = Caught(() => Text(oracle(), types, query.Sorted));
            if (answer is not NotSupportedByOracleException) Compare("oracle", answer);
            if (query.DuckDb && duck is not null) Compare("DuckDB", Caught(() => Sorted(duck.Query(query.Sql).Select(r => DuckDbRow.Text(r, types)), query.Sorted)));
        }

        if (Fill) slt.Fill([.. slt.Blocks.Select(b => filled.GetValueOrDefault(b))]);
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static string? Refused(SqlEngine engine, SltRefusal refusal)
    {
        var errors = engine.Compile(refusal.Sql, optimize: true).Diagnostics.Where(d => d.IsError).ToList();
        return errors.Exists(d => d.Code == refusal.Code && d.At.Line == refusal.AtLine && d.At.Column == refusal.AtColumn)
            ? null
            : $"expected {refusal.Code} at {refusal.AtLine}:{refusal.AtColumn}, got {(errors.Count == 0 ? "no error" : string.Join("; ", errors))}";
    }

    private static string[]? Expected(SltQuery query) => query.Rows is null ? null : query.Sorted ? [.. query.Rows.Order(StringComparer.Ordinal)] : query.Rows;

    private static string[] Text(IReadOnlyList<object?[]> rows, DataType[] types, bool sorted) => Sorted(rows.Select(r => RowLine.Of(r, types, SessionZone.Utc)), sorted);

    private static string[] Sorted(IEnumerable<string> rows, bool sorted) => sorted ? [.. rows.Order(StringComparer.Ordinal)] : [.. rows];

    private static object Caught(Func<object> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is RuntimeError or NotSupportedByOracleException or InvalidOperationException or InvalidCastException or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException)
        {
            return e;
        }
    }

    private static string Show(object got) => got is string[] rows ? "got\n  " + string.Join("\n  ", rows) : got.ToString()!;

    private static DuckDbConnection DuckTables(SltFile file)
    {
        var duck = new DuckDbConnection(1);
        foreach (var table in file.Blocks.OfType<SltTable>())
        {
            var sql = System.Text.RegularExpressions.Regex.Replace(table.Sql, @"FROM VALUES (.*) AS (\w+)\(", "FROM (VALUES $1) AS $2(", System.Text.RegularExpressions.RegexOptions.Singleline);
            duck.Execute($"CREATE TABLE {table.Name} AS {System.Text.RegularExpressions.Regex.Replace(sql, @"(\d)D\b", "$1::DOUBLE")}");
        }

        return duck;
    }

    private static string Folder() => Path.Combine(Repository.Root, "tests", "sql");
}
