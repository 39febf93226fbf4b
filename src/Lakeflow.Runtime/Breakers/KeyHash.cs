using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Hashes of fixed-width key parts, the same in every process.</summary>
public static class KeyHash
{
    /// <summary>Spreads the bits of a value over all 64 (two rounds of the xor-shift-multiply finalizer).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong value)
    {
        value ^= value >> 32;
        value *= 0xE9846AF9B1A615DUL;
        value ^= value >> 32;
        value *= 0xE9846AF9B1A615DUL;
        return value ^ (value >> 28);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(long value) => Mix((ulong)value);

    /// <summary>−0.0 and 0.0 are one key, and so are all NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(double value) => Mix((ulong)BitConverter.DoubleToInt64Bits(Canonical(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(Int128 value) => Mix((ulong)value ^ Mix((ulong)(value >> 64)));

    /// <summary>Adds a part to the hash of the parts before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Combine(ulong hash, ulong part) => Fold(hash, part);

    /// <summary>The hash of a part that can be NULL; NULL has one of its own, so that it does not meet 0 or the empty text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OrNull(ulong hash, bool isNull) => isNull ? 0x9E3779B97F4A7C15UL : hash;

    /// <summary>Two words into one: both halves of their 128-bit product, one multiplication where <see cref="Mix"/> takes two in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Fold(ulong a, ulong b)
    {
        // Constants that are random bits: a product with 0 would forget the other side.
        var high = Math.BigMul(a ^ 0xA0761D6478BD642FUL, b ^ 0xE7037ED1A0B428DBUL, out var low);
        return high ^ low;
    }

    /// <summary>The one representative of the values that are equal as keys: 0.0 for −0.0, one NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Canonical(double value) => double.IsNaN(value) ? double.NaN : value + 0.0;

    /// <inheritdoc cref="Canonical(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Canonical(float value) => float.IsNaN(value) ? float.NaN : value + 0.0f;
}
