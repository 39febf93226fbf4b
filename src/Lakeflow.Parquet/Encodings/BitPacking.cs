using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lakeflow.Parquet.Encodings;

/// <summary>Values of w bits each, least significant bit first, one after another.</summary>
internal static class BitPacking
{
    /// <summary>Widest value that a byte permute of four bytes and a shift can take.</summary>
    private const int WidestShuffle = 25;

    // For each width, the four bytes around each of 16 values, and how far each is to be shifted.
    private static readonly Vector512<byte>[] Windows512 = new Vector512<byte>[WidestShuffle + 1];
    private static readonly Vector512<uint>[] Shifts512 = new Vector512<uint>[WidestShuffle + 1];

    // The same for 4 values in a 16-byte lane; the upper lane is loaded where its first value begins.
    private static readonly Vector256<byte>[] Windows256 = new Vector256<byte>[WidestShuffle + 1];
    private static readonly Vector256<uint>[] Shifts256 = new Vector256<uint>[WidestShuffle + 1];

    static BitPacking()
    {
        Span<byte> window = stackalloc byte[64];
        Span<uint> shift = stackalloc uint[16];
        for (var width = 1; width <= WidestShuffle; width++)
        {
            for (var i = 0; i < 16; i++)
            {
                var bit = i * width;
                for (var k = 0; k < 4; k++) window[(i * 4) + k] = (byte)Math.Min(63, (bit >> 3) + k);
                shift[i] = (uint)(bit & 7);
            }

            Windows512[width] = Vector512.Create<byte>(window);
            Shifts512[width] = Vector512.Create<uint>(shift);
            for (var i = 0; i < 8; i++)
            {
                var first = i < 4 ? 0 : 4 * width;
                var bit = (i * width) - (first & ~7);
                for (var k = 0; k < 4; k++) window[(i * 4) + k] = (byte)Math.Min(15, (bit >> 3) + k);
                shift[i] = (uint)(bit & 7);
            }

            Windows256[width] = Vector256.Create<byte>(window[..32]);
            Shifts256[width] = Vector256.Create<uint>(shift[..8]);
        }
    }

    /// <summary>Unpacks values <paramref name="first"/> and following of a run that begins at <paramref name="packed"/>.</summary>
    /// <param name="packed">The run and, for speed, whatever lies behind it: at least ⌈(first + count) · width / 8⌉ bytes.</param>
    /// <param name="first">Values to pass over.</param>
    /// <param name="width">Bits per value, 1 to 32.</param>
    /// <param name="values">Takes as many values as it has room for.</param>
    public static void Unpack(ReadOnlySpan<byte> packed, int first, int width, Span<int> values)
    {
        var needed = (((long)first + values.Length) * width + 7) >> 3;
        if (needed > packed.Length) throw new BrokenDataException("a packed run ends too early");
        var i = 0;
        // Whole bytes begin at every eighth value.
        for (; i < values.Length && ((first + i) & 7) != 0; i++) values[i] = (int)One(packed, first + i, width);
        if (width <= WidestShuffle)
        {
            if (Avx512Vbmi.IsSupported) i = Unpack512(packed, first, i, width, values);
            else if (Avx2.IsSupported) i = Unpack256(packed, first, i, width, values);
        }

        for (; i < values.Length; i++) values[i] = (int)One(packed, first + i, width);
    }

    /// <summary>The same for widths to 8 into bytes, for levels and truth values.</summary>
    public static void UnpackBytes(ReadOnlySpan<byte> packed, int first, int width, Span<byte> values)
    {
        var needed = (((long)first + values.Length) * width + 7) >> 3;
        if (needed > packed.Length) throw new BrokenDataException("a packed run ends too early");
        var i = 0;
        for (; i < values.Length && ((first + i) & 7) != 0; i++) values[i] = (byte)One(packed, first + i, width);
        if (width == 1)
        {
            for (; i + 8 <= values.Length; i += 8)
            {
                // Each bit of the byte to a byte of its own: spread copies, keep one bit in each, make it 1.
                var spread = packed[(first + i) >> 3] * 0x0101010101010101UL & 0x8040201008040201UL;
                var ones = ((spread + 0x7F7F7F7F7F7F7F7FUL) | spread) >> 7 & 0x0101010101010101UL;
                MemoryMarshal.Write(values[i..], ones);
            }
        }

        for (; i < values.Length; i++) values[i] = (byte)One(packed, first + i, width);
    }

    /// <summary>Value <paramref name="index"/> of a run.</summary>
    private static uint One(ReadOnlySpan<byte> packed, int index, int width)
    {
        var bit = (long)index * width;
        var at = (int)(bit >> 3);
        ulong word = 0;
        if (at + 8 <= packed.Length)
        {
            word = MemoryMarshal.Read<ulong>(packed[at..]);
        }
        else
        {
            for (var k = 0; at + k < packed.Length; k++) word |= (ulong)packed[at + k] << (8 * k);
        }

        return (uint)((word >> (int)(bit & 7)) & ((1UL << width) - 1));
    }

    private static int Unpack512(ReadOnlySpan<byte> packed, int first, int done, int width, Span<int> values)
    {
        var window = Windows512[width];
        var shift = Shifts512[width];
        var mask = Vector512.Create((uint)((1UL << width) - 1));
        ref var source = ref MemoryMarshal.GetReference(packed);
        ref var target = ref MemoryMarshal.GetReference(values);
        var at = (int)((long)(first + done) * width >> 3);
        var last = packed.Length - 64;
        for (; done + 16 <= values.Length && at <= last; done += 16, at += 2 * width)
        {
            var bytes = Avx512Vbmi.PermuteVar64x8(Vector512.LoadUnsafe(ref source, (nuint)at), window);
            var unpacked = Avx512F.ShiftRightLogicalVariable(bytes.AsUInt32(), shift) & mask;
            unpacked.AsInt32().StoreUnsafe(ref target, (nuint)done);
        }

        return done;
    }

    private static int Unpack256(ReadOnlySpan<byte> packed, int first, int done, int width, Span<int> values)
    {
        var window = Windows256[width];
        var shift = Shifts256[width];
        var mask = Vector256.Create((uint)((1UL << width) - 1));
        ref var source = ref MemoryMarshal.GetReference(packed);
        ref var target = ref MemoryMarshal.GetReference(values);
        var at = (int)((long)(first + done) * width >> 3);
        var upper = 4 * width >> 3;
        var last = packed.Length - 16 - upper;
        for (; done + 8 <= values.Length && at <= last; done += 8, at += width)
        {
            var lanes = Vector256.Create(Vector128.LoadUnsafe(ref source, (nuint)at), Vector128.LoadUnsafe(ref source, (nuint)(at + upper)));
            var unpacked = Avx2.ShiftRightLogicalVariable(Avx2.Shuffle(lanes, window).AsUInt32(), shift) & mask;
            unpacked.AsInt32().StoreUnsafe(ref target, (nuint)done);
        }

        return done;
    }

    /// <summary>Bits that hold values from 0 to <paramref name="largest"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WidthOf(int largest) => largest <= 0 ? 0 : System.Numerics.BitOperations.Log2((uint)largest) + 1;
}
