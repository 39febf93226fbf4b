using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.DuckDb;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Tests;

/// <summary>Integers are written by their differences where that is shorter, and columns stay as they are where compression saves little.</summary>
public sealed class IntegerPackingTests : IDisposable
{
    private static readonly Schema Numbers = new(new Field("wide", DataType.Int64), new Field("narrow", DataType.Int32), new Field("time", DataType.Timestamp));

    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow-parquet").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Integers_of_every_kind_come_back_from_us_and_from_DuckDB() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var batch = Batch(random, 1 + random.Next(3000), random.Next(6), random.Next(2) == 0);
            var options = new ParquetWriteOptions
            {
                Dictionary = random.Next(3) == 0,
                PageBytes = 1 + random.Next(20_000),
                TrialBytes = random.Next(40_000),
                PageVersion = 1 + random.Next(2),
                RowGroupRows = 1 + random.Next(4000),
            };
            var path = Path.Combine(folder, "numbers.parquet");
            File.WriteAllBytes(path, Files.Write(Numbers, [batch], options).Bytes);
            Files.AssertEqual(Files.RowsOf([batch]), Rows.Of(path, 1 + random.Next(1000)));
            if (DuckDbLibrary.Missing is not null) return; // brought by a script, and may be absent
            var copy = Path.Combine(folder, "copy.parquet");
            using var duck = new DuckDbConnection();
            duck.Execute($"SET preserve_insertion_order = true; SET TimeZone = 'UTC'; COPY (FROM read_parquet('{path}')) TO '{copy}' (FORMAT parquet)");
            Files.AssertEqual(Files.RowsOf([batch]), Rows.Of(copy));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_in_order_take_next_to_nothing_and_keys_without_any_what_they_are()
    {
        const int Count = 50_000;
        var random = new Random(7);
        var schema = new Schema(new Field("ordered", DataType.Int64), new Field("gaps", DataType.Int64), new Field("any", DataType.Int64), new Field("same", DataType.String));
        var builders = schema.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToArray();
        long at = 0;
        for (var row = 0; row < Count; row++)
        {
            builders[0].AppendValue((long)row);
            builders[1].AppendValue(at += 1 + random.Next(200));
            builders[2].AppendValue(random.NextInt64());
            builders[3].AppendValue(string.Concat(Enumerable.Repeat("the same again ", 20)) + row);
        }

        var batch = new RecordBatch(schema, [.. builders.Select(b => b.Build())], Count);
        using var file = Files.Open(Files.Write(schema, [batch], new ParquetWriteOptions { PageBytes = 8 << 10, TrialBytes = 1 << 20 }).Bytes);
        var columns = file.RowGroups[0].Columns;
        Assert.InRange(columns[0].CompressedSize, 1, Count / 8);
        Assert.InRange(columns[1].CompressedSize, Count / 2, Count * 3 / 2);
        Assert.InRange(columns[2].CompressedSize, Count * 8, Count * 9);
        Assert.Equal((Codec.None, Codec.None, Codec.Snappy), (columns[1].Codec, columns[2].Codec, columns[3].Codec));
        Files.AssertEqual(Files.RowsOf([batch]), Rows.Of(file));
    }

    /// <param name="random">Draws.</param>
    /// <param name="rows">How many.</param>
    /// <param name="kind">In order, in order with gaps, near each other, far apart, the ends of the range, all the same.</param>
    /// <param name="hasNulls">Every fourth or so.</param>
    private static RecordBatch Batch(Random random, int rows, int kind, bool hasNulls)
    {
        var builders = Numbers.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToArray();
        var start = random.Next(2) == 0 ? random.Next() : -random.Next();
        for (var row = 0; row < rows; row++)
        {
            var value = kind switch
            {
                0 => start + row,
                1 => start + (row * 1000L) + random.Next(1000),
                2 => start + random.Next(-50, 50),
                3 => random.NextInt64(long.MinValue, long.MaxValue),
                4 => random.Next(5) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => int.MinValue, 3 => int.MaxValue, _ => -1 },
                _ => start,
            };
            for (var c = 0; c < builders.Length; c++)
            {
                if (hasNulls && random.Next(4) == 0) builders[c].AppendNull();
                // DuckDB's TIMESTAMP has ends of its own.
                else builders[c].AppendValue(c switch { 0 => value, 1 => unchecked((int)value), _ => (object)(value % 1_000_000_000_000_000) });
            }
        }

        return new RecordBatch(Numbers, [.. builders.Select(b => b.Build())], rows);
    }
}
