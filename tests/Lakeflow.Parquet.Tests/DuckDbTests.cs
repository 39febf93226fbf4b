using Lakeflow.Arrow;
using Lakeflow.Arrow.Tests;
using Lakeflow.DuckDb;
using Lakeflow.Parquet.Metadata;
using Xunit.Abstractions;

namespace Lakeflow.Parquet.Tests;

/// <summary>An independent reader and writer agrees: what DuckDB reads of a file and writes again, we read with the same values.</summary>
public sealed class DuckDbTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow-parquet").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Codec.Snappy, 1, true)]
    [InlineData(Codec.GZip, 2, true)]
    [InlineData(Codec.None, 1, false)]
    [InlineData(Codec.Snappy, 2, false)]
    public void DuckDB_reads_what_we_write(Codec codec, int version, bool dictionary)
    {
        // DuckDB's library is brought by a script and may be absent: then there is nobody to ask.
        if (DuckDbLibrary.Missing is not null) return;
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new RandomBatches(seed);
            var schema = new Schema(new Field("id", DataType.Int64), Known(random, "a"), Known(random, "b"), Known(random, "c"));
            var batch = random.Batch(schema, 700);
            var options = new ParquetWriteOptions { Codec = codec, PageVersion = version, Dictionary = dictionary, PageBytes = 3000, RowGroupRows = 256 };
            var (bytes, _) = Files.Write(schema, [batch], options);
            var ours = Path.Combine(folder, "ours.parquet");
            File.WriteAllBytes(ours, bytes);
            Files.AssertEqual(Files.RowsOf([batch]), Rows.Of(Copied(ours)), oneZero: true);
        }
    }

    [Fact]
    public void Annotated_types_mean_the_same_to_DuckDB()
    {
        if (DuckDbLibrary.Missing is not null) return; // as above
        (DataType Type, object Value, string Name, string Text)[] columns =
        [
            (DataType.Date, 19_000, "DATE", "2022-01-08"),
            (DataType.Timestamp, 1_650_000_000_000_001L, "TIMESTAMP WITH TIME ZONE", "2022-04-15 05:20:00.000001+00"),
            (DataType.TimestampNtz, -1L, "TIMESTAMP", "1969-12-31 23:59:59.999999"),
            (DataType.Int8, (sbyte)-5, "TINYINT", "-5"),
            (DataType.Int16, (short)-300, "SMALLINT", "-300"),
            (new DecimalType(9, 2), (Int128)(-12345), "DECIMAL(9,2)", "-123.45"),
            (new DecimalType(18, 4), (Int128)1, "DECIMAL(18,4)", "0.0001"),
            (new DecimalType(38, 1), -Int128.Parse("12345678901234567890123456789"), "DECIMAL(38,1)", "-1234567890123456789012345678.9"),
            (DataType.String, "ø🌊", "VARCHAR", "ø🌊"),
            (DataType.Binary, new byte[] { 0, 0x61 }, "BLOB", "\\x00a"),
        ];
        var schema = new Schema(columns.Select((c, i) => new Field($"c{i}", c.Type)).ToArray());
        var arrays = columns.Select(c =>
        {
            var builder = ArrayBuilder.Create(c.Type);
            builder.AppendValue(c.Value);
            return builder.Build();
        });
        var (bytes, _) = Files.Write(schema, [new RecordBatch(schema, [.. arrays], 1)]);
        var path = Path.Combine(folder, "types.parquet");
        File.WriteAllBytes(path, bytes);
        using var duck = new DuckDbConnection();
        duck.Execute("SET TimeZone = 'UTC'");
        var names = Enumerable.Range(0, columns.Length);
        Assert.Equal(columns.Select(c => c.Name), duck.Query($"SELECT {string.Join(", ", names.Select(i => $"typeof(c{i})"))} FROM '{path}'")[0]);
        Assert.Equal(columns.Select(c => c.Text), duck.Query($"SELECT {string.Join(", ", names.Select(i => $"c{i}::VARCHAR"))} FROM '{path}'")[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Columns_without_a_value_are_read_by_DuckDB(int version)
    {
        if (DuckDbLibrary.Missing is not null) return; // as above
        var schema = new Schema(
            new Field("one", DataType.Int32),
            new Field("nothing", DataType.String),
            new Field("none", new ListType(DataType.Int64)),
            new Field("empty", new MapType(DataType.String, DataType.Double)));
        var builders = schema.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToList();
        for (var i = 0; i < 300; i++)
        {
            builders[0].AppendValue(7);
            builders[1].AppendNull();
            builders[2].AppendValue(i % 2 == 0 ? null : Array.Empty<object?>());
            builders[3].AppendValue(Array.Empty<KeyValuePair<object, object?>>());
        }

        var path = Path.Combine(folder, "empty.parquet");
        var batch = new RecordBatch(schema, [.. builders.Select(b => b.Build())], 300);
        foreach (var batches in new List<RecordBatch>[] { [batch], [] })
        {
            File.WriteAllBytes(path, Files.Write(schema, batches, new ParquetWriteOptions { PageVersion = version, PageBytes = 100 }).Bytes);
            using var duck = new DuckDbConnection();
            var counts = duck.Query($"SELECT count(*), count(one), count(nothing), count(none), count(empty), sum(len(none)) FROM '{path}'")[0];
            Assert.Equal(batches.Count == 0 ? ["0", "0", "0", "0", "0", null] : ["300", "300", "0", "150", "300", "0"], counts);
        }
    }

    [Fact]
    public void Bloom_filters_mean_the_same_to_DuckDB()
    {
        if (DuckDbLibrary.Missing is not null) return; // as above
        var schema = new Schema(new Field("n", DataType.Int64), new Field("i", DataType.Int32), new Field("s", DataType.String));
        var builders = schema.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToList();
        for (var row = 0; row < 400; row++)
        {
            builders[0].AppendValue(row * 3L);
            builders[1].AppendValue(row * 3);
            builders[2].AppendValue($"t{row * 3}");
        }

        var batch = new RecordBatch(schema, [.. builders.Select(b => b.Build())], 400);
        var ours = Path.Combine(folder, "ours.parquet");
        File.WriteAllBytes(ours, Files.Write(schema, [batch], new ParquetWriteOptions { RowGroupRows = 200, BloomColumns = ["n", "i", "s"] }).Bytes);
        using var duck = new DuckDbConnection();
        foreach (var (column, quote) in new[] { ("n", ""), ("i", ""), ("s", "'t") })
        {
            var end = quote.Length > 0 ? "'" : "";
            for (var value = 0; value < 200; value++)
            {
                var groups = duck.Query($"SELECT row_group_id, bloom_filter_excludes FROM parquet_bloom_probe('{ours}', '{column}', {quote}{value}{end}) ORDER BY 1");
                Assert.Equal(2, groups.Count);
                // The first group has the multiples of three up to 597.
                if (value % 3 == 0) Assert.Equal("false", groups[0][1]);
            }

            var excluded = duck.Query($"SELECT count(*) FROM parquet_bloom_probe('{ours}', '{column}', {quote}1999{end}) WHERE bloom_filter_excludes")[0][0];
            Assert.NotEqual("0", excluded);
        }

        // The other way: DuckDB gives columns with a dictionary a filter.
        var theirs = Path.Combine(folder, "theirs.parquet");
        duck.Execute($"COPY (SELECT (r % 50) * 7 AS n, ('t' || (r % 50)) AS s FROM range(5000) t(r)) TO '{theirs}' (FORMAT parquet)");
        using var file = ParquetFile.Open(theirs);
        var (numbers, texts) = (file.BloomFilterOf(0, 0)!, file.BloomFilterOf(0, 1)!);
        for (var i = 0L; i < 50; i++)
        {
            Assert.True(numbers.MayContain(i * 7, DataType.Int64));
            Assert.True(texts.MayContain($"t{i}", DataType.String));
        }

        Assert.InRange(Enumerable.Range(1000, 1000).Count(i => numbers.MayContain((long)i, DataType.Int64)), 0, 60);
    }

    [Fact]
    public void DuckDB_prunes_by_our_statistics_without_losing_rows()
    {
        if (DuckDbLibrary.Missing is not null) return; // as above
        var random = new RandomBatches(5);
        var schema = new Schema(new Field("i", DataType.Int32), new Field("d", DataType.Double), new Field("s", DataType.String), new Field("m", new DecimalType(25, 2)));
        var batch = random.Batch(schema, 3000);
        var (bytes, _) = Files.Write(schema, [batch], new ParquetWriteOptions { RowGroupRows = 100 });
        var path = Path.Combine(folder, "pruned.parquet");
        File.WriteAllBytes(path, bytes);
        using var duck = new DuckDbConnection();
        foreach (var condition in new[] { "i > 2000000000", "i = 0", "d < -4e8", "d = 0", "s = '🌊'", "s > 'ø'", "m < 0", "isnan(d)", "d > 4e8" })
        {
            var pruned = duck.Query($"SELECT count(*) FROM '{path}' WHERE {condition}")[0][0];
            var whole = duck.Query($"WITH t AS MATERIALIZED (SELECT * FROM '{path}') SELECT count(*) FROM t WHERE {condition}")[0][0];
            Assert.Equal(whole, pruned);
        }
    }

    [Fact]
    public void Conformance_files_hold_what_DuckDB_finds_in_them()
    {
        if (DuckDbLibrary.Missing is not null || !Directory.Exists(Shared.Conformance)) return; // as above
        var agreed = 0;
        var differences = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Shared.Conformance, "data"), "*.parquet").Order())
        {
            // Gigabytes that another test reads, and timestamps that overflow in DuckDB's nanoseconds.
            if (path.Contains("large_string_map", StringComparison.Ordinal) || path.Contains("int96_from_spark", StringComparison.Ordinal)) continue;
            string copy;
            try
            {
                copy = Copied(path);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                output.WriteLine($"DuckDB does not read {Path.GetFileName(path)}: {e.Message.Split('\n')[0]}");
                continue;
            }

            try
            {
                Files.AssertEqual(Rows.Of(copy), Rows.Of(path), oneZero: true);
                agreed++;
            }
            catch (Xunit.Sdk.XunitException e)
            {
                differences.Add($"{Path.GetFileName(path)}: {e.Message}");
            }
        }

        output.WriteLine($"{agreed} files agree");
        Assert.Empty(differences);
    }

    private string Copied(string path)
    {
        var copy = Path.Combine(folder, "copy.parquet");
        using var duck = new DuckDbConnection();
        duck.Execute($"SET preserve_insertion_order = true; SET TimeZone = 'UTC'");
        duck.Execute($"COPY (SELECT * FROM read_parquet('{path}')) TO '{copy}' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        return copy;
    }

    // DATE and TIMESTAMP have ends of their own in DuckDB, and VOID it does not write.
    private static Field Known(RandomBatches random, string name)
    {
        while (true)
        {
            var field = random.Field(name, depth: 2);
            if (!Has(field.Type)) return field;
        }
    }

    private static bool Has(DataType type) => type switch
    {
        DateType or TimestampType or NullType => true,
        ListType list => Has(list.Element.Type),
        MapType map => Has(map.Key.Type) || Has(map.Value.Type),
        StructType structure => structure.Fields.Any(f => Has(f.Type)),
        _ => false,
    };
}
