using System.Buffers.Binary;
using Lakeflow.Arrow;
using Lakeflow.DuckDb;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Tests;

/// <summary>Files for readers that look for few rows: small pages, an index of where they lie, texts by what differs from the one before.</summary>
public sealed class PageIndexTests : IDisposable
{
    private static readonly Schema Columns = new(new Field("id", DataType.Int64), new Field("name", DataType.String), new Field("amount", DataType.Double), new Field("city", DataType.String), new Field("note", DataType.Binary),
        new Field("since", DataType.Date), new Field("active", DataType.Boolean));

    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow-parquet").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Rows_that_are_looked_for_are_those_of_the_whole_column()
    {
        for (var seed = 0; seed < 36; seed++)
        {
            var random = new Random(seed);
            var batch = Batch(random, 1 + random.Next(30_000));
            var bytes = Files.Write(Columns, [batch], Options(random)).Bytes;
            using var file = Files.Open(bytes);
            Files.AssertEqual(Files.RowsOf([batch]), Rows.Of(file, 1 + random.Next(10_000)));
            var (wanted, found) = LookFor(file, random);
            Files.AssertEqual(wanted.ConvertAll(row => Row(batch, row)), found);
            batch.Dispose();
        }
    }

    [Fact]
    public void DuckDB_reads_them_as_well()
    {
        if (DuckDbLibrary.Missing is not null) return; // brought by a script, and may be absent
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var batch = Batch(random, 1 + random.Next(5_000));
            var (path, copy) = (Path.Combine(folder, $"{seed}.parquet"), Path.Combine(folder, $"copy{seed}.parquet"));
            File.WriteAllBytes(path, Files.Write(Columns, [batch], Options(random)).Bytes);
            using var duck = new DuckDbConnection();
            duck.Execute($"SET preserve_insertion_order = true; COPY (FROM read_parquet('{path}')) TO '{copy}' (FORMAT parquet)");
            Files.AssertEqual(Files.RowsOf([batch]), Rows.Of(copy));
        }
    }

    [Fact]
    public void Of_a_few_rows_few_pages_are_read()
    {
        var random = new Random(5);
        using var batch = Batch(random, 60_000);
        var bytes = Files.Write(Columns, [batch], new ParquetWriteOptions { PageBytes = 768, PageRows = 256, Dictionary = false }).Bytes;
        using var input = new CountedRead(bytes);
        using var file = ParquetFile.Open(input, "test.parquet");
        using var group = file.OpenRowGroup(0, [0, 1]);
        var before = input.BytesRead;
        var (keys, rows, _) = group.ReadFirst(8192, [0]);
        var ids = input.BytesRead - before;
        var names = group.ReadRest(1, [17, 4000]);
        Assert.Equal([Row(batch, 17)[1], Row(batch, 4000)[1]], [names.GetValue(0), names.GetValue(1)]);
        Assert.InRange(input.BytesRead - before - ids, 1, file.RowGroups[0].Columns[1].CompressedSize / 10);
        Assert.Equal(8192, rows);
        foreach (var column in keys.Append(names)) column.Release();
    }

    [Fact]
    public void A_broken_index_misleads_nobody()
    {
        var random = new Random(11);
        using var batch = Batch(random, 20_000);
        var options = new ParquetWriteOptions { PageBytes = 768, PageRows = 256, Dictionary = false };
        var whole = Files.Write(Columns, [batch], options).Bytes;
        int start;
        using (var file = Files.Open(whole)) start = (int)(4 + file.RowGroups[0].Columns.Sum(c => c.CompressedSize));
        var end = whole.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(whole.Length - 8));
        var told = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var broken = whole.ToArray();
            broken[random.Next(start, end)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var file = Files.Open(broken);
                var (wanted, found) = LookFor(file, new Random(seed));
                Files.AssertEqual(wanted.ConvertAll(row => Row(batch, row)), found);
            }
            catch (DataFault fault)
            {
                Assert.StartsWith("LF60", fault.Code, StringComparison.Ordinal);
                told++;
            }
        }

        Assert.NotEqual(0, told);
    }

    private static ParquetWriteOptions Options(Random random) => new()
    {
        Codec = new[] { Codec.None, Codec.Snappy, Codec.GZip }[random.Next(3)],
        PageBytes = 100 + random.Next(2000),
        PageRows = random.Next(4) == 0 ? 0 : 1 + random.Next(400),
        TrialBytes = random.Next(2) * (1 << 20),
        RowGroupRows = 1000 + random.Next(30_000),
        Dictionary = random.Next(2) == 0,
        PageVersion = 1 + random.Next(2),
    };

    /// <summary>Looks for rows at random, some of them close together: their numbers, and what was read of them.</summary>
    private static (List<int> Wanted, List<object?[]> Found) LookFor(ParquetFile file, Random random)
    {
        var (wanted, found) = (new List<int>(), new List<object?[]>());
        var one = 1 + random.Next(new[] { 3, 30, 2000 }[random.Next(3)]);
        int[] others = [.. Enumerable.Range(1, Columns.Count - 1)];
        for (var g = 0; g < file.RowGroups.Count; g++)
        {
            using var group = file.OpenRowGroup(g, [0, .. others]);
            while (group.ReadFirst(8192, [0]) is { Rows: > 0 and var rows } first)
            {
                var some = Enumerable.Range(0, rows).Where(_ => random.Next(one) == 0).ToArray();
                if (some.Length == 0)
                {
                    group.SkipRest(others);
                }
                else
                {
                    var columns = others.Select(c => group.ReadRest(c, some)).Prepend(first.Columns[0]).ToList();
                    group.SkipRest([]);
                    for (var i = 0; i < some.Length; i++)
                    {
                        wanted.Add((int)first.FirstRow + some[i]);
                        found.Add([.. columns.Select(c => c.GetValue(c.Length == rows ? some[i] : i))]);
                    }

                    foreach (var column in columns.Skip(1)) column.Release();
                }

                first.Columns[0].Release();
            }
        }

        return (wanted, found);
    }

    private static object?[] Row(RecordBatch batch, int row) => [.. batch.Columns.Select(c => c.GetValue(row))];

    private static RecordBatch Batch(Random random, int count)
    {
        var builders = Columns.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToArray();
        var nulls = random.Next(3) == 0;
        // Some share more than one vector, some are longer than one.
        var title = new string('x', random.Next(3) == 0 ? random.Next(60) : 0) + "customer ";
        for (var row = 0; row < count; row++)
        {
            builders[0].AppendValue((long)row);
            Append(builders[1], title + random.Next(1_000_000));
            Append(builders[2], (double)random.Next(100_000));
            Append(builders[3], "city " + random.Next(1000));
            var note = new byte[random.Next(random.Next(20) == 0 ? 300 : 6)];
            random.NextBytes(note);
            Append(builders[4], note);
            Append(builders[5], 20_000 + (row / 100));
            Append(builders[6], random.Next(3) == 0);
        }

        return new RecordBatch(Columns, [.. builders.Select(b => b.Build())], count);

        void Append(ArrayBuilder builder, object value)
        {
            if (nulls && random.Next(5) == 0) builder.AppendNull();
            else builder.AppendValue(value);
        }
    }

    private sealed class CountedRead(byte[] bytes) : IRandomRead
    {
        public long BytesRead { get; private set; }

        public long Length => bytes.Length;

        public void Read(long offset, Span<byte> into)
        {
            bytes.AsSpan((int)offset, into.Length).CopyTo(into);
            BytesRead += into.Length;
        }

        public void Dispose()
        {
        }
    }
}
