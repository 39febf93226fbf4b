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
                Each<int, sbyte>(plain, buffer, static v => (sbyte)v);
                break;
            case StoredAs.Narrow:
                Each<int, short>(plain, buffer, static v => (short)v);
                break;
            case StoredAs.UInt32:
                Each<uint, long>(plain, buffer, static v => v);
                break;
            case StoredAs.UInt64:
                Each<ulong, Int128>(plain, buffer, static v => v);
                break;
            case StoredAs.TimestampMillis:
                Each<long, long>(plain, buffer, static v => checked(v * 1000));
                break;
            case StoredAs.TimestampNanos:
                Each<long, long>(plain, buffer, static v => (v / 1000) - (v % 1000 < 0 ? 1 : 0));
                break;
            case StoredAs.Float16:
                Each<Half, float>(plain, buffer, static v => (float)v);
                break;
            case StoredAs.Int96:
                Int96(plain, buffer.As<long>());
                break;
            case StoredAs.Decimal when leaf.Type is DecimalType { Is64: true }:
                if (leaf.Physical == PhysicalType.Int32) Each<int, long>(plain, buffer, static v => v);
                else Decimals(plain, leaf.TypeLength, buffer.As<long>());
                break;
            default:
                if (leaf.Physical == PhysicalType.Int32) Each<int, Int128>(plain, buffer, static v => v);
                else if (leaf.Physical == PhysicalType.Int64) Each<long, Int128>(plain, buffer, static v => v);
                else Decimals(plain, leaf.TypeLength, buffer.As<Int128>());
                break;
        }
    }

    private static void Each<TStored, T>(ReadOnlySpan<byte> plain, ArrowBuffer buffer, Func<TStored, T> convert)
        where TStored : unmanaged
        where T : unmanaged
    {
        var target = buffer.As<T>();
        var size = Unsafe.SizeOf<TStored>();
        for (var i = 0; i < target.Length; i++) target[i] = convert(MemoryMarshal.Read<TStored>(plain[(i * size)..]));
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
        for (var i = 0; i < target.Length; i++) target[i] = (long)BigEndian(plain.Slice(i * width, width), 8);
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
}
