using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Breakers;

/// <summary>A text in a hash key: 16 bytes, unmanaged. Up to 12 bytes of text stand in it; a longer one stands in a <see cref="TextKeyArena"/>.</summary>
/// <remarks>Two keys are equal if their 16 bytes are, or if both are long and their bytes at the address are.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly unsafe struct TextKey : IEquatable<TextKey>
{
    /// <summary>The longest text that stands in the key itself.</summary>
    public const int InlineBytes = 12;

    private readonly int length;
    private readonly uint first;
    private readonly ulong rest;

    private TextKey(int length, uint first, ulong rest)
    {
        this.length = length;
        this.first = first;
        this.rest = rest;
    }

    /// <summary>The length in bytes.</summary>
    public int Length => length;

    private bool IsInline => length <= InlineBytes;

    /// <summary>A key of at most <see cref="InlineBytes"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TextKey Inline(ReadOnlySpan<byte> text)
    {
        uint head = 0;
        ulong tail = 0;
        if (text.Length >= 8)
        {
            head = MemoryMarshal.Read<uint>(text);
            tail = MemoryMarshal.Read<uint>(text[4..]) | ((ulong)Partial(text[8..]) << 32);
        }
        else if (text.Length >= 4)
        {
            head = MemoryMarshal.Read<uint>(text);
            tail = Partial(text[4..]);
        }
        else
        {
            head = Partial(text);
        }

        return new TextKey(text.Length, head, tail);
    }

    /// <summary>A key that points at bytes which stay where they are.</summary>
    internal static TextKey At(byte* address, int length) => new(length, *(uint*)address, (ulong)address);

    /// <summary>The bytes. Valid while <paramref name="key"/> stays where it is and its arena lives.</summary>
    public static ReadOnlySpan<byte> Bytes(in TextKey key) => key.IsInline
        ? MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in key, 1)).Slice(sizeof(int), key.length)
        : new ReadOnlySpan<byte>((byte*)key.rest, key.length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal(in TextKey a, in TextKey b)
    {
        if (a.length != b.length || a.first != b.first) return false;
        return a.rest == b.rest || (!a.IsInline && LongEqual(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(in TextKey key) => key.IsInline
        ? KeyHash.Fold((ulong)key.first << 32 | (uint)key.length, key.rest)
        : HashKernels.XxHash64(new ReadOnlySpan<byte>((byte*)key.rest, key.length), 0);

    public bool Equals(TextKey other) => Equal(this, other);

    public static bool operator ==(TextKey a, TextKey b) => Equal(a, b);

    public static bool operator !=(TextKey a, TextKey b) => !Equal(a, b);

    public override bool Equals(object? obj) => obj is TextKey other && Equal(this, other);

    public override int GetHashCode() => (int)Hash(this);

    private static bool LongEqual(in TextKey a, in TextKey b) =>
        new ReadOnlySpan<byte>((byte*)a.rest, a.length).SequenceEqual(new ReadOnlySpan<byte>((byte*)b.rest, b.length));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Partial(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 4) return MemoryMarshal.Read<uint>(text);
        if (text.Length >= 2) return MemoryMarshal.Read<ushort>(text) | (text.Length == 3 ? (uint)text[2] << 16 : 0);
        return text.IsEmpty ? 0u : text[0];
    }
}
