using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lakeflow.Parquet.Compression;

/// <summary>Snappy's raw format, without frames.</summary>
internal static class SnappyDecoder
{
    /// <summary>No Snappy stream grows more than this much: a copy of 64 bytes takes 3.</summary>
    public const int LargestRatio = 24;

    // A copy of 64 bytes, its last vector's surplus, and some: what a wide copy may write.
    private const int LargestWideCopy = 80;

    // For each distance below 16 the places of 16 bytes that repeat so many.
    private static readonly Vector128<byte>[] Repeats =
        [.. Enumerable.Range(0, 16).Select(back => Vector128.Create<byte>(Enumerable.Range(0, 16).Select(i => (byte)(back == 0 ? 0 : i % back)).ToArray()))];

    /// <summary>Fills <paramref name="target"/> exactly, or throws.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var at = ReadLength(source, out var length);
        if (length != (uint)target.Length) throw new BrokenDataException($"it holds {length} bytes where the page has {target.Length}");
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        var written = DecodeWide(source, target, ref at);
        while (at < source.Length)
        {
            int tag = Unsafe.Add(ref from, at++);
            int count, back;
            switch (tag & 3)
            {
                case 0:
                    count = (tag >> 2) + 1;
                    if (count > 60) count = LongLiteral(source, ref at, count - 60);
                    if (count > source.Length - at) throw new BrokenDataException("a literal ends too early");
                    if (count > target.Length - written) throw TooLong();
                    Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref to, written), ref Unsafe.Add(ref from, at), (uint)count);
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

            if (back <= 0 || back > written) throw TooFar(back, written);
            if (count > target.Length - written) throw TooLong();
            CopyBack(ref Unsafe.Add(ref to, written), back, count, target.Length - written);
            written += count;
        }

        if (written != target.Length) throw new BrokenDataException($"it ends after {written} of {target.Length} bytes");
    }

    /// <summary>Decodes for as long as both sides have room for wide copies, whose surplus is written over by what follows.</summary>
    /// <returns>Bytes written; <paramref name="at"/> stands at the next element.</returns>
    private static int DecodeWide(ReadOnlySpan<byte> source, Span<byte> target, ref int at)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        // An element with the sixteen bytes of a short literal; a copy of 64 bytes and a vector beyond.
        var lastAt = source.Length - 24;
        var lastWritten = target.Length - LargestWideCopy;
        var position = at;
        var written = 0;
        while (position <= lastAt && written <= lastWritten)
        {
            int tag = Unsafe.Add(ref from, position);
            int count, back;
            if ((tag & 3) == 0)
            {
                count = (tag >> 2) + 1;
                if (count <= 16)
                {
                    Vector128.LoadUnsafe(ref from, (nuint)(position + 1)).StoreUnsafe(ref to, (nuint)written);
                    position += count + 1;
                    written += count;
                    continue;
                }

                var start = position + 1;
                if (count > 60) count = LongLiteral(source, ref start, count - 60);
                if (count > source.Length - start) throw new BrokenDataException("a literal ends too early");
                if (count > target.Length - written) throw TooLong();
                Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref to, written), ref Unsafe.Add(ref from, start), (uint)count);
                position = start + count;
                written += count;
                continue;
            }

            var word = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref from, position + 1));
            switch (tag & 3)
            {
                case 1:
                    count = ((tag >> 2) & 7) + 4;
                    back = ((tag >> 5) << 8) | (word & 0xFF);
                    position += 2;
                    break;
                case 2:
                    count = (tag >> 2) + 1;
                    back = word & 0xFFFF;
                    position += 3;
                    break;
                default:
                    count = (tag >> 2) + 1;
                    back = word;
                    position += 5;
                    break;
            }

            if (back <= 0 || back > written) throw TooFar(back, written);
            CopyWide(ref Unsafe.Add(ref to, written), back, count);
            written += count;
        }

        at = position;
        return written;
    }

    /// <summary>Repeats bytes that were written before. The stretch may overlap what it writes.</summary>
    /// <param name="to">Where to write.</param>
    /// <param name="back">How far back the stretch begins; it has been written.</param>
    /// <param name="count">Bytes to write.</param>
    /// <param name="room">Bytes that may be written from <paramref name="to"/> on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CopyBack(ref byte to, int back, int count, int room)
    {
        if (room < LargestWideCopy || count > 64) CopyOverlapping(ref Unsafe.Subtract(ref to, back), ref to, back, count);
        else CopyWide(ref to, back, count);
    }

    /// <summary>The same for 1 to 64 bytes where <see cref="LargestWideCopy"/> may be written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWide(ref byte to, int back, int count)
    {
        ref var from = ref Unsafe.Subtract(ref to, back);
        if ((uint)(count - 4) <= 4 && back >= count)
        {
            // Numbers of equal high bytes are copies of a few bytes from the number before, each waiting for the last. Two
            // loads that end with the stretch take nothing that was stored since, so the processor can hand the last store on.
            ulong low = Unsafe.ReadUnaligned<uint>(ref from);
            ulong high = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, count - 4));
            Unsafe.WriteUnaligned(ref to, low | (high << (8 * (count - 4))));
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

    private static BrokenDataException TooFar(int back, int written) => new($"a copy from {(uint)back} bytes back, after {written} bytes");

    private static BrokenDataException Cut() => new("it ends too early");

    private static BrokenDataException TooLong() => new("it holds more than it says");
}
