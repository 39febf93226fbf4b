using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>Picks rows of columns by index: how columns pass unchanged through filters, joins and sorts.</summary>
public static class Gather
{
    /// <summary>The rows of <paramref name="column"/> named by <paramref name="rows"/>, in that order; −1 gives NULL. The caller owns the result.</summary>
    /// <remarks>A dictionary column stays one, with the same dictionary.</remarks>
    public static ArrowArray Take(ArrowArray column, ReadOnlySpan<int> rows)
    {
        switch (column)
        {
            case PrimitiveArray<int> c: return Fixed(c, rows);
            case PrimitiveArray<long> c: return Fixed(c, rows);
            case PrimitiveArray<double> c: return Fixed(c, rows);
            case PrimitiveArray<short> c: return Fixed(c, rows);
            case PrimitiveArray<sbyte> c: return Fixed(c, rows);
            case PrimitiveArray<float> c: return Fixed(c, rows);
            case PrimitiveArray<Int128> c: return Fixed(c, rows);
            case StringArray c: return Texts(c, rows);
            case BooleanArray c: return Booleans(c, rows);
            case DictionaryArray c: return Codes(c, rows);
            case NullArray: return new NullArray(rows.Length);
            case StructArray c:
                {
                    var (validity, nulls) = TakeValidity(c, rows);
                    var children = ImmutableArray.CreateBuilder<ArrowArray>(c.Children.Length);
                    foreach (var child in c.Children) children.Add(Take(child, rows));
                    return new StructArray(c.Type, rows.Length, children.MoveToImmutable(), validity, nulls);
                }

            case ListArray c: return Lists(c, rows);
            default: throw new UnreachableException(column.GetType().Name);
        }
    }

    /// <summary>The rows of a batch named by <paramref name="rows"/>; the caller owns the result.</summary>
    public static RecordBatch Take(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(batch.Columns.Length);
        foreach (var column in batch.Columns) columns.Add(Take(column, rows));
        return new RecordBatch(batch.Schema, columns.MoveToImmutable(), rows.Length);
    }

    private static PrimitiveArray<T> Fixed<T>(PrimitiveArray<T> column, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        var buffer = ArrowBuffer.Rent(checked(rows.Length * Unsafe.SizeOf<T>()));
        var to = buffer.As<T>();
        var from = column.Values;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            to[i] = row < 0 ? default : from[row];
        }

        var (validity, nulls) = TakeValidity(column, rows);
        return new PrimitiveArray<T>(column.Type, rows.Length, buffer, validity, nulls);
    }

    private static StringArray Texts(StringArray column, ReadOnlySpan<int> rows)
    {
        var from = column.Offsets;
        var offsets = ArrowBuffer.Rent((rows.Length + 1) * sizeof(int));
        var at = offsets.As<int>();
        long total = 0;
        at[0] = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (row >= 0) total += from[row + 1] - from[row];
            if (total > int.MaxValue) throw TooMuchText();
            at[i + 1] = (int)total;
        }

        var data = ArrowBuffer.Rent((int)total);
        var to = data.Bytes;
        var bytes = column.Data;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0) continue;
            var (start, target, length) = (from[rows[i]], at[i], at[i + 1] - at[i]);
            // Short texts by one load and one store, whatever their length, where there is room behind on both sides: what is too much is written over next.
            if (length <= Vector256<byte>.Count && bytes.Length - start >= Vector256<byte>.Count && to.Length - target >= Vector256<byte>.Count)
                Vector256.Create(bytes.Slice(start, Vector256<byte>.Count)).CopyTo(to.Slice(target, Vector256<byte>.Count));
            else bytes.Slice(start, length).CopyTo(to[target..]);
        }

        var (validity, nulls) = TakeValidity(column, rows);
        return new StringArray(column.Type, rows.Length, offsets, data, validity, nulls);
    }

    private static BooleanArray Booleans(BooleanArray column, ReadOnlySpan<int> rows)
    {
        var bits = ArrowBuffer.RentCleared(Bitmap.ByteCount(rows.Length));
        var to = bits.Bytes;
        var from = column.Bits;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 0 && Bitmap.Get(from, rows[i])) Bitmap.Set(to, i);
        }

        var (validity, nulls) = TakeValidity(column, rows);
        return new BooleanArray(rows.Length, bits, validity, nulls);
    }

    private static DictionaryArray Codes(DictionaryArray column, ReadOnlySpan<int> rows)
    {
        var buffer = ArrowBuffer.Rent(rows.Length * sizeof(int));
        var to = buffer.As<int>();
        var from = column.Codes;
        for (var i = 0; i < rows.Length; i++) to[i] = rows[i] < 0 ? 0 : from[rows[i]];
        var (validity, nulls) = TakeValidity(column, rows);
        return new DictionaryArray(new PrimitiveArray<int>(DataType.Int32, rows.Length, buffer, validity, nulls), column.Dictionary.Retain());
    }

    private static ListArray Lists(ListArray column, ReadOnlySpan<int> rows)
    {
        var from = column.Offsets;
        var offsets = ArrowBuffer.Rent((rows.Length + 1) * sizeof(int));
        var at = offsets.As<int>();
        var elements = new List<int>();
        at[0] = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 0)
            {
                for (var e = from[rows[i]]; e < from[rows[i] + 1]; e++) elements.Add(e);
            }

            at[i + 1] = elements.Count;
        }

        var child = Take(column.Child, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(elements));
        var (validity, nulls) = TakeValidity(column, rows);
        return new ListArray(column.Type, rows.Length, offsets, child, validity, nulls);
    }

    private static (ArrowBuffer? Validity, int Nulls) TakeValidity(ArrowArray column, ReadOnlySpan<int> rows)
    {
        if (column.NullCount == 0 && !rows.ContainsAnyInRange(int.MinValue, -1)) return (null, 0);
        if (rows.IsEmpty) return (null, 0);
        var bits = ArrowBuffer.RentCleared(Bitmap.ByteCount(rows.Length));
        var to = bits.Bytes;
        var valid = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0 || !column.IsValid(rows[i])) continue;
            Bitmap.Set(to, i);
            valid++;
        }

        return (bits, rows.Length - valid);
    }

    internal static DataFault TooMuchText() =>
        new("LF5020", "A column holds more than 2 GB of text at one point of the plan.", "Split the input, or read fewer columns.");
}
