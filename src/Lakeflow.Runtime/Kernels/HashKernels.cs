using System.Buffers.Binary;
using System.Numerics;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Hash functions over bytes.</summary>
public static class HashKernels
{
    private const ulong P1 = 0x9E3779B185EBCA87, P2 = 0xC2B2AE3D27D4EB4F, P3 = 0x165667B19E3779F9, P4 = 0x85EBCA77C2B2AE63, P5 = 0x27D4EB2F165667C5;

    /// <summary>XXH64 of the bytes.</summary>
    public static ulong XxHash64(ReadOnlySpan<byte> bytes, ulong seed)
    {
        ulong hash;
        var rest = bytes;
        if (rest.Length >= 32)
        {
            ulong a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
            do
            {
                a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(rest));
                b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
                c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(rest[16..]));
                d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(rest[24..]));
                rest = rest[32..];
            }
            while (rest.Length >= 32);

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
            foreach (var part in (ReadOnlySpan<ulong>)[a, b, c, d]) hash = ((hash ^ Round(0, part)) * P1) + P4;
        }
        else
        {
            hash = seed + P5;
        }

        hash += (ulong)bytes.Length;
        for (; rest.Length >= 8; rest = rest[8..])
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * P1) + P4;
        if (rest.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * P1), 23) * P2) + P3;
            rest = rest[4..];
        }

        foreach (var b in rest) hash = BitOperations.RotateLeft(hash ^ (b * P5), 11) * P1;
        return Mix(hash);
    }

    private static ulong Round(ulong state, ulong input) => BitOperations.RotateLeft(state + (input * P2), 31) * P1;

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return hash ^ (hash >> 32);
    }
}
