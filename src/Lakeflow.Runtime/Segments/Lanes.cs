using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lakeflow.Runtime.Segments;

/// <summary>Some rows at once, each a 64-bit lane of a vector as wide as the machine likes it.</summary>
/// <remarks>Only while <c>Vector.IsHardwareAccelerated</c>: elsewhere a loop over single rows is many times faster.</remarks>
public static class Lanes
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Rows at once.</summary>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector<long>.Count;
    }

    /// <summary>The values of rows <paramref name="row"/> to <paramref name="row"/> + <see cref="Count"/>, which the column must have.</summary>
    [MethodImpl(Inline)]
    public static Vector<long> Of(ReadOnlySpan<long> values, int row) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)row);

    /// <inheritdoc cref="Of(ReadOnlySpan{long}, int)"/>
    [MethodImpl(Inline)]
    public static Vector<long> Of(ReadOnlySpan<int> values, int row)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        if (Vector<long>.Count == Vector512<long>.Count) return Vector512.WidenLower(Vector256.LoadUnsafe(ref first, (nuint)row).ToVector512Unsafe()).AsVector();
        if (Vector<long>.Count == Vector256<long>.Count) return Vector256.WidenLower(Vector128.LoadUnsafe(ref first, (nuint)row).ToVector256Unsafe()).AsVector();
        return Vector128.Create((long)Unsafe.Add(ref first, row), Unsafe.Add(ref first, row + 1)).AsVector();
    }

    /// <summary>All ones in the lanes from <paramref name="low"/> to <paramref name="high"/>, both included; 0 in the others.</summary>
    [MethodImpl(Inline)]
    public static Vector<long> Between(Vector<long> values, long low, long high) =>
        Vector.GreaterThanOrEqual(values, new Vector<long>(low)) & Vector.LessThanOrEqual(values, new Vector<long>(high));

    /// <summary>All ones in the lanes that hold at least <paramref name="low"/>.</summary>
    [MethodImpl(Inline)]
    public static Vector<long> AtLeast(Vector<long> values, long low) => Vector.GreaterThanOrEqual(values, new Vector<long>(low));

    /// <summary>All ones in the lanes that hold at most <paramref name="high"/>.</summary>
    [MethodImpl(Inline)]
    public static Vector<long> AtMost(Vector<long> values, long high) => Vector.LessThanOrEqual(values, new Vector<long>(high));

    /// <summary>All ones in the lanes that hold another value.</summary>
    [MethodImpl(Inline)]
    public static Vector<long> Except(Vector<long> values, long value) => ~Vector.Equals(values, new Vector<long>(value));
}
