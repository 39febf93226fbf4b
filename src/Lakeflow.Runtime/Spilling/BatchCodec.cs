using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Spilling;

/// <summary>Batches as blocks of bytes: the columns' Arrow buffers one behind another.</summary>
/// <remarks>
/// A column is a byte that says its layout, its bitmap if something is NULL, then values; offsets begin at 0 again. A dictionary goes along
/// where it is no longer than the batch, else the column is written plainly.
/// </remarks>
internal static class BatchCodec
{
    private const byte Plain = 0;
    private const byte Encoded = 1;
    private const byte AllNull = 2;

    /// <summary>Bytes that a batch keeps in memory beside those before it: as its columns' buffers count.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="dictionaries">For each column the dictionary that was counted last: batches share them.</param>
    public static long BytesOf(RecordBatch batch, ArrowArray?[] dictionaries)
    {
        long bytes = 64;
        for (var c = 0; c < dictionaries.Length; c++)
        {
            bytes += BytesOf(batch.Columns[c]);
            if (batch.Columns[c] is not DictionaryArray { Dictionary: var dictionary } || ReferenceEquals(dictionary, dictionaries[c])) continue;
            dictionaries[c] = dictionary;
            bytes += BytesOf(dictionary);
        }

        return bytes;
    }

    public static void Write(RecordBatch batch, SpillWriter to)
    {
        to.Put(batch.Length);
        to.Put(batch.Ordinal);
        foreach (var column in batch.Columns) Write(column, to);
    }

    /// <summary>A batch that was written with columns of the same types; the caller owns it.</summary>
    public static RecordBatch Read(Schema schema, SpillReader from)
    {
        var rows = from.Get<int>();
        var ordinal = from.Get<long>();
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(schema.Count);
        for (var c = 0; c < schema.Count; c++) columns.Add(Read(schema[c].Type, rows, from));
        return new RecordBatch(schema, columns.MoveToImmutable(), rows) { Ordinal = ordinal };
    }

    private static long BytesOf(ArrowArray column) => Bitmap.ByteCount(column.NullCount == 0 ? 0 : column.Length) + column switch
    {
        DictionaryArray c => sizeof(int) * (long)c.Length,
        StringArray c => (sizeof(int) * (c.Length + 1L)) + c.Offsets[^1] - c.Offsets[0],
        BooleanArray c => Bitmap.ByteCount(c.Length),
        NullArray => 0,
        ListArray c => (sizeof(int) * (c.Length + 1L)) + (c.Child.Length == 0 ? 0 : BytesOf(c.Child) * (c.Offsets[^1] - c.Offsets[0]) / c.Child.Length),
        StructArray c => c.Children.Sum(BytesOf),
        _ => WidthOf(column.Type) * (long)column.Length,
    };

    private static int WidthOf(DataType type) => type switch
    {
        Int8Type => 1,
        Int16Type => 2,
        Int32Type or DateType or YearMonthIntervalType or FloatType => 4,
        DecimalType { Is64: false } => 16,
        _ => 8,
    };

    private static void Write(ArrowArray column, SpillWriter to)
    {
        if (column is DictionaryArray large && large.Dictionary.Length > large.Length)
        {
            var decoded = large.Decode();
            Write(decoded, to);
            decoded.Release();
            return;
        }

        to.Put(column is NullArray ? AllNull : column is DictionaryArray ? Encoded : Plain);
        if (column is NullArray) return;
        to.Put(column.NullCount);
        if (column.NullCount > 0) to.Put(column.Validity[..Bitmap.ByteCount(column.Length)]);
        switch (column)
        {
            case PrimitiveArray<sbyte> c: to.Put(c.Values); break;
            case PrimitiveArray<short> c: to.Put(c.Values); break;
            case PrimitiveArray<int> c: to.Put(c.Values); break;
            case PrimitiveArray<long> c: to.Put(c.Values); break;
            case PrimitiveArray<float> c: to.Put(c.Values); break;
            case PrimitiveArray<double> c: to.Put(c.Values); break;
            case PrimitiveArray<Int128> c: to.Put(c.Values); break;
            case BooleanArray c: to.Put(c.Bits[..Bitmap.ByteCount(c.Length)]); break;
            case StringArray c:
                WriteOffsets(c.Offsets, to);
                to.Put(c.Data[c.Offsets[0]..c.Offsets[^1]]);
                break;
            case DictionaryArray c:
                to.Put(c.Codes);
                to.Put(c.Dictionary.Length);
                Write(c.Dictionary, to);
                break;
            case ListArray c:
                WriteOffsets(c.Offsets, to);
                var elements = c.Child.Slice(c.Offsets[0], c.Offsets[^1] - c.Offsets[0]);
                Write(elements, to);
                elements.Release();
                break;
            case StructArray c:
                foreach (var child in c.Children) Write(child, to);
                break;
            default: throw new UnreachableException(column.GetType().Name);
        }
    }

    private static ArrowArray Read(DataType type, int rows, SpillReader from)
    {
        var layout = from.Get<byte>();
        if (layout == AllNull) return new NullArray(rows);
        var nulls = from.Get<int>();
        var validity = nulls == 0 ? null : Buffer<byte>(Bitmap.ByteCount(rows), from);
        if (layout == Encoded)
        {
            var codes = new PrimitiveArray<int>(DataType.Int32, rows, Buffer<int>(rows, from), validity, nulls);
            return new DictionaryArray(codes, Read(type, from.Get<int>(), from));
        }

        switch (type)
        {
            case Int8Type: return Fixed<sbyte>();
            case Int16Type: return Fixed<short>();
            case Int32Type or DateType or YearMonthIntervalType: return Fixed<int>();
            case Int64Type or TimestampType or DayTimeIntervalType or DecimalType { Is64: true }: return Fixed<long>();
            case FloatType: return Fixed<float>();
            case DoubleType: return Fixed<double>();
            case DecimalType: return Fixed<Int128>();
            case BooleanType: return new BooleanArray(rows, Buffer<byte>(Bitmap.ByteCount(rows), from), validity, nulls);
            case StringType or BinaryType:
                var offsets = Buffer<int>(rows + 1, from);
                return new StringArray(type, rows, offsets, Buffer<byte>(offsets.As<int>()[rows], from), validity, nulls);
            case ListType or MapType:
                var starts = Buffer<int>(rows + 1, from);
                return new ListArray(type, rows, starts, Read(ElementOf(type), starts.As<int>()[rows], from), validity, nulls);
            case StructType of:
                return new StructArray(type, rows, [.. of.Fields.Select(f => Read(f.Type, rows, from))], validity, nulls);
            default: throw new UnreachableException(type.ToString());
        }

        PrimitiveArray<T> Fixed<T>()
            where T : unmanaged => new(type, rows, Buffer<T>(rows, from), validity, nulls);
    }

    private static DataType ElementOf(DataType type) => type is ListType list ? list.Element.Type : ((MapType)type).Entries;

    private static void WriteOffsets(ReadOnlySpan<int> offsets, SpillWriter to)
    {
        var first = offsets[0];
        if (first == 0)
        {
            to.Put(offsets);
            return;
        }

        foreach (var offset in offsets) to.Put(offset - first);
    }

    private static ArrowBuffer Buffer<T>(int count, SpillReader from)
        where T : unmanaged
    {
        var buffer = ArrowBuffer.Rent(checked(count * Unsafe.SizeOf<T>()));
        from.Get(buffer.As<T>());
        return buffer;
    }
}
