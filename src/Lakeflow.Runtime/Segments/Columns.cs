using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>How generated code takes the columns of a batch into locals, once per batch.</summary>
public static class Columns
{
    private static byte[] ones = NewOnes(1 << 13);

    /// <summary>One value a row. Numbers that arrive as a dictionary are spread out into <paramref name="rows"/>'s memory first.</summary>
    public static ReadOnlySpan<T> Values<T>(RecordBatch rows, int column)
        where T : unmanaged => rows.Columns[column] switch
        {
            PrimitiveArray<T> plain => plain.Values,
            DictionaryArray encoded => Spread<T>(encoded),
            NullArray empty => new T[empty.Length],
            var other => throw new InvalidOperationException($"column {column} is {other.GetType().Name}, not values of {typeof(T).Name}"),
        };

    /// <summary>One bit a row, 1 = valid; the shared all-ones bitmap if nothing is NULL.</summary>
    public static ReadOnlySpan<byte> Validity(RecordBatch rows, int column) => Validity(rows.Columns[column]);

    public static ReadOnlySpan<byte> Validity(ArrowArray column) => column.NullCount == 0 ? AllOnes(column.Length) : column.Validity;

    /// <summary>One bit a row: the values of a BOOLEAN column.</summary>
    public static ReadOnlySpan<byte> Bits(RecordBatch rows, int column) => rows.Columns[column] switch
    {
        BooleanArray plain => plain.Bits,
        DictionaryArray encoded => ((BooleanArray)encoded.Decode()).Bits,
        var other => new byte[Bitmap.ByteCount(other.Length)],
    };

    /// <summary>The texts of a STRING or BINARY column, plain or dictionary.</summary>
    public static TextColumn Text(RecordBatch rows, int column) => TextColumn.Of(rows.Columns[column]);

    /// <summary>True if none of <paramref name="columns"/> holds a NULL: the null-free variant of a loop may run.</summary>
    public static bool NoNulls(RecordBatch rows, params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            if (rows.Columns[column].NullCount > 0) return false;
        }

        return true;
    }

    /// <summary>A field of a STRUCT column as a column of its own: NULL where the struct or the field is NULL. The caller owns the result.</summary>
    public static ArrowArray Field(ArrowArray column, int field)
    {
        if (column is NullArray) return new NullArray(column.Length);
        var child = ((StructArray)column).Children[field];
        if (column.NullCount == 0) return child.Retain();
        var rows = new int[column.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = column.IsValid(i) ? i : -1;
        return Gather.Take(child, rows);
    }

    /// <summary>A bitmap of ones for <paramref name="rows"/> rows.</summary>
    public static ReadOnlySpan<byte> AllOnes(int rows)
    {
        var have = Volatile.Read(ref ones);
        if (have.Length < Bitmap.ByteCount(rows))
        {
            have = NewOnes(Bitmap.ByteCount(rows) * 2);
            Volatile.Write(ref ones, have);
        }

        return have;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<T> Spread<T>(DictionaryArray encoded)
        where T : unmanaged
    {
        var values = new T[encoded.Length];
        if (encoded.Dictionary.Length == 0) return values;
        var dictionary = ((PrimitiveArray<T>)encoded.Dictionary).Values;
        var codes = encoded.Codes;
        for (var i = 0; i < values.Length; i++) values[i] = encoded.IsValid(i) ? dictionary[codes[i]] : default;
        return values;
    }

    private static byte[] NewOnes(int bytes)
    {
        var bits = new byte[bytes];
        Array.Fill(bits, (byte)0xFF);
        return bits;
    }
}
