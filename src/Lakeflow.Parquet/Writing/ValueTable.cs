using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Writing;

/// <summary>Distinct values of a column and their codes, in the order of their first appearance.</summary>
/// <typeparam name="T">Values by their bits: −0.0 and every NaN are values of their own.</typeparam>
internal sealed class ValueTable<T>
    where T : unmanaged, IEquatable<T>
{
    private T[] values = new T[256];
    private int[] slots = NewSlots(1024);

    public int Count { get; private set; }

    public ReadOnlySpan<T> Values => values.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        slots.AsSpan().Fill(-1);
    }

    /// <summary>The code of a value, a new one if it has not been seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CodeOf(T value)
    {
        var mask = slots.Length - 1;
        var at = Hash(value) & mask;
        while (true)
        {
            var code = slots[at];
            if (code < 0) return Insert(value, at);
            if (values[code].Equals(value)) return code;
            at = (at + 1) & mask;
        }
    }

    private int Insert(T value, int at)
    {
        if (Count == values.Length) Array.Resize(ref values, Count * 2);
        var code = Count++;
        values[code] = value;
        slots[at] = code;
        if (Count * 2 > slots.Length) Grow();
        return code;
    }

    private void Grow()
    {
        slots = NewSlots(slots.Length * 4);
        var mask = slots.Length - 1;
        for (var code = 0; code < Count; code++)
        {
            var at = Hash(values[code]) & mask;
            while (slots[at] >= 0) at = (at + 1) & mask;
            slots[at] = code;
        }
    }

    private static int[] NewSlots(int length)
    {
        var slots = new int[length];
        slots.AsSpan().Fill(-1);
        return slots;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(T value)
    {
        ulong bits = 0;
        if (Unsafe.SizeOf<T>() == 16)
        {
            var both = Unsafe.BitCast<T, UInt128>(value);
            bits = (ulong)both ^ BitOperations.RotateLeft((ulong)(both >> 64), 31);
        }
        else
        {
            MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<ulong>(ref bits)), value);
        }

        return (int)((bits * 0x9E3779B97F4A7C15UL) >> 33);
    }
}
