using System.Numerics;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Values of one type as those of another that a table may have come to since a file was written. Delta protocol, "Type Widening".</summary>
internal static class LeafConversion
{
    /// <summary>How a value in the form of <see cref="ArrowArray.GetValue"/> changes; null if the types do not go together.</summary>
    public static Func<object, object>? Find(DataType stored, DataType wanted) => (stored, wanted) switch
    {
        _ when stored.Equals(wanted) => v => v,
        // Parquet keeps small integers and intervals as INT32 and INT64; not every writer annotates them.
        ({ IsInteger: true }, Int8Type) => v => checked((sbyte)Whole(v)),
        ({ IsInteger: true }, Int16Type) => v => checked((short)Whole(v)),
        ({ IsInteger: true }, Int32Type or YearMonthIntervalType) => v => checked((int)Whole(v)),
        ({ IsInteger: true }, Int64Type or DayTimeIntervalType) => v => Whole(v),
        ({ IsInteger: true }, DoubleType) => v => (double)Whole(v),
        ({ IsInteger: true }, DecimalType d) => v => Fit(checked(Whole(v) * Power(d.Scale)), d),
        (FloatType, DoubleType) => v => (double)(float)v,
        (DecimalType s, DecimalType w) when w.Scale >= s.Scale => v => Fit(checked((Int128)v * Power(w.Scale - s.Scale)), w),
        (DateType, TimestampType) => v => (int)v * 86_400_000_000L,
        (TimestampType, TimestampType) => v => v,
        (BinaryType, StringType) => v => System.Text.Encoding.UTF8.GetString((byte[])v),
        (StringType, BinaryType) => v => System.Text.Encoding.UTF8.GetBytes((string)v),
        _ => null,
    };

    public static ArrowArray Apply(ArrowArray array, DataType wanted, Func<object, object> convert, string file, string column)
    {
        if (Relabel(array, wanted) is { } same) return same;
        var builder = ArrayBuilder.Create(wanted, array.Length);
        try
        {
            for (var i = 0; i < array.Length; i++) builder.AppendValue(array.GetValue(i) is { } value ? convert(value) : null);
        }
        catch (OverflowException)
        {
            throw DeltaFaults.CannotConvert(file, column, array.Type, wanted);
        }

        return builder.Build();
    }

    public static ArrowBuffer? CopyValidity(ArrowArray array) => array.NullCount == 0 ? null : ArrowBuffer.Copy(array.Validity);

    /// <summary>Types that lie alike in memory need another name only; the most frequent widenings go without objects.</summary>
    private static ArrowArray? Relabel(ArrowArray array, DataType wanted) => (array, array.Type, wanted) switch
    {
        (PrimitiveArray<long> a, TimestampType or Int64Type, TimestampType or DayTimeIntervalType) => Copy(a, wanted),
        (PrimitiveArray<int> a, Int32Type, YearMonthIntervalType) => Copy(a, wanted),
        (PrimitiveArray<int> a, Int32Type, Int64Type) => Widen(a, wanted, v => (long)v),
        (PrimitiveArray<int> a, Int32Type, DoubleType) => Widen(a, wanted, v => (double)v),
        (PrimitiveArray<float> a, FloatType, DoubleType) => Widen(a, wanted, v => (double)v),
        (PrimitiveArray<long> a, DecimalType s, DecimalType { Is64: true } w) when s.Scale == w.Scale && w.Precision >= s.Precision => Copy(a, wanted),
        (StringArray a, _, StringType or BinaryType) => new StringArray(
            wanted, a.Length, ArrowBuffer.Copy(a.Offsets), ArrowBuffer.Copy(a.Data), CopyValidity(a), a.NullCount),
        _ => null,
    };

    private static PrimitiveArray<T> Copy<T>(PrimitiveArray<T> array, DataType wanted)
        where T : unmanaged => new(wanted, array.Length, ArrowBuffer.Copy(array.Values), CopyValidity(array), array.NullCount);

    private static PrimitiveArray<TTo> Widen<TFrom, TTo>(PrimitiveArray<TFrom> array, DataType wanted, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var values = ArrowBuffer.Rent(array.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<TTo>());
        var from = array.Values;
        var to = values.As<TTo>();
        for (var i = 0; i < from.Length; i++) to[i] = convert(from[i]);
        return new PrimitiveArray<TTo>(wanted, array.Length, values, CopyValidity(array), array.NullCount);
    }

    private static long Whole(object value) => value switch
    {
        sbyte b => b,
        short s => s,
        int i => i,
        _ => (long)value,
    };

    private static Int128 Power(int exponent) => (Int128)BigInteger.Pow(10, exponent);

    private static object Fit(Int128 value, DecimalType type) => Int128.Abs(value) < Power(type.Precision) ? value : throw new OverflowException();
}
