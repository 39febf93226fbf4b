using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Sums in 64 bits, where bounds allow them, are the sums of the exact states, with NULLs and without: an aggregate with a FILTER goes to those.</summary>
public class NarrowSumTests
{
    private static readonly string[] Values =
    [
        "sum(price)", "avg(price)", "sum(price * (1 - discount))", "sum(price * (1 - discount) * (1 + tax))", "avg(discount)", "sum(-price + discount)",
        "count(price)", "sum(big)", "avg(big)", "sum(big * small)", "sum(small)", "sum(small * small)", "sum(CAST(small AS DECIMAL(10,0)) * small)", "max(big)",
        "count(*)", "count(tax)", "sum(CASE WHEN small > 0 THEN price END)", "count(CASE WHEN small > 0 THEN price END)", "count(kind)",
    ];

    private static readonly Schema Table = new(
        new Field("key", DataType.Int64), new Field("kind", DataType.String), new Field("price", new DecimalType(15, 2)), new Field("discount", new DecimalType(15, 2)),
        new Field("tax", new DecimalType(18, 6)), new Field("big", DataType.Int64), new Field("small", DataType.Int32));

    [Fact]
    public void By_a_number() => AreExact(values => $"SELECT key, {values} FROM t WHERE key IS NULL OR key <> 3 GROUP BY key");

    [Fact]
    public void By_a_text() => AreExact(values => $"SELECT kind, {values} FROM t GROUP BY kind");

    [Fact]
    public void By_a_computed_key_behind_a_filter_of_two_columns() => AreExact(values => $"SELECT key % 3 AS k, {values} FROM t WHERE big > small OR big IS NULL GROUP BY key % 3");

    [Fact]
    public void Of_all_rows() => AreExact(values => $"SELECT {values} FROM t WHERE small >= -1000000 AND price < 90000000.00 AND key <> 2");

    [Fact]
    public void Of_all_rows_in_vectors() =>
        AreExact(values => $"SELECT {values} FROM t WHERE small >= -1000000 AND price < 90000000.00 AND key <> 2", "sum(price * discount)", "count(price)", "sum(small)", "avg(big - small)");

    [Fact]
    public void Of_single_columns() => AreExact(values => $"SELECT key, {values} FROM t GROUP BY key", "sum(price)", "count(tax)", "count(*)");

    [Fact]
    public void Their_loop_stands_beside_the_general_one()
    {
        var code = Running.Compile(Sql.Plan($"SELECT {List(Values, "")} FROM t", tables: ("t", Table))).Single(f => f.Text.Contains("TSegment", StringComparison.Ordinal)).Text;
        Assert.Contains("if (!FitsLongs(rows)) General(rows);", code, StringComparison.Ordinal);
        Assert.Contains("else NarrowWithNulls(rows);", code, StringComparison.Ordinal);
        Assert.Contains("price[i] * ", code, StringComparison.Ordinal);
        Assert.DoesNotContain("FitsLongs", Running.Compile(Sql.Plan($"SELECT {List(Values, Exactly)} FROM t", tables: ("t", Table))).Single(f => f.Text.Contains("TSegment", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    /// <summary>True for every row, which the compiler does not know.</summary>
    private const string Exactly = " FILTER (WHERE key IS NULL OR key < 1000)";

    private static string List(string[] values, string filter) => string.Join(", ", values.Select((v, i) => $"{v}{filter} AS v{i}"));

    /// <summary>The same rows, the same answer, or the same error; batches with NULLs in none, some or all of their columns.</summary>
    private static void AreExact(Func<string, string> sql, params string[] values)
    {
        if (values.Length == 0) values = Values;
        using var narrow = Running.Load(Sql.Plan(sql(List(values, "")), tables: ("t", Table)));
        using var exact = Running.Load(Sql.Plan(sql(List(values, Exactly)), tables: ("t", Table)));
        Prop.ForAll<int>(seed =>
        {
            var random = new System.Random(seed);
            var rows = Rows(random);
            var size = random.Next(5, 40);
            var workers = random.Next(1, 4);
            return Answer(narrow, rows, size, workers).SequenceEqual(Answer(exact, rows, size, workers));
        }).QuickCheckThrowOnFailure();
    }

    private static List<string> Answer(CompiledPipeline compiled, object?[][] rows, int batch, int workers)
    {
        var read = compiled.Pipeline.Info.Flows[0].Sources[0].Columns.Fields.Select(f => Table.IndexOf(f.Name)).ToArray();
        try
        {
            return Running.Text(Running.Run(compiled, [[.. rows.Select(r => read.Select(c => r[c]).ToArray())]], out _, workers, batch, dictionaries: workers == 2));
        }
        catch (Exception e) when (e is KernelFault or RuntimeError)
        {
            return [e.Message];
        }
    }

    private static object?[][] Rows(System.Random random)
    {
        // How many digits the numbers of a run have at most: most runs stay in 64 bits, some do not.
        var (prices, taxes, bigs, smalls) = (random.Next(1, 16), random.Next(1, 19), random.Next(1, 18), random.Next(1, 6));
        var nulls = random.Next(3) * 0.2;
        var withNulls = Enumerable.Range(0, Table.Fields.Length).Select(_ => random.Next(2) == 0).ToArray();
        return [.. Enumerable.Range(0, random.Next(0, 200)).Select(_ => new object?[]
        {
            (long)random.Next(-2, 6), "kind " + random.Next(4), (Int128)Upto(prices), (Int128)Upto(3), (Int128)Upto(taxes), Upto(bigs), (int)Upto(smalls),
        }.Select((v, c) => withNulls[c] && random.NextDouble() < nulls ? null : v).ToArray())];

        long Upto(int digits) => random.NextInt64(-(long)Math.Pow(10, digits) + 1, (long)Math.Pow(10, digits));
    }
}
