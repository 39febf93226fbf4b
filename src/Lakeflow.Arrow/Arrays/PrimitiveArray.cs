using System.Runtime.CompilerServices;

namespace Lakeflow.Arrow;

/// <summary>Values of fixed width: integers, FLOAT, DOUBLE, DATE (int), TIMESTAMP and DECIMAL to 18 digits (long), above (Int128), intervals.</summary>
/// <typeparam name="T">sbyte, short, int, long, float, double or Int128.</typeparam>
public sealed class PrimitiveArray<T> : ArrowArray
    where T : unmanaged
{
    private readonly ArrowBuffer values;
    private readonly int start;

    /// <param name="type">What the values mean.</param>
    /// <param name="length">Rows.</param>
    /// <param name="values">At least <paramref name="length"/> values; the array takes the reference.</param>
    /// <param name="validity">One bit a row, or null if nothing is NULL; the array takes the reference.</param>
    /// <param name="nullCount">Rows that are NULL.</param>
    public PrimitiveArray(DataType type, int length, ArrowBuffer values, ArrowBuffer? validity = null, int nullCount = 0)
        : this(type, length, values, 0, validity, nullCount)
    {
    }

    private PrimitiveArray(DataType type, int length, ArrowBuffer values, int start, ArrowBuffer? validity, int nullCount)
        : base(type, length, validity, nullCount)
    {
        this.values = values;
        this.start = start;
    }

    /// <summary>One value a row. Where the row is NULL the value is arbitrary.</summary>
    public ReadOnlySpan<T> Values
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => values.As<T>().Slice(start, Length);
    }

    internal (ArrowBuffer Buffer, int StartBytes) ValueBlock => (values, start * Unsafe.SizeOf<T>());

    public override ArrowArray Slice(int start, int length)
    {
        var (validity, nulls) = SliceValidity(start, length);
        return new PrimitiveArray<T>(Type, length, values.Retain(), this.start + start, validity, nulls);
    }

    protected override object ValueAt(int index) =>
        Type is DecimalType && typeof(T) == typeof(long) ? (Int128)(long)(object)Values[index] : Values[index];

    protected override void ReleaseBuffers() => values.Release();
}
