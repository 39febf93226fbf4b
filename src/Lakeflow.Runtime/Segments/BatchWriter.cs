using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>Writes the output columns of a segment: reserve, write through spans in a loop, commit.</summary>
/// <remarks>
/// Use, per batch: <see cref="Begin"/>; take the spans of the computed columns; write row n of each; after the loop
/// <see cref="Take"/> the columns that pass unchanged; <see cref="Commit"/>. One instance per worker.
/// </remarks>
public sealed class BatchWriter
{
    private readonly IBatchSink sink;
    private readonly ArrowBuffer?[] values;
    private readonly byte[]?[] valid;
    private readonly byte[]?[] flags;
    private readonly TextWriter?[] texts;
    private readonly ArrayBuilder?[] nested;
    private readonly ArrowArray?[] ready;
    private readonly StringArray?[] dictionaries;
    private int capacity;

    public BatchWriter(Schema schema, IBatchSink sink)
    {
        Schema = schema;
        this.sink = sink;
        values = new ArrowBuffer?[schema.Count];
        valid = new byte[]?[schema.Count];
        flags = new byte[]?[schema.Count];
        texts = new TextWriter?[schema.Count];
        nested = new ArrayBuilder?[schema.Count];
        ready = new ArrowArray?[schema.Count];
        dictionaries = new StringArray?[schema.Count];
    }

    public Schema Schema { get; }

    /// <summary>Starts a batch of at most <paramref name="rows"/> rows.</summary>
    public void Begin(int rows)
    {
        capacity = rows;
        Array.Clear(valid);
    }

    /// <summary>Room for one value a row, not cleared. T is the physical type of the column.</summary>
    public Span<T> Values<T>(int column)
        where T : unmanaged
    {
        values[column] = ArrowBuffer.Rent(checked(Math.Max(capacity, 1) * Unsafe.SizeOf<T>()));
        return values[column]!.As<T>();
    }

    /// <summary>Room for one byte a row, not cleared: 1 = valid, 0 = NULL. A column never asked for this has no NULL.</summary>
    public Span<byte> Valid(int column) => valid[column] = new byte[capacity];

    /// <summary>Room for one byte a row of a BOOLEAN column, not cleared: 1 = TRUE.</summary>
    public Span<byte> Flags(int column) => flags[column] = new byte[capacity];

    /// <summary>The texts of a column, to be appended in row order, also for NULL rows.</summary>
    public TextWriter Text(int column)
    {
        var writer = texts[column] ??= new TextWriter(Schema[column].Type);
        writer.Begin(capacity);
        return writer;
    }

    /// <summary>A column of nested values, appended in row order with <see cref="ArrayBuilder.AppendValue"/>.</summary>
    public ArrayBuilder Nested(int column) => nested[column] ??= ArrayBuilder.Create(Schema[column].Type, capacity);

    /// <summary>Room for one dictionary code a row; set the values with <see cref="Dictionary"/>.</summary>
    public Span<int> Codes(int column) => Values<int>(column);

    /// <summary>The distinct values of a column written with <see cref="Codes"/>; the writer takes the reference.</summary>
    public void Dictionary(int column, StringArray dictionary) => dictionaries[column] = dictionary;

    /// <summary>A column that passes unchanged: the rows of <paramref name="source"/> named by <paramref name="selection"/>, −1 = NULL.</summary>
    /// <param name="column">Output column.</param>
    /// <param name="source">Input column; its reference stays with the caller.</param>
    /// <param name="selection">As many rows as will be committed.</param>
    public void Take(int column, ArrowArray source, ReadOnlySpan<int> selection) =>
        ready[column] = IsWhole(source, selection) ? source.Retain() : Gather.Take(source, selection);

    /// <summary>A finished column; the writer takes the reference.</summary>
    public void Set(int column, ArrowArray array) => ready[column] = array;

    /// <summary>Makes a batch of the first <paramref name="rows"/> rows and passes it to the sink; nothing is passed for no rows.</summary>
    public void Commit(int rows, long ordinal, RowOrigin? origin = null)
    {
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(Schema.Count);
        for (var c = 0; c < Schema.Count; c++) columns.Add(Column(c, rows));
        using var batch = new RecordBatch(Schema, columns.MoveToImmutable(), rows) { Ordinal = ordinal, Origin = origin };
        if (rows > 0) sink.Write(batch);
    }

    private ArrowArray Column(int c, int rows)
    {
        if (ready[c] is { } done)
        {
            ready[c] = null;
            return done;
        }

        if (nested[c] is { Length: > 0 } builder) return builder.Build();
        var type = Schema[c].Type;
        if (type.IsNested || type is NullType) return ArrayBuilder.Create(type).Build();
        var (validity, nulls) = Validity(c, rows);
        if (type is BooleanType)
        {
            var bits = ArrowBuffer.Rent(Bitmap.ByteCount(rows));
            Bitmap.Pack(flags[c].AsSpan(0, rows), bits.Bytes);
            return new BooleanArray(rows, bits, validity, nulls);
        }

        if (dictionaries[c] is { } dictionary)
        {
            dictionaries[c] = null;
            return new DictionaryArray(new PrimitiveArray<int>(DataType.Int32, rows, Taken(c, rows * sizeof(int)), validity, nulls), dictionary);
        }

        return type switch
        {
            StringType or BinaryType => texts[c]!.Build(validity, nulls),
            Int8Type => Fixed<sbyte>(c, rows, validity, nulls),
            Int16Type => Fixed<short>(c, rows, validity, nulls),
            Int32Type or DateType or YearMonthIntervalType => Fixed<int>(c, rows, validity, nulls),
            FloatType => Fixed<float>(c, rows, validity, nulls),
            DoubleType => Fixed<double>(c, rows, validity, nulls),
            DecimalType { Is64: false } => Fixed<Int128>(c, rows, validity, nulls),
            _ => Fixed<long>(c, rows, validity, nulls),
        };
    }

    private PrimitiveArray<T> Fixed<T>(int c, int rows, ArrowBuffer? validity, int nulls)
        where T : unmanaged => new(Schema[c].Type, rows, Taken(c, rows * Unsafe.SizeOf<T>()), validity, nulls);

    private ArrowBuffer Taken(int c, int bytes)
    {
        var buffer = values[c]!.Resized(bytes);
        values[c] = null;
        return buffer;
    }

    private (ArrowBuffer? Validity, int Nulls) Validity(int c, int rows)
    {
        if (valid[c] is not { } bytes || rows == 0 || bytes.AsSpan(0, rows).IndexOf((byte)0) < 0) return (null, 0);
        var bits = ArrowBuffer.Rent(Bitmap.ByteCount(rows));
        Bitmap.Pack(bytes.AsSpan(0, rows), bits.Bytes);
        return (bits, rows - Bitmap.CountOnes(bits.Bytes, rows));
    }

    private static bool IsWhole(ArrowArray source, ReadOnlySpan<int> selection)
    {
        // A selection made by a filter ascends: if it is as long as the column and ends with its last row, it is all of it,
        // provided that it starts at 0. Joins may repeat rows, so the middle is looked at too.
        if (selection.Length != source.Length || selection.IsEmpty || selection[0] != 0) return false;
        for (var i = 1; i < selection.Length; i++)
        {
            if (selection[i] != i) return false;
        }

        return true;
    }
}
