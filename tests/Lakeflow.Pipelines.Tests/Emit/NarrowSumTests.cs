using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Sums in 64 bits, where bounds allow them, are the sums of the exact states: a batch that holds a NULL goes to those.</summary>
public class NarrowSumTests
{
    private const string Sums = """
        sum(price) AS a, avg(price) AS b, sum(price * (1 - discount)) AS c, sum(price * (1 - discount) * (1 + tax)) AS d, avg(discount) AS e, sum(-price + discount) AS f,
        count(price) AS g, sum(big) AS h, avg(big) AS i, sum(big * small) AS j, sum(small) AS k, sum(small * small) AS l, sum(CAST(small AS DECIMAL(10,0)) * small) AS m, max(big) AS n
        """;

    private static readonly Schema Table = new(
        new Field("key", DataType.Int64), new Field("kind", DataType.String), new Field("price", new DecimalType(15, 2)), new Field("discount", new DecimalType(15, 2)),
        new Field("tax", new DecimalType(18, 6)), new Field("big", DataType.Int64), new Field("small", DataType.Int32));

    [Fact]
    public void By_a_number() => AreExact($"SELECT key, {Sums} FROM t WHERE key IS NULL OR key <> 3 GROUP BY key");

    [Fact]
    public void By_a_text() => AreExact($"SELECT kind, {Sums} FROM t GROUP BY kind");

    [Fact]
    public void By_a_computed_key_behind_a_filter_of_two_columns() => AreExact($"SELECT key % 3 AS k, {Sums} FROM t WHERE big > small OR big IS NULL GROUP BY key % 3");

    [Fact]
    public void Of_all_rows() => AreExact($"SELECT {Sums} FROM t WHERE small >= -1000000 AND price < 90000000.00 AND key <> 2");

    [Fact]
    public void Of_all_rows_in_vectors() => AreExact("SELECT sum(price * discount) AS a, count(price) AS b, sum(small) AS c, avg(big - small) AS d FROM t WHERE small >= -1000000 AND price < 90000000.00 AND key <> 2");

    [Fact]
    public void Their_loop_stands_beside_the_general_one()
    {
        var code = Running.Compile(Sql.Plan($"SELECT {Sums} FROM t", tables: ("t", Table))).Single(f => f.Text.Contains("TSegment", StringComparison.Ordinal)).Text;
        Assert.Contains("else General(rows);", code, StringComparison.Ordinal);
        Assert.Contains("price[i] * ", code, StringComparison.Ordinal);
    }

    /// <summary>The same rows, in batches with a row of NULLs and without: the same answer, or the same error.</summary>
    private static void AreExact(string sql)
    {
        using var compiled = Running.Load(Sql.Plan(sql, tables: ("t", Table)));
        var read = compiled.Pipeline.Info.Flows[0].Sources[0].Columns.Fields.Select(f => Table.IndexOf(f.Name)).ToArray();
        Prop.ForAll<int>(seed =>
        {
            var random = new System.Random(seed);
            var rows = Rows(random).Select(r => read.Select(c => r[c]).ToArray()).ToArray();
            var size = random.Next(5, 40);
            var withNulls = rows.Chunk(size).SelectMany(c => c.Append(new object?[read.Length])).ToArray();
            var workers = random.Next(1, 4);
            return Answer(rows, size, workers).SequenceEqual(Answer(withNulls, size + 1, workers));
        }).QuickCheckThrowOnFailure();

        List<string> Answer(object?[][] rows, int batch, int workers)
        {
            try
            {
                // The group of the NULL rows is not compared.
                return Running.Text(Running.Run(compiled, [rows], out _, workers, batch, dictionaries: workers == 2).Where(r => r[0] is not null));
            }
            catch (Exception e) when (e is KernelFault or RuntimeError)
            {
                return [e.Message];
            }
        }
    }

    private static object?[][] Rows(System.Random random)
    {
        // How many digits the numbers of a run have at most: most runs stay in 64 bits, some do not.
        var (prices, taxes, bigs, smalls) = (random.Next(1, 16), random.Next(1, 19), random.Next(1, 18), random.Next(1, 6));
        return [.. Enumerable.Range(0, random.Next(0, 200)).Select(_ => new object?[]
        {
            (long)random.Next(-2, 6), "kind " + random.Next(4), (Int128)Upto(prices), (Int128)Upto(3), (Int128)Upto(taxes), Upto(bigs), (int)Upto(smalls),
        })];

        long Upto(int digits) => random.NextInt64(-(long)Math.Pow(10, digits) + 1, (long)Math.Pow(10, digits));
    }
}
