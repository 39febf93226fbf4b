using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>The functions <c>hash</c> (Murmur3, 32 bits) and <c>xxhash64</c> as Spark computes them: seed 42, each value with the hash so far as its seed.</summary>
public static class SparkHash
{
    public static int Murmur3(object?[] values, DataType[] types)
    {
        var hash = 42u;
        for (var i = 0; i < values.Length; i++) hash = Murmur3Of(values[i], types[i], hash);
        return (int)hash;
    }

    public static long XxHash64(object?[] values, DataType[] types)
    {
        var hash = 42ul;
        for (var i = 0; i < values.Length; i++) hash = XxHash64Of(values[i], hash, types[i]);
        return (long)hash;
    }

    /// <summary>NULL leaves the seed as it is.</summary>
    public static ulong XxHash64Of(object? value, ulong seed, DataType? type = null)
    {
        switch (value)
        {
            case null: return seed;
            case string text: return HashKernels.XxHash64(Encoding.UTF8.GetBytes(text), seed);
            case byte[] bytes: return HashKernels.XxHash64(bytes, seed);
            case Int128 wide when type is DecimalType { Is64: false } || wide != (long)wide: return HashKernels.XxHash64(Bytes(wide), seed);
            case object?[] items:
                for (var i = 0; i < items.Length; i++) seed = XxHash64Of(items[i], seed, Child(type, i));
                return seed;
            case KeyValuePair<object, object?>[] pairs:
                foreach (var pair in pairs) seed = XxHash64Of(pair.Value, XxHash64Of(pair.Key, seed, (type as MapType)?.Key.Type), (type as MapType)?.Value.Type);
                return seed;
        }

        Span<byte> buffer = stackalloc byte[8];
        if (Small(value) is { } small)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer, small);
            return HashKernels.XxHash64(buffer[..4], seed);
        }

        BinaryPrimitives.WriteInt64LittleEndian(buffer, Large(value));
        return HashKernels.XxHash64(buffer, seed);
    }

    private static uint Murmur3Of(object? value, DataType? type, uint seed)
    {
        switch (value)
        {
            case null: return seed;
            case string text: return MurmurBytes(Encoding.UTF8.GetBytes(text), seed);
            case byte[] bytes: return MurmurBytes(bytes, seed);
            case Int128 wide when type is DecimalType { Is64: false } || wide != (long)wide: return MurmurBytes(Bytes(wide), seed);
            case object?[] items:
                for (var i = 0; i < items.Length; i++) seed = Murmur3Of(items[i], Child(type, i), seed);
                return seed;
            case KeyValuePair<object, object?>[] pairs:
                foreach (var pair in pairs) seed = Murmur3Of(pair.Value, (type as MapType)?.Value.Type, Murmur3Of(pair.Key, (type as MapType)?.Key.Type, seed));
                return seed;
        }

        if (Small(value) is { } small) return Finish(Step(seed, (uint)small), 4);
        var large = Large(value);
        return Finish(Step(Step(seed, (uint)large), (uint)(large >> 32)), 8);
    }

    private static DataType? Child(DataType? type, int index) => type switch
    {
        ListType list => list.Element.Type,
        StructType row => row.Fields[index].Type,
        _ => null,
    };

    private static int? Small(object value) => value switch
    {
        bool b => b ? 1 : 0,
        sbyte n => n,
        short n => n,
        int n => n,
        float f => BitConverter.SingleToInt32Bits(f == 0 ? 0 : f),
        _ => null,
    };

    private static long Large(object value) => value switch
    {
        double d => BitConverter.DoubleToInt64Bits(d == 0 ? 0 : d),
        Int128 n => (long)n,
        _ => (long)value,
    };

    private static byte[] Bytes(Int128 value) => ((BigInteger)value).ToByteArray(isBigEndian: true);

    /// <summary>Spark's variant: the bytes after the last whole word go in one at a time, each as a word.</summary>
    private static uint MurmurBytes(ReadOnlySpan<byte> bytes, uint seed)
    {
        var hash = seed;
        var at = 0;
        for (; at + 4 <= bytes.Length; at += 4) hash = Step(hash, BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));
        for (; at < bytes.Length; at++) hash = Step(hash, (uint)(sbyte)bytes[at]);
        return Finish(hash, bytes.Length);
    }

    private static uint Step(uint hash, uint word) =>
        (BitOperations.RotateLeft(hash ^ (BitOperations.RotateLeft(word * 0xCC9E2D51, 15) * 0x1B873593), 13) * 5) + 0xE6546B64;

    private static uint Finish(uint hash, int length)
    {
        hash ^= (uint)length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
