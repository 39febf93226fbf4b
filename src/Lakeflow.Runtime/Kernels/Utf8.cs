using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A STRING or BINARY value: a window on bytes that someone else owns. Positions are bytes unless they say code points.</summary>
/// <remarks>STRING bytes are UTF-8. Malformed bytes count one code point each, so no method fails on them.</remarks>
public readonly ref struct Utf8
{
    public Utf8(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    public static Utf8 Empty => default;

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Length in bytes.</summary>
    public int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Bytes.Length;
    }

    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>Length in code points: bytes that do not continue another.</summary>
    public int CodePoints
    {
        get
        {
            var bytes = Bytes;
            var continued = 0;
            if (Vector128.IsHardwareAccelerated && bytes.Length >= Vector128<byte>.Count)
            {
                // A byte that continues a code point is less than -64 as a signed one. The last vector begins early enough to be
                // whole; what it sees for the second time is shifted out.
                ref var first = ref MemoryMarshal.GetReference(bytes);
                var last = bytes.Length - Vector128<byte>.Count;
                var i = 0;
                if (Vector256.IsHardwareAccelerated)
                {
                    for (; i <= bytes.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
                        continued += BitOperations.PopCount(Vector256.LessThan(Vector256.LoadUnsafe(ref first, (nuint)i).AsSByte(), Vector256.Create((sbyte)-64)).ExtractMostSignificantBits());
                }

                for (; i <= last; i += Vector128<byte>.Count) continued += BitOperations.PopCount(Continued(ref first, i));
                if (i < bytes.Length) continued += BitOperations.PopCount(Continued(ref first, last) >> (i - last));
                return bytes.Length - continued;
            }

            foreach (var b in bytes) continued += (sbyte)b < -64 ? 1 : 0;
            return bytes.Length - continued;
        }
    }

    public bool IsAscii => Ascii.IsValid(Bytes);

    /// <summary>Bytes <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Utf8 Slice(int start, int length) => new(Bytes.Slice(start, length));

    /// <summary>The byte where code point number <paramref name="codePoint"/> (0-based) begins; <see cref="Length"/> past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ByteOffset(int codePoint)
    {
        if (codePoint <= 0) return 0;
        if (codePoint >= Length) return Length;
        // One byte each, up to there: the usual case, and most positions lie near the beginning.
        if (Vector128.IsHardwareAccelerated && codePoint < Vector128<byte>.Count && Length >= Vector128<byte>.Count
            && Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Bytes)).ExtractMostSignificantBits() << (31 - codePoint) == 0) return codePoint;
        return ByteOffsetBeyond(codePoint);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Utf8 other) => Bytes.SequenceEqual(other.Bytes);

    /// <summary>Byte order, which for UTF-8 is the order of code points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CompareTo(Utf8 other) => Bytes.SequenceCompareTo(other.Bytes);

    public static bool operator ==(Utf8 a, Utf8 b) => a.Bytes.SequenceEqual(b.Bytes);

    public static bool operator !=(Utf8 a, Utf8 b) => !a.Bytes.SequenceEqual(b.Bytes);

    public static implicit operator Utf8(ReadOnlySpan<byte> bytes) => new(bytes);

    public static implicit operator Utf8(Span<byte> bytes) => new(bytes);

    /// <summary>The bytes of a text; allocates, so only for constants and tests.</summary>
    public static Utf8 From(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A hash of the bytes, the same in every process.</summary>
    public override int GetHashCode() => (int)HashKernels.XxHash64(Bytes, 0);

    public override bool Equals(object? obj) => false;

    public byte[] ToArray() => Bytes.ToArray();

    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <summary>One bit for each of 16 bytes: it continues a code point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Continued(ref byte first, int at) =>
        Vector128.LessThan(Vector128.LoadUnsafe(ref first, (nuint)at).AsSByte(), Vector128.Create((sbyte)-64)).ExtractMostSignificantBits();

    private int ByteOffsetBeyond(int codePoint)
    {
        var bytes = Bytes;
        if ((sbyte)bytes[codePoint] >= -64 && Ascii.IsValid(bytes[..codePoint])) return codePoint;
        for (var i = 0; i < bytes.Length; i++)
        {
            if ((sbyte)bytes[i] >= -64 && codePoint-- == 0) return i;
        }

        return bytes.Length;
    }
}
