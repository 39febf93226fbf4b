using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Encodings;

namespace Lakeflow.Parquet.Tests;

public sealed class SnappyTests
{
    [Fact]
    public void Any_elements_are_decoded_as_byte_by_byte() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var (packed, expected) = Elements(new Random(seed));
            var target = new byte[expected.Length];
            SnappyDecoder.Decode(packed, target);
            Assert.Equal(expected, target);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Broken_streams_are_refused_and_write_nothing_outside()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var (packed, expected) = Elements(random);
            // The head, which says the length, stays: behind it one byte is another, or the end is missing.
            if (packed.Length < 8) return;
            if (random.Next(2) == 0) packed = packed[..random.Next(6, packed.Length)];
            else packed[random.Next(6, packed.Length)] ^= (byte)(1 << random.Next(8));
            var block = new byte[expected.Length + 64];
            block.AsSpan(expected.Length).Fill(0xEE);
            try
            {
                SnappyDecoder.Decode(packed, block.AsSpan(0, expected.Length));
            }
            catch (BrokenDataException)
            {
                // Said in words: that is all that is asked.
            }

            Assert.Equal(-1, block.AsSpan(expected.Length).IndexOfAnyExcept((byte)0xEE));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>A stream of elements that an encoder may write, though ours does not write all of them, and what it says.</summary>
    private static (byte[] Packed, byte[] Plain) Elements(Random random)
    {
        var (packed, plain) = (new List<byte>(), new List<byte>());
        var farthest = random.Next(3) switch { 0 => 9, 1 => 70, _ => 70_000 };
        for (var left = random.Next(400); left >= 0; left--)
        {
            if (plain.Count == 0 || random.Next(2) == 0)
            {
                var literal = new byte[1 + random.Next(random.Next(30) == 0 ? 5000 : random.Next(4) == 0 ? 80 : 8)];
                random.NextBytes(literal);
                Literal(packed, literal);
                plain.AddRange(literal);
                continue;
            }

            var back = 1 + random.Next(Math.Min(plain.Count, farthest));
            var count = 1 + random.Next(random.Next(3) == 0 ? 64 : 12);
            if (back < 2048 && count is >= 4 and <= 11 && random.Next(3) > 0)
            {
                packed.AddRange([(byte)(1 | ((count - 4) << 2) | ((back >> 8) << 5)), (byte)back]);
            }
            else if (back < 65_536 && random.Next(4) > 0)
            {
                packed.AddRange([(byte)(2 | ((count - 1) << 2)), (byte)back, (byte)(back >> 8)]);
            }
            else
            {
                packed.AddRange([(byte)(3 | ((count - 1) << 2)), .. BitConverter.GetBytes(back)]);
            }

            for (; count > 0; count--) plain.Add(plain[^back]);
        }

        var length = (uint)plain.Count;
        // Five bytes whatever the length: a longer form than needed is allowed.
        byte[] head = [(byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)((length >> 14) | 0x80), (byte)((length >> 21) | 0x80), (byte)(length >> 28)];
        return ([.. head, .. packed], [.. plain]);
    }

    private static void Literal(List<byte> packed, byte[] bytes)
    {
        var size = bytes.Length - 1;
        if (size < 60) packed.Add((byte)(size << 2));
        else if (size < 256) packed.AddRange([60 << 2, (byte)size]);
        else packed.AddRange([61 << 2, (byte)size, (byte)(size >> 8)]);
        packed.AddRange(bytes);
    }
}
