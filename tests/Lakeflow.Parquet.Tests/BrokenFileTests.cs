using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Arrow.Tests;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Tests;

/// <summary>Whatever bytes come in: rows or a DataFault, nothing else.</summary>
public class BrokenFileTests
{
    public static TheoryData<Codec, int> Forms => new()
    {
        { Codec.None, 1 }, { Codec.None, 2 }, { Codec.Snappy, 1 }, { Codec.Snappy, 2 }, { Codec.GZip, 1 },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Changed_bytes_end_in_rows_or_a_fault(Codec codec, int version)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new RandomBatches(seed);
            var schema = seed == 0
                ? new Schema(RandomBatches.LeafTypes.Select((t, i) => new Field($"c{i}", t)).ToImmutableArray())
                : random.Schema(3, depth: 3);
            // Without checksums: they would hide the decoders from what is changed.
            var options = new ParquetWriteOptions { Codec = codec, PageVersion = version, PageBytes = 500, RowGroupRows = 100, Checksums = false, Dictionary = seed % 3 > 0 };
            var (good, _) = Files.Write(schema, [random.Batch(schema, 150)], options);
            for (var round = 0; round < 150; round++)
            {
                var bytes = (byte[])good.Clone();
                for (var i = 0; i <= round % 4; i++) bytes[Place(random, bytes, round)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
                MustReadOrFault(bytes);
            }
        }
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var random = new RandomBatches(1);
        var schema = random.Schema(2, depth: 2);
        var (good, _) = Files.Write(schema, [random.Batch(schema, 50)]);
        for (var length = 0; length < good.Length; length++)
        {
            var cut = good[..length];
            Assert.Throws<DataFault>(() => Rows.Of(Files.Open(cut)));
        }
    }

    [Fact]
    public void Stretches_taken_out_or_doubled_end_in_rows_or_a_fault()
    {
        var random = new RandomBatches(2);
        var schema = random.Schema(4, depth: 2);
        var (good, _) = Files.Write(schema, [random.Batch(schema, 80)], new ParquetWriteOptions { Checksums = false });
        for (var round = 0; round < 400; round++)
        {
            var from = random.Next(good.Length);
            var to = Math.Min(good.Length, from + 1 + random.Next(20));
            MustReadOrFault(round % 2 == 0 ? [.. good[..from], .. good[to..]] : [.. good[..to], .. good[from..]]);
        }
    }

    [Fact]
    public void A_page_that_was_changed_fails_its_checksum()
    {
        var schema = new Schema(new Field("n", DataType.Int64));
        var (bytes, _) = Files.Write(schema, [new RandomBatches(4).Batch(schema, 1000)], new ParquetWriteOptions { Codec = Codec.None, Dictionary = false });
        bytes[bytes.Length / 2] ^= 1;
        var fault = Assert.Throws<DataFault>(() => Rows.Of(Files.Open(bytes)));
        Assert.Equal("LF6009", fault.Code);
        Assert.Contains("'n'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "LF6001")]
    [InlineData("PAR1", "LF6001")]
    [InlineData("PAR1 and no magic at the end", "LF6001")]
    [InlineData("PARE............PARE", "LF6002")]
    [InlineData("PAR1....ÿÿPAR1", "LF6003")]
    public void What_is_no_parquet_file_says_so(string text, string code)
    {
        var fault = Assert.Throws<DataFault>(() => Files.Open(System.Text.Encoding.Latin1.GetBytes(text)));
        Assert.Equal(code, fault.Code);
        Assert.Contains("test.parquet", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_named()
    {
        var binary = new Schema(new Field("t", DataType.Binary));
        var builder = new StringArrayBuilder(DataType.Binary);
        builder.Append([0x61, 0xC3]);
        builder.Append([0xA5]);
        var batch = new RecordBatch(binary, [builder.Build()], 2);
        foreach (var dictionary in new[] { true, false })
        {
            // Together the two are one character; apart neither is. The annotation is what makes them text.
            var text = new Schema(new Field("t", DataType.String));
            var retyped = new RecordBatch(text, [Retyped((StringArray)batch.Columns[0])], 2);
            var (bytes, _) = Files.Write(text, [retyped], new ParquetWriteOptions { Dictionary = dictionary });
            Assert.Equal("LF6013", Assert.Throws<DataFault>(() => Rows.Of(Files.Open(bytes))).Code);
        }
    }

    [Fact]
    public void Null_in_a_column_that_is_not_null_is_refused()
    {
        var schema = new Schema(new Field("n", DataType.Int64, Nullable: false));
        var builder = new PrimitiveBuilder<long>(DataType.Int64);
        builder.AppendNull();
        var batch = new RecordBatch(schema, [builder.Build()], 1);
        Assert.Equal("LF6022", Assert.Throws<DataFault>(() => Files.Write(schema, [batch])).Code);
    }

    [Fact]
    public void What_cannot_be_written_is_refused_by_name()
    {
        var empty = new Schema(new Field("s", new StructType([])));
        Assert.Equal("LF6020", Assert.Throws<DataFault>(() => Files.Write(empty, [])).Code);
        var schema = new Schema(new Field("n", DataType.Int64));
        Assert.Equal("LF6021", Assert.Throws<DataFault>(() => Files.Write(schema, [], new ParquetWriteOptions { Codec = Codec.Lzo })).Code);
    }

    private static StringArray Retyped(StringArray source)
    {
        var builder = new StringArrayBuilder(DataType.String);
        for (var i = 0; i < source.Length; i++) builder.Append(source[i]);
        return (StringArray)builder.Build();
    }

    // Half of the changes in the last quarter, where the footer is.
    private static int Place(RandomBatches random, byte[] bytes, int round) =>
        round % 2 == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(bytes.Length / 4);

    private static void MustReadOrFault(byte[] bytes)
    {
        try
        {
            using var file = Files.Open(bytes);
            // A count of billions of NULLs can be the truth of a few bytes: it is read in part.
            if (file.RowCount < 100_000) Rows.Of(file);
        }
        catch (DataFault fault)
        {
            Assert.StartsWith("LF60", fault.Code, StringComparison.Ordinal);
        }
    }
}
