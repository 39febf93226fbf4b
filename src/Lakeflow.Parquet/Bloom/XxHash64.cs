using System.Buffers.Binary;
using System.Numerics;

namespace Lakeflow.Parquet.Bloom;

/// <summary>The 64-bit hash that Parquet's bloom filters are made with: XXH64 with seed 0.</summary>
internal static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            var length = (ulong)bytes.Length;
            ulong hash;
            if (bytes.Length >= 32)
            {
                var (a, b, c, d) = (Prime1 + Prime2, Prime2, 0UL, 0UL - Prime1);
                do
                {
                    a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                    b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
                    c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
                    d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
                    bytes = bytes[32..];
                }
                while (bytes.Length >= 32);
                hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
                hash = Merge(Merge(Merge(Merge(hash, a), b), c), d);
            }
            else
            {
                hash = Prime5;
            }

            hash += length;
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(bytes)), 27) * Prime1) + Prime4;
            }

            if (bytes.Length >= 4)
            {
                hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Prime1), 23) * Prime2) + Prime3;
                bytes = bytes[4..];
            }

            foreach (var b in bytes) hash = BitOperations.RotateLeft(hash ^ (b * Prime5), 11) * Prime1;
            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    /// <summary>The hash of a value stored as INT64.</summary>
    public static ulong Of(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Of(bytes);
    }

    /// <summary>The hash of a value stored as INT32.</summary>
    public static ulong Of(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Of(bytes);
    }

    private static ulong Round(ulong sum, ulong input) => unchecked(BitOperations.RotateLeft(sum + (input * Prime2), 31) * Prime1);

    private static ulong Merge(ulong hash, ulong sum) => unchecked(((hash ^ Round(0, sum)) * Prime1) + Prime4);
}
