using System.Buffers.Binary;
using System.Numerics;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Spark's generator for <c>rand</c> and <c>randn</c>: a 64-bit xorshift by 21, 35 and 4, read as <c>java.util.Random</c> reads its bits.</summary>
/// <remarks>The seed is spread over 64 bits by MurmurHash3 first, so that neighbouring seeds do not begin alike. Not safe for two threads.</remarks>
public sealed class RandomSequence
{
    private const uint HashSeed = 0x3c074a61;

    private long state;
    private double? kept;

    /// <param name="seed">Any number: the same seed gives the same sequence.</param>
    public RandomSequence(long seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seed);
        var low = Murmur3(bytes, HashSeed);
        state = ((long)Murmur3(bytes, low) << 32) | low;
    }

    /// <summary>From 0 up to 1, 53 bits.</summary>
    public double NextDouble() => (((long)Bits(26) << 27) + Bits(27)) * (1.0 / (1L << 53));

    /// <summary>Of the standard normal distribution, by the polar method, which draws two at a time.</summary>
    public double NextNormal()
    {
        if (kept is { } second)
        {
            kept = null;
            return second;
        }

        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square == 0);

        var factor = Math.Sqrt(-2 * Math.Log(square) / square);
        kept = y * factor;
        return x * factor;
    }

    private int Bits(int count)
    {
        state ^= state << 21;
        state ^= state >>> 35;
        state ^= state << 4;
        return (int)(state & ((1L << count) - 1));
    }

    /// <summary>MurmurHash3 of whole 32-bit words, little-endian.</summary>
    private static uint Murmur3(ReadOnlySpan<byte> bytes, uint seed)
    {
        var hash = seed;
        for (var at = 0; at < bytes.Length; at += sizeof(uint))
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) * 0xcc9e2d51;
            hash ^= BitOperations.RotateLeft(word, 15) * 0x1b873593;
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        hash ^= (uint)bytes.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
