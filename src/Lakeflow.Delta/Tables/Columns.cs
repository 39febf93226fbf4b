using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Whole-column operations that writing and reading tables need.</summary>
internal static class Columns
{
    public static ArrowArray AllNull(DataType type, int length)
    {
        if (type is NullType) return new NullArray(length);
        var builder = ArrayBuilder.Create(type, length);
        for (var i = 0; i < length; i++) builder.AppendNull();
        return builder.Build();
    }

    /// <summary>The same value in every row: a dictionary of one.</summary>
    public static ArrowArray Constant(object? value, DataType type, int length)
    {
        if (value is null) return AllNull(type, length);
        var one = ArrayBuilder.Create(type, 1);
        one.AppendValue(value);
        var codes = new PrimitiveArray<int>(DataType.Int32, length, ArrowBuffer.RentCleared(length * sizeof(int)));
        if (type is StringType or BinaryType) return new DictionaryArray(codes, one.Build());
        codes.Release();
        var single = one.Build();
        var builder = ArrayBuilder.Create(type, length);
        for (var i = 0; i < length; i++) builder.AppendFrom(single, 0);
        single.Release();
        return builder.Build();
    }

    /// <summary>The rows of a column that are named, in that order.</summary>
    public static ArrowArray Take(ArrowArray column, ReadOnlySpan<int> rows) => column switch
    {
        NullArray => new NullArray(rows.Length),
        DictionaryArray encoded => TakeCodes(encoded, rows),
        PrimitiveArray<long> c => TakeValues(c, rows),
        PrimitiveArray<int> c => TakeValues(c, rows),
        PrimitiveArray<double> c => TakeValues(c, rows),
        PrimitiveArray<float> c => TakeValues(c, rows),
        PrimitiveArray<short> c => TakeValues(c, rows),
        PrimitiveArray<sbyte> c => TakeValues(c, rows),
        PrimitiveArray<Int128> c => TakeValues(c, rows),
        StringArray c => TakeTexts(c, rows),
        _ => TakeAny(column, rows),
    };

    private static PrimitiveArray<T> TakeValues<T>(PrimitiveArray<T> column, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        var values = ArrowBuffer.Rent(rows.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        var from = column.Values;
        var to = values.As<T>();
        for (var i = 0; i < rows.Length; i++) to[i] = from[rows[i]];
        var (validity, nulls) = TakeValidity(column, rows);
        return new PrimitiveArray<T>(column.Type, rows.Length, values, validity, nulls);
    }

    private static DictionaryArray TakeCodes(DictionaryArray column, ReadOnlySpan<int> rows)
    {
        var values = ArrowBuffer.Rent(rows.Length * sizeof(int));
        var from = column.Codes;
        var to = values.As<int>();
        for (var i = 0; i < rows.Length; i++) to[i] = from[rows[i]];
        var (validity, nulls) = TakeValidity(column, rows);
        return new DictionaryArray(new PrimitiveArray<int>(DataType.Int32, rows.Length, values, validity, nulls), column.Dictionary.Retain());
    }

    private static StringArray TakeTexts(StringArray column, ReadOnlySpan<int> rows)
    {
        var from = column.Offsets;
        long bytes = 0;
        foreach (var row in rows) bytes += from[row + 1] - from[row];
        var offsets = ArrowBuffer.Rent((rows.Length + 1) * sizeof(int));
        // Rows may be named more than once.
        var data = ArrowBuffer.Rent(checked((int)bytes));
        var to = offsets.As<int>();
        var target = data.Bytes;
        to[0] = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var text = column[rows[i]];
            text.CopyTo(target[to[i]..]);
            to[i + 1] = to[i] + text.Length;
        }

        var (validity, nulls) = TakeValidity(column, rows);
        return new StringArray(column.Type, rows.Length, offsets, data, validity, nulls);
    }

    private static (ArrowBuffer? Validity, int Nulls) TakeValidity(ArrowArray column, ReadOnlySpan<int> rows)
    {
        if (column.NullCount == 0) return (null, 0);
        var validity = ArrowBuffer.RentCleared(Bitmap.ByteCount(rows.Length));
        for (var i = 0; i < rows.Length; i++)
        {
            if (column.IsValid(rows[i])) Bitmap.Set(validity.Bytes, i);
        }

        return (validity, rows.Length - Bitmap.CountOnes(validity.Bytes, rows.Length));
    }

    private static ArrowArray TakeAny(ArrowArray column, ReadOnlySpan<int> rows)
    {
        var builder = ArrayBuilder.Create(column.Type, rows.Length);
        foreach (var row in rows) builder.AppendFrom(column, row);
        return builder.Build();
    }
}
