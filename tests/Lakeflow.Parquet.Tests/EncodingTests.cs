using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Tests;

/// <summary>Encodings and codecs by themselves.</summary>
public class EncodingTests
{
    [Fact]
    public void Packed_and_repeated_values_come_back_at_every_width_in_any_pieces()
    {
        for (var width = 0; width <= 32; width++)
        {
            var random = new Random(width);
            var values = new int[3000];
            for (var i = 0; i < values.Length;)
            {
                // Runs of one value between stretches of different ones.
                var value = Value(random, width);
                for (var n = random.Next(3) == 0 ? random.Next(100) : 1; n > 0 && i < values.Length; n--) values[i++] = value;
            }

            var sink = new ByteSink();
            sink.Add(0x55);
            HybridWriter.Write<int>(sink, values, width);
            foreach (var padding in new[] { 0, 64 })
            {
                var bytes = new byte[sink.Length + padding];
                sink.Bytes.CopyTo(bytes);
                var reader = new HybridReader(1, sink.Length, width);
                var back = new int[values.Length];
                for (var at = 0; at < back.Length;)
                {
                    var some = Math.Min(back.Length - at, 1 + random.Next(200));
                    if (random.Next(4) == 0)
                    {
                        reader.Skip(bytes, some);
                        values.AsSpan(at, some).CopyTo(back.AsSpan(at));
                    }
                    else
                    {
                        reader.Read(bytes, back.AsSpan(at, some));
                    }

                    at += some;
                }

                Assert.Equal(values, back);
            }
        }
    }

    [Fact]
    public void Levels_come_back_as_bytes()
    {
        for (var width = 1; width <= 7; width++)
        {
            var random = new Random(width);
            var levels = Enumerable.Range(0, 1000).Select(i => (byte)(i < 300 ? 1 : random.Next(1 << width))).ToArray();
            var sink = new ByteSink();
            HybridWriter.Write<byte>(sink, levels, width);
            var back = new byte[levels.Length];
            var reader = new HybridReader(0, sink.Length, width);
            reader.ReadBytes(sink.Bytes, back.AsSpan(0, 301));
            reader.ReadBytes(sink.Bytes, back.AsSpan(301));
            Assert.Equal(levels, back);
        }
    }

    [Fact]
    public void Codes_outside_of_the_dictionary_are_refused()
    {
        var sink = new ByteSink();
        HybridWriter.Write<int>(sink, Enumerable.Range(0, 40).ToArray(), 6);
        var values = new long[40];
        var bytes = sink.Bytes.ToArray();
        Assert.Throws<BrokenDataException>(() => new HybridReader(0, bytes.Length, 6).ReadThrough<long>(bytes, new long[39], values));
    }

    [Fact]
    public void Snappy_gives_back_what_it_was_given() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            // From nothing to more than two blocks, from noise to one letter.
            var source = new byte[random.Next(4) switch { 0 => random.Next(20), 1 => random.Next(1000), _ => random.Next(200_000) }];
            var letters = 1 + random.Next(256);
            for (var i = 0; i < source.Length; i++)
            {
                source[i] = i > 100 && random.Next(3) > 0 ? source[i - 1 - random.Next(Math.Min(i, 70))] : (byte)random.Next(letters);
            }

            var packed = new byte[SnappyEncoder.LargestEncoded(source.Length)];
            var length = new SnappyEncoder().Encode(source, packed);
            var back = new byte[source.Length];
            SnappyDecoder.Decode(packed.AsSpan(0, length), back);
            Assert.Equal(source, back);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_matches_at_every_distance_are_copied_right()
    {
        for (var back = 1; back < 80; back++)
        {
            var source = new byte[back + 300];
            new Random(back).NextBytes(source.AsSpan(0, back));
            for (var i = back; i < source.Length; i++) source[i] = source[i - back];
            var packed = new byte[SnappyEncoder.LargestEncoded(source.Length)];
            var length = new SnappyEncoder().Encode(source, packed);
            var result = new byte[source.Length];
            SnappyDecoder.Decode(packed.AsSpan(0, length), result);
            Assert.Equal(source, result);
        }
    }

    [Fact]
    public void Checksums_are_those_of_gzip()
    {
        Assert.Equal(0xCBF43926U, Crc32.Of("123456789"u8));
        var bytes = new byte[300];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
            Assert.Equal(~Crc32.ByTables(uint.MaxValue, bytes.AsSpan(0, length)), Crc32.Of(bytes.AsSpan(0, length)));
    }

    private static int Value(Random random, int width) =>
        width == 0 ? 0 : (int)(uint)(random.NextInt64() & ((1L << width) - 1));
}
