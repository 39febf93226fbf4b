using System.Runtime.CompilerServices;

namespace Lakeflow.Arrow;

/// <summary>Values of fixed width: integers, FLOAT, DOUBLE, DATE (int), TIMESTAMP and DECIMAL to 18 digits (long), above (Int128), intervals.</summary>
/// <typeparam name="T">sbyte, short, int, long, float, double or Int128.</typeparam>
public sealed class PrimitiveArray<T> : ArrowArray
    where T : unmanaged
{
    private readonly ArrowBuffer values;
    private readonly int start;
    private readonly PrimitiveArray<T>? slicedFrom;
    private double bound = double.NaN;

    /// <param name="type">What the values mean.</param>
    /// <param name="length">Rows.</param>
    /// <param name="values">At least <paramref name="length"/> values; the array takes the reference.</param>
    /// <param name="validity">One bit a row, or null if nothing is NULL; the array takes the reference.</param>
    /// <param name="nullCount">Rows that are NULL.</param>
    public PrimitiveArray(DataType type, int length, ArrowBuffer values, ArrowBuffer? validity = null, int nullCount = 0)
        : this(type, length, values, 0, validity, nullCount)
    {
    }

    private PrimitiveArray(DataType type, int length, ArrowBuffer values, int start, ArrowBuffer? validity, int nullCount, PrimitiveArray<T>? slicedFrom = null)
        : base(type, length, validity, nullCount)
    {
        this.values = values;
        this.start = start;
        this.slicedFrom = slicedFrom;
    }

    /// <summary>One value a row. Where the row is NULL the value is arbitrary.</summary>
    public ReadOnlySpan<T> Values
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => values.As<T>().Slice(start, Length);
    }

    /// <summary>The column that this one was sliced from, as it was first; itself if it is no slice. Its values may be read for as long as this one's.</summary>
    public PrimitiveArray<T> Whole => slicedFrom ?? this;

    /// <summary>What no value is further from 0 than, arbitrary values of NULL rows included; NaN until someone has found it out and noted it here.</summary>
    public double Bound
    {
        get => Volatile.Read(ref bound);
        set => Volatile.Write(ref bound, value);
    }

    internal (ArrowBuffer Buffer, int StartBytes) ValueBlock => (values, start * Unsafe.SizeOf<T>());

    public override ArrowArray Slice(int start, int length)
    {
        var (validity, nulls) = SliceValidity(start, length);
        return new PrimitiveArray<T>(Type, length, values.Retain(), this.start + start, validity, nulls, Whole);
    }

    protected override object ValueAt(int index) =>
        Type is DecimalType && typeof(T) == typeof(long) ? (Int128)(long)(object)Values[index] : Values[index];

    protected override void ReleaseBuffers() => values.Release();
}
