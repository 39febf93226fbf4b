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
    public static ArrowArray Take(ArrowArray column, IReadOnlyList<int> rows)
    {
        if (column is NullArray) return new NullArray(rows.Count);
        if (column is DictionaryArray encoded)
        {
            var codes = new PrimitiveBuilder<int>(DataType.Int32, rows.Count);
            foreach (var row in rows)
            {
                if (encoded.IsValid(row)) codes.Append(encoded.Codes[row]);
                else codes.AppendNull();
            }

            return new DictionaryArray((PrimitiveArray<int>)codes.Build(), encoded.Dictionary.Retain());
        }

        return column switch
        {
            PrimitiveArray<long> longs => TakeValues(longs, rows),
            PrimitiveArray<int> ints => TakeValues(ints, rows),
            PrimitiveArray<double> doubles => TakeValues(doubles, rows),
            _ => TakeAny(column, rows),
        };
    }

    private static PrimitiveArray<T> TakeValues<T>(PrimitiveArray<T> column, IReadOnlyList<int> rows)
        where T : unmanaged
    {
        var values = ArrowBuffer.Rent(rows.Count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        var from = column.Values;
        var to = values.As<T>();
        for (var i = 0; i < to.Length; i++) to[i] = from[rows[i]];
        if (column.NullCount == 0) return new PrimitiveArray<T>(column.Type, to.Length, values);
        var validity = ArrowBuffer.RentCleared(Bitmap.ByteCount(to.Length));
        for (var i = 0; i < to.Length; i++)
        {
            if (column.IsValid(rows[i])) Bitmap.Set(validity.Bytes, i);
        }

        return new PrimitiveArray<T>(column.Type, to.Length, values, validity, to.Length - Bitmap.CountOnes(validity.Bytes, to.Length));
    }

    private static ArrowArray TakeAny(ArrowArray column, IReadOnlyList<int> rows)
    {
        var builder = ArrayBuilder.Create(column.Type, rows.Count);
        foreach (var row in rows) builder.AppendFrom(column, row);
        return builder.Build();
    }
}
