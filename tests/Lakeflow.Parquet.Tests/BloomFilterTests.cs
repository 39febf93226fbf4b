using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Bloom;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Reading;

namespace Lakeflow.Parquet.Tests;

public class BloomFilterTests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    public void The_hash_is_xxh64(string text, ulong hash) => Assert.Equal(hash, XxHash64.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_filter_that_others_wrote_holds_what_they_put_in()
    {
        var path = Path.Combine(Shared.Conformance, "data", "bloom_filter.xxhash.bin");
        // The reference files are not part of the repository; without them there is nothing to compare with.
        if (!File.Exists(path)) return;
        using var input = new FileRead(path);
        var filter = BloomFilter.Read(input, 0, PhysicalType.ByteArray)!;
        Assert.All(["hello", "parquet", "bloom", "filter"], word => Assert.True(filter.MayContain(word, DataType.String), word));
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => filter.MayContain($"no{i}", DataType.String)), 0, 50);
    }

    [Theory]
    [InlineData("data_index_bloom_encoding_stats.parquet")]
    [InlineData("data_index_bloom_encoding_with_length.parquet")]
    public void A_file_that_others_wrote_tells_what_it_has_not(string name)
    {
        var path = Path.Combine(Shared.Conformance, "data", name);
        // As above.
        if (!File.Exists(path)) return;
        using var file = ParquetFile.Open(path);
        var filter = file.BloomFilterOf(0, 0)!;
        using var rows = file.OpenRowGroup(0, [0]);
        using var batch = rows.Read(1000)!;
        for (var i = 0; i < batch.Length; i++) Assert.True(filter.MayContain(batch.Columns[0].GetValue(i)!, DataType.String));
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => filter.MayContain($"no{i}", DataType.String)), 0, 50);
    }

    [Fact]
    public void What_is_in_a_row_group_is_never_ruled_out_and_most_else_is()
    {
        DataType[] types = [DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Date, DataType.String, DataType.Binary, new DecimalType(7, 2), new DecimalType(17, 2)];
        var random = new Random(3);
        foreach (var type in types)
        {
            var schema = new Schema(new Field("k", type));
            var values = Enumerable.Range(0, 5000).Select(_ => random.Next(9) == 0 ? null : Value(type, random.Next(1_000_000))).ToList();
            using var stream = new MemoryStream();
            using (var writer = new ParquetWriter(stream, schema, ParquetWriteOptions.Default with { RowGroupRows = 1000, BloomColumns = ["k"] }))
            {
                using var batch = Batch(schema, values);
                writer.Write(batch);
                writer.Close();
            }

            using var file = ParquetFile.Open(new MemoryRead(stream.ToArray()), "memory");
            Assert.Equal(5, file.RowGroups.Count);
            for (var group = 0; group < 5; group++)
            {
                var filter = file.BloomFilterOf(group, 0)!;
                Assert.All(values.Skip(group * 1000).Take(1000).OfType<object>(), v => Assert.True(filter.MayContain(v, type)));
                if (type is Int8Type or Int16Type) continue;
                Assert.InRange(Enumerable.Range(2_000_000, 2000).Count(i => filter.MayContain(Value(type, i), type)), 0, 60);
            }

            // The rows are as they were.
            var read = new List<object?>();
            for (var group = 0; group < 5; group++)
            {
                using var rows = file.OpenRowGroup(group, [0]);
                while (rows.Read(700) is { } batch)
                {
                    using (batch) read.AddRange(Enumerable.Range(0, batch.Length).Select(batch.Columns[0].GetValue));
                }
            }

            Assert.Equal(values, read);
        }
    }

    [Fact]
    public void Types_whose_values_have_several_forms_get_none()
    {
        var schema = new Schema(new Field("d", DataType.Double), new Field("t", DataType.Timestamp), new Field("l", new ListType(DataType.Int32)));
        using var stream = new MemoryStream();
        using (var writer = new ParquetWriter(stream, schema, ParquetWriteOptions.Default with { BloomColumns = ["d", "t", "l", "nosuch"] }))
        {
            using var batch = new RecordBatch(schema, [.. schema.Fields.Select(f => OneNull(f.Type))], 1);
            writer.Write(batch);
            writer.Close();
        }

        using var file = ParquetFile.Open(new MemoryRead(stream.ToArray()), "memory");
        Assert.All([0, 1, 2], c => Assert.Null(file.BloomFilterOf(0, c)));
    }

    private static ArrowArray OneNull(DataType type)
    {
        var builder = ArrayBuilder.Create(type, 1);
        builder.AppendNull();
        return builder.Build();
    }

    private static object Value(DataType type, int number) => type switch
    {
        Int8Type => (sbyte)number,
        Int16Type => (short)number,
        Int64Type => number * 1_000_003L,
        StringType => $"key {number}",
        BinaryType => BitConverter.GetBytes(number),
        DecimalType => (Int128)number,
        _ => number,
    };

    private static RecordBatch Batch(Schema schema, IReadOnlyList<object?> values)
    {
        var builder = ArrayBuilder.Create(schema[0].Type, values.Count);
        foreach (var value in values) builder.AppendValue(value);
        return new RecordBatch(schema, [builder.Build()], values.Count);
    }
}
