using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lakeflow.Parquet.Compression;

/// <summary>Snappy's raw format, without frames.</summary>
internal static class SnappyDecoder
{
    /// <summary>No Snappy stream grows more than this much: a copy of 64 bytes takes 3.</summary>
    public const int LargestRatio = 24;

    // For each distance below 16 the places of 16 bytes that repeat so many.
    private static readonly Vector128<byte>[] Repeats =
        [.. Enumerable.Range(0, 16).Select(back => Vector128.Create<byte>(Enumerable.Range(0, 16).Select(i => (byte)(back == 0 ? 0 : i % back)).ToArray()))];

    /// <summary>Fills <paramref name="target"/> exactly, or throws.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var at = ReadLength(source, out var length);
        if (length != (uint)target.Length) throw new BrokenDataException($"it holds {length} bytes where the page has {target.Length}");
        var written = 0;
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        while (at < source.Length)
        {
            int tag = Unsafe.Add(ref from, at++);
            int count, back;
            switch (tag & 3)
            {
                case 0:
                    count = (tag >> 2) + 1;
                    if (count <= 16 && source.Length - at >= 16 && target.Length - written >= 16)
                    {
                        // Sixteen bytes at once whatever the length: what is too much is written over by what follows.
                        Vector128.LoadUnsafe(ref from, (nuint)at).StoreUnsafe(ref to, (nuint)written);
                    }
                    else
                    {
                        if (count > 60) count = LongLiteral(source, ref at, count - 60);
                        if (count > source.Length - at) throw new BrokenDataException("a literal ends too early");
                        if (count > target.Length - written) throw TooLong();
                        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref to, written), ref Unsafe.Add(ref from, at), (uint)count);
                    }

                    at += count;
                    written += count;
                    continue;
                case 1:
                    if (at >= source.Length) throw Cut();
                    count = ((tag >> 2) & 7) + 4;
                    back = ((tag >> 5) << 8) | Unsafe.Add(ref from, at);
                    at++;
                    break;
                case 2:
                    if (source.Length - at < 2) throw Cut();
                    count = (tag >> 2) + 1;
                    back = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, at));
                    at += 2;
                    break;
                default:
                    if (source.Length - at < 4) throw Cut();
                    count = (tag >> 2) + 1;
                    back = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref from, at));
                    at += 4;
                    break;
            }

            if (back <= 0 || back > written) throw new BrokenDataException($"a copy from {(uint)back} bytes back, after {written} bytes");
            if (count > target.Length - written) throw TooLong();
            CopyBack(ref Unsafe.Add(ref to, written), back, count, target.Length - written);
            written += count;
        }

        if (written != target.Length) throw new BrokenDataException($"it ends after {written} of {target.Length} bytes");
    }

    /// <summary>Repeats bytes that were written before. The stretch may overlap what it writes.</summary>
    /// <param name="to">Where to write.</param>
    /// <param name="back">How far back the stretch begins; it has been written.</param>
    /// <param name="count">Bytes to write.</param>
    /// <param name="room">Bytes that may be written from <paramref name="to"/> on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CopyBack(ref byte to, int back, int count, int room)
    {
        ref var from = ref Unsafe.Subtract(ref to, back);
        if (room < 80 || count > 64)
        {
            CopyOverlapping(ref from, ref to, back, count);
        }
        else if (back >= 16)
        {
            for (var done = 0; done < count; done += 16)
                Vector128.LoadUnsafe(ref from, (nuint)done).StoreUnsafe(ref to, (nuint)done);
        }
        else
        {
            // The stretch again and again fills a vector; the next one begins where a whole number of them ends.
            var pattern = Vector128.Shuffle(Vector128.LoadUnsafe(ref from), Repeats[back]);
            var step = 16 - (16 % back);
            for (var done = 0; done < count; done += step) pattern.StoreUnsafe(ref to, (nuint)done);
        }
    }

    private static void CopyOverlapping(ref byte from, ref byte to, int back, int count)
    {
        var done = 0;
        if (back == 1)
        {
            Unsafe.InitBlockUnaligned(ref to, from, (uint)count);
            return;
        }

        if (back >= 8)
        {
            for (; done + 8 <= count; done += 8)
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, done), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, done)));
        }

        for (; done < count; done++) Unsafe.Add(ref to, done) = Unsafe.Add(ref from, done);
    }

    private static int LongLiteral(ReadOnlySpan<byte> source, ref int at, int bytes)
    {
        if (source.Length - at < bytes) throw Cut();
        uint value = 0;
        for (var i = 0; i < bytes; i++) value |= (uint)source[at + i] << (8 * i);
        at += bytes;
        return value < int.MaxValue ? (int)value + 1 : throw new BrokenDataException("a literal of more than 2 GB");
    }

    private static int ReadLength(ReadOnlySpan<byte> source, out uint length)
    {
        ulong value = 0;
        for (var i = 0; i < 5 && i < source.Length; i++)
        {
            value |= (ulong)(source[i] & 0x7F) << (7 * i);
            if (source[i] >= 0x80) continue;
            length = value <= uint.MaxValue ? (uint)value : throw Cut();
            return i + 1;
        }

        throw Cut();
    }

    private static BrokenDataException Cut() => new("it ends too early");

    private static BrokenDataException TooLong() => new("it holds more than it says");
}
