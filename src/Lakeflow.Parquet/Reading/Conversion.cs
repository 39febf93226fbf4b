using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>PLAIN values of a stored type → values of the column's type, where the bits differ.</summary>
internal static class Conversion
{
    // The Julian day of 1970-01-01, by which INT96 timestamps count.
    private const int JulianEpoch = 2_440_588;
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>The values as an array of <typeparamref name="T"/>, one after another, in a block that the caller owns.</summary>
    public static ArrowBuffer To<T>(LeafColumn leaf, ReadOnlySpan<byte> plain)
        where T : unmanaged
    {
        if (leaf.Physical == PhysicalType.ByteArray) return FromByteArrays<T>(plain);
        var width = leaf.StoredWidth;
        var count = plain.Length / width;
        var buffer = ArrowBuffer.Rent(checked(count * Unsafe.SizeOf<T>()));
        try
        {
            Convert(leaf, plain[..(count * width)], buffer);
            return buffer;
        }
        catch
        {
            buffer.Release();
            throw;
        }
    }

    private static void Convert(LeafColumn leaf, ReadOnlySpan<byte> plain, ArrowBuffer buffer)
    {
        switch (leaf.Meaning)
        {
            case StoredAs.Narrow when leaf.Type is Int8Type:
                Each<int, sbyte, ToInt8>(plain, buffer);
                break;
            case StoredAs.Narrow:
                Each<int, short, ToInt16>(plain, buffer);
                break;
            case StoredAs.UInt32:
                Each<uint, long, FromUInt32>(plain, buffer);
                break;
            case StoredAs.UInt64:
                Each<ulong, Int128, FromUInt64>(plain, buffer);
                break;
            case StoredAs.TimestampMillis:
                Each<long, long, FromMillis>(plain, buffer);
                break;
            case StoredAs.TimestampNanos:
                Each<long, long, FromNanos>(plain, buffer);
                break;
            case StoredAs.Float16:
                Each<Half, float, FromHalf>(plain, buffer);
                break;
            case StoredAs.Int96:
                Int96(plain, buffer.As<long>());
                break;
            case StoredAs.Decimal when leaf.Type is DecimalType { Is64: true }:
                if (leaf.Physical == PhysicalType.Int32) Each<int, long, Widen32>(plain, buffer);
                else Decimals(plain, leaf.TypeLength, buffer.As<long>());
                break;
            default:
                if (leaf.Physical == PhysicalType.Int32) Each<int, Int128, Widen32>(plain, buffer);
                else if (leaf.Physical == PhysicalType.Int64) Each<long, Int128, Widen64>(plain, buffer);
                else Decimals(plain, leaf.TypeLength, buffer.As<Int128>());
                break;
        }
    }

    private static void Each<TStored, T, TConvert>(ReadOnlySpan<byte> plain, ArrowBuffer buffer)
        where TStored : unmanaged
        where T : unmanaged
        where TConvert : struct, IConvert<TStored, T>
    {
        var target = buffer.As<T>();
        var stored = MemoryMarshal.Cast<byte, TStored>(plain)[..target.Length];
        for (var i = 0; i < stored.Length; i++) target[i] = TConvert.Of(stored[i]);
    }

    private static void Int96(ReadOnlySpan<byte> plain, Span<long> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var nanos = BinaryPrimitives.ReadInt64LittleEndian(plain[(i * 12)..]);
            var day = BinaryPrimitives.ReadInt32LittleEndian(plain[((i * 12) + 8)..]);
            // As Spark does it: whole microseconds, and days that overflow wrap around.
            target[i] = unchecked((((long)day - JulianEpoch) * MicrosPerDay) + (nanos / 1000));
        }
    }

    private static void Decimals(ReadOnlySpan<byte> plain, int width, Span<long> target)
    {
        var i = 0;
        if (width is > 0 and <= sizeof(long))
        {
            // Eight bytes from each value's beginning on, the surplus shifted out; the last ones have too few behind them.
            var surplus = 8 * (sizeof(long) - width);
            for (; (i * width) + sizeof(long) <= plain.Length; i++) target[i] = BinaryPrimitives.ReadInt64BigEndian(plain[(i * width)..]) >> surplus;
        }

        for (; i < target.Length; i++) target[i] = (long)BigEndian(plain.Slice(i * width, width), sizeof(long));
    }

    private static void Decimals(ReadOnlySpan<byte> plain, int width, Span<Int128> target)
    {
        for (var i = 0; i < target.Length; i++) target[i] = BigEndian(plain.Slice(i * width, width), 16);
    }

    private static ArrowBuffer FromByteArrays<T>(ReadOnlySpan<byte> plain)
        where T : unmanaged
    {
        var count = 0;
        for (var at = 0; at < plain.Length; count++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(plain[at..]);
            if (length < 0 || length > plain.Length - at - 4) throw new BrokenDataException($"a number of {length} bytes");
            at += 4 + length;
        }

        var size = Unsafe.SizeOf<T>();
        var buffer = ArrowBuffer.Rent(checked(count * size));
        for (int i = 0, at = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(plain[at..]);
            var value = BigEndian(plain.Slice(at + 4, length), size);
            if (size == 8) buffer.As<long>()[i] = (long)value;
            else buffer.As<Int128>()[i] = value;
            at += 4 + length;
        }

        return buffer;
    }

    /// <summary>Two's complement, most significant byte first, of any length; the value must fit <paramref name="size"/> bytes.</summary>
    public static Int128 BigEndian(ReadOnlySpan<byte> bytes, int size)
    {
        Int128 value = bytes.Length > 0 && (bytes[0] & 0x80) != 0 ? -1 : 0;
        var sign = (byte)value;
        for (; bytes.Length > size; bytes = bytes[1..])
        {
            // What is too long may be sign only.
            if (bytes[0] != sign || ((bytes[1] ^ sign) & 0x80) != 0) throw new BrokenDataException("a DECIMAL has more digits than its type");
        }

        foreach (var b in bytes) value = (value << 8) | b;
        return value;
    }

    /// <summary>One stored value as the column's; a struct, so that a loop holds the conversion itself.</summary>
    private interface IConvert<TStored, T>
    {
        static abstract T Of(TStored value);
    }

    private readonly struct ToInt8 : IConvert<int, sbyte>
    {
        public static sbyte Of(int value) => (sbyte)value;
    }

    private readonly struct ToInt16 : IConvert<int, short>
    {
        public static short Of(int value) => (short)value;
    }

    private readonly struct FromUInt32 : IConvert<uint, long>
    {
        public static long Of(uint value) => value;
    }

    private readonly struct FromUInt64 : IConvert<ulong, Int128>
    {
        public static Int128 Of(ulong value) => value;
    }

    private readonly struct FromMillis : IConvert<long, long>
    {
        public static long Of(long value) => checked(value * 1000);
    }

    private readonly struct FromNanos : IConvert<long, long>
    {
        public static long Of(long value) => (value / 1000) - (value % 1000 < 0 ? 1 : 0);
    }

    private readonly struct FromHalf : IConvert<Half, float>
    {
        public static float Of(Half value) => (float)value;
    }

    private readonly struct Widen32 : IConvert<int, long>, IConvert<int, Int128>
    {
        static long IConvert<int, long>.Of(int value) => value;

        static Int128 IConvert<int, Int128>.Of(int value) => value;
    }

    private readonly struct Widen64 : IConvert<long, Int128>
    {
        public static Int128 Of(long value) => value;
    }
}
