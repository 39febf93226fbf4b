using System.Diagnostics;

namespace Lakeflow.Arrow;

/// <summary>Gathers values into a column. One builder makes one array after another; not thread-safe.</summary>
public abstract class ArrayBuilder
{
    private byte[] flags = [];

    protected ArrayBuilder(DataType type) => Type = type;

    public DataType Type { get; }

    /// <summary>Rows appended since the last <see cref="Build"/>.</summary>
    public int Length { get; private set; }

    public int NullCount { get; private set; }

    /// <summary>The builder for a type, with room for <paramref name="capacity"/> rows.</summary>
    public static ArrayBuilder Create(DataType type, int capacity = 0) => type switch
    {
        NullType => new NullBuilder(),
        BooleanType => new BooleanBuilder(capacity),
        Int8Type => new PrimitiveBuilder<sbyte>(type, capacity),
        Int16Type => new PrimitiveBuilder<short>(type, capacity),
        Int32Type or DateType or YearMonthIntervalType => new PrimitiveBuilder<int>(type, capacity),
        Int64Type or TimestampType or DayTimeIntervalType => new PrimitiveBuilder<long>(type, capacity),
        FloatType => new PrimitiveBuilder<float>(type, capacity),
        DoubleType => new PrimitiveBuilder<double>(type, capacity),
        DecimalType { Is64: true } => new PrimitiveBuilder<long>(type, capacity),
        DecimalType => new PrimitiveBuilder<Int128>(type, capacity),
        StringType or BinaryType => new StringArrayBuilder(type, capacity),
        ListType or MapType => new ListBuilder(type, capacity),
        StructType s => new StructBuilder(s, capacity),
        _ => throw new UnreachableException(type.ToString()),
    };

    public void AppendNull()
    {
        AddDefault();
        Count(valid: false);
    }

    /// <summary>Appends a value in the form of <see cref="ArrowArray.GetValue"/>; null is NULL.</summary>
    public void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNull();
            return;
        }

        AddObject(value);
        Count(valid: true);
    }

    /// <summary>Appends a row of another column of the same type (dictionaries are looked through).</summary>
    public void AppendFrom(ArrowArray source, int index)
    {
        if (source.IsNull(index))
        {
            AppendNull();
            return;
        }

        while (source is DictionaryArray encoded)
        {
            index = encoded.Codes[index];
            source = encoded.Dictionary;
        }

        AddFrom(source, index);
        Count(valid: true);
    }

    /// <summary>The column of all rows appended; the builder is empty again.</summary>
    public ArrowArray Build()
    {
        ArrowBuffer? validity = null;
        if (NullCount > 0)
        {
            validity = ArrowBuffer.Rent(Bitmap.ByteCount(Length));
            Bitmap.Pack(flags.AsSpan(0, Length), validity.Bytes);
        }

        var array = Take(Length, validity, NullCount);
        Length = 0;
        NullCount = 0;
        return array;
    }

    protected abstract void AddDefault();

    protected abstract void AddObject(object value);

    protected abstract void AddFrom(ArrowArray source, int index);

    protected abstract ArrowArray Take(int length, ArrowBuffer? validity, int nullCount);

    /// <summary>Notes one more row. Call after the value has been added.</summary>
    protected void Count(bool valid)
    {
        // Flags are kept only from the first NULL on: most columns have none.
        if (!valid || NullCount > 0)
        {
            if (flags.Length <= Length) Array.Resize(ref flags, Math.Max(64, (Length + 1) * 2));
            if (NullCount == 0) flags.AsSpan(0, Length).Fill(1);
            flags[Length] = valid ? (byte)1 : (byte)0;
            if (!valid) NullCount++;
        }

        Length++;
    }
}
