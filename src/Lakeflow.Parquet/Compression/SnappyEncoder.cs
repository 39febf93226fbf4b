using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Compression;

/// <summary>Snappy's raw format. Greedy: the first match of four bytes is taken as far as it goes.</summary>
internal sealed class SnappyEncoder
{
    // Within a block every distance fits two bytes.
    private const int BlockSize = 1 << 16;
    private const int HashBits = 14;

    // The last bytes of a block are literals: it may then be read by eight bytes at a time.
    private const int Margin = 15;

    private readonly ushort[] table = new ushort[1 << HashBits];

    /// <summary>The most bytes that <paramref name="length"/> bytes can become.</summary>
    public static int LargestEncoded(int length) => checked(32 + length + (length / 6));

    /// <returns>Bytes written.</returns>
    public int Encode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = 0;
        for (var length = (uint)source.Length; ; length >>= 7)
        {
            target[written++] = (byte)(length < 0x80 ? length : length | 0x80);
            if (length < 0x80) break;
        }

        while (source.Length > 0)
        {
            var block = source[..Math.Min(BlockSize, source.Length)];
            written += EncodeBlock(block, target[written..]);
            source = source[block.Length..];
        }

        return written;
    }

    private int EncodeBlock(ReadOnlySpan<byte> block, Span<byte> target)
    {
        ref var from = ref MemoryMarshal.GetReference(block);
        ref var to = ref MemoryMarshal.GetReference(target);
        var written = 0;
        var literal = 0;
        if (block.Length > Margin)
        {
            var bits = Math.Clamp(BitOperations.Log2((uint)block.Length) + 1, 8, HashBits);
            var shift = 32 - bits;
            var places = table.AsSpan(0, 1 << bits);
            places.Clear();
            ref var place = ref MemoryMarshal.GetReference(places);
            var limit = block.Length - Margin;
            var at = 1;
            while (true)
            {
                // The longer nothing is found, the larger the steps: what does not compress passes quickly.
                var misses = 32;
                int candidate;
                while (true)
                {
                    if (at > limit) goto done;
                    var four = Load32(ref from, at);
                    ref var slot = ref Unsafe.Add(ref place, (nint)((four * 0x1E35A7BDU) >> shift));
                    candidate = slot;
                    slot = (ushort)at;
                    if (four == Load32(ref from, candidate)) break;
                    at += misses++ >> 5;
                }

                written += Literal(ref Unsafe.Add(ref from, literal), at - literal, ref Unsafe.Add(ref to, written), block.Length - literal);
                do
                {
                    var length = 4 + Common(ref from, candidate + 4, at + 4, block.Length);
                    written += Copy(ref Unsafe.Add(ref to, written), at - candidate, length);
                    at += length;
                    literal = at;
                    if (at > limit) goto done;
                    // Look at once behind the match, and note the place before.
                    var before = Load32(ref from, at - 1);
                    Unsafe.Add(ref place, (nint)((before * 0x1E35A7BDU) >> shift)) = (ushort)(at - 1);
                    var four = Load32(ref from, at);
                    ref var slot = ref Unsafe.Add(ref place, (nint)((four * 0x1E35A7BDU) >> shift));
                    candidate = slot;
                    slot = (ushort)at;
                    if (four != Load32(ref from, candidate)) break;
                }
                while (true);
                at++;
            }
        }

    done:
        if (literal < block.Length)
            written += Literal(ref Unsafe.Add(ref from, literal), block.Length - literal, ref Unsafe.Add(ref to, written), block.Length - literal);
        return written;
    }

    /// <summary>How many bytes from <paramref name="a"/> and from <paramref name="b"/> on are equal, b being the later place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Common(ref byte from, int a, int b, int end)
    {
        var start = b;
        while (b + 8 <= end)
        {
            var difference = Load64(ref from, a) ^ Load64(ref from, b);
            if (difference != 0) return b - start + (BitOperations.TrailingZeroCount(difference) >> 3);
            a += 8;
            b += 8;
        }

        while (b < end && Unsafe.Add(ref from, a) == Unsafe.Add(ref from, b))
        {
            a++;
            b++;
        }

        return b - start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Literal(ref byte from, int length, ref byte to, int readable)
    {
        if (length == 0) return 0;
        var less = length - 1;
        int head;
        if (less < 60)
        {
            to = (byte)(less << 2);
            head = 1;
            if (length <= 16 && readable >= 16)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 1), Unsafe.ReadUnaligned<UInt128>(ref from));
                return 1 + length;
            }
        }
        else if (less < 256)
        {
            to = 60 << 2;
            Unsafe.Add(ref to, 1) = (byte)less;
            head = 2;
        }
        else
        {
            to = 61 << 2;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 1), (ushort)less);
            head = 3;
        }

        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref to, head), ref from, (uint)length);
        return head + length;
    }

    private static int Copy(ref byte to, int back, int length)
    {
        var written = 0;
        // At most 64 bytes a copy, and never fewer than 4 left for the last.
        while (length >= 68)
        {
            written += LongCopy(ref Unsafe.Add(ref to, written), back, 64);
            length -= 64;
        }

        if (length > 64)
        {
            written += LongCopy(ref Unsafe.Add(ref to, written), back, 60);
            length -= 60;
        }

        if (length >= 12 || back >= 2048) return written + LongCopy(ref Unsafe.Add(ref to, written), back, length);
        Unsafe.Add(ref to, written) = (byte)(1 | ((length - 4) << 2) | ((back >> 8) << 5));
        Unsafe.Add(ref to, written + 1) = (byte)back;
        return written + 2;
    }

    private static int LongCopy(ref byte to, int back, int length)
    {
        to = (byte)(2 | ((length - 1) << 2));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 1), (ushort)back);
        return 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Load32(ref byte from, int at) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load64(ref byte from, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, at));
}
