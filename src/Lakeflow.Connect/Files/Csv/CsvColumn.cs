using System.Text;
using System.Text.Unicode;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files.Csv;

/// <summary>A value that its column's type cannot hold.</summary>
internal readonly record struct CsvMisfit(int Row, CsvColumn Column);

/// <summary>Converts one field of all rows of a block: a loop per column, so that the type is decided once.</summary>
internal abstract class CsvColumn(string name, int field)
{
    public string Name { get; } = name;

    /// <summary>The place among the file's fields; -1 if the file has no such field, and the column is NULL.</summary>
    public int Field { get; } = field;

    public abstract ColumnSink Sink { get; }

    /// <summary>Appends <see cref="CsvBlock.Rows"/> values. What does not fit becomes NULL and is listed.</summary>
    public void Convert(CsvBlock block, List<CsvMisfit> misfits)
    {
        Sink.Reserve(block.Rows);
        if (Field >= 0)
        {
            ConvertField(block, misfits);
            return;
        }

        for (var row = 0; row < block.Rows; row++) Sink.AppendNull();
    }

    protected abstract void ConvertField(CsvBlock block, List<CsvMisfit> misfits);

    public static CsvColumn Create(Field column, int field, CsvOptions options, TextFormats formats) => column.Type switch
    {
        Int8Type => new CsvColumn<sbyte, Int8Parser>(column, field, options, default),
        Int16Type => new CsvColumn<short, Int16Parser>(column, field, options, default),
        Int32Type => new CsvColumn<int, Int32Parser>(column, field, options, default),
        Int64Type => new CsvColumn<long, Int64Parser>(column, field, options, default),
        DoubleType => new CsvColumn<double, DoubleParser>(column, field, options, Doubles(options)),
        FloatType => new CsvColumn<float, FloatParser>(column, field, options, new FloatParser(Doubles(options))),
        DecimalType { Is64: true } type => new CsvColumn<long, Decimal64Parser>(column, field, options, new Decimal64Parser(type)),
        DecimalType type => new CsvColumn<Int128, Decimal128Parser>(column, field, options, new Decimal128Parser(type)),
        BooleanType => new CsvColumn<byte, BooleanParser>(column, field, options, default),
        DateType => new CsvColumn<int, DateParser>(column, field, options, new DateParser(formats)),
        TimestampType { Zoned: true } => new CsvColumn<long, TimestampParser>(column, field, options, new TimestampParser(formats)),
        TimestampType => new CsvColumn<long, TimestampNtzParser>(column, field, options, new TimestampNtzParser(formats)),
        StringType or BinaryType => new CsvTextColumn(column, field, options),
        _ => throw FileErrors.TypeNotInFormat("csv", column.Name, column.Type.ToString()),
    };

    private static DoubleParser Doubles(CsvOptions options) => new(options.NanValue, options.PositiveInf, options.NegativeInf);
}

/// <summary>A column of values of fixed width.</summary>
internal sealed class CsvColumn<T, TParser>(Field column, int field, CsvOptions options, TParser parser) : CsvColumn(column.Name, field)
    where T : unmanaged
    where TParser : struct, IValueParser<T>
{
    private readonly PrimitiveSink<T> sink = new(column.Type);
    private readonly CsvText text = new(options);
    private readonly TParser parser = parser;

    public override ColumnSink Sink => sink;

    protected override void ConvertField(CsvBlock block, List<CsvMisfit> misfits)
    {
        var rows = block.Rows;
        sink.Next(rows, out var values, out var flags);
        ReadOnlySpan<int> ends = block.Ends;
        ReadOnlySpan<byte> buffer = block.Buffer;
        var stride = block.Stride;
        var separator = options.Separator.Length;
        var (quote, care) = (options.Quote, options.NeedsCare);
        var own = parser;
        var at = Field;
        for (var row = 0; row < rows; row++, at += stride)
        {
            var start = ends[at] + separator;
            var length = ends[at + 1] - start;
            if (length <= 0)
            {
                values[row] = default;
                flags[row] = 0;
                continue;
            }

            var raw = buffer.Slice(start, length);
            if (care || raw[0] == quote)
            {
                raw = text.Clean(raw, out var isNull);
                if (isNull || raw.IsEmpty)
                {
                    values[row] = default;
                    flags[row] = 0;
                    continue;
                }
            }

            if (own.TryParse(raw, out var value))
            {
                values[row] = value;
                flags[row] = 1;
            }
            else
            {
                values[row] = default;
                flags[row] = 0;
                misfits.Add(new CsvMisfit(row, this));
            }
        }

        sink.Advance(rows);
    }
}

/// <summary>A STRING or BINARY column.</summary>
internal sealed class CsvTextColumn(Field column, int field, CsvOptions options) : CsvColumn(column.Name, field)
{
    private readonly TextSink sink = new(column.Type);
    private readonly CsvText text = new(options);

    public override ColumnSink Sink => sink;

    protected override void ConvertField(CsvBlock block, List<CsvMisfit> misfits)
    {
        var rows = block.Rows;
        ReadOnlySpan<int> ends = block.Ends;
        ReadOnlySpan<byte> buffer = block.Buffer;
        var stride = block.Stride;
        var separator = options.Separator.Length;
        var (quote, care) = (options.Quote, options.NeedsCare);
        var isUtf8 = sink.Type is BinaryType || rows == 0 || Utf8.IsValid(buffer[block.RowStarts[0]..block.RowEnds[rows - 1]]);
        var at = Field;
        for (var row = 0; row < rows; row++, at += stride)
        {
            var start = ends[at] + separator;
            var length = ends[at + 1] - start;
            if (length <= 0)
            {
                sink.AppendNull();
                continue;
            }

            var raw = buffer.Slice(start, length);
            if (!care && raw[0] != quote && isUtf8)
            {
                sink.AppendInPlace(raw);
                continue;
            }

            var clean = raw;
            var isNull = false;
            if (care || raw[0] == quote) clean = text.Clean(raw, out isNull);
            if (isNull) sink.AppendNull();
            else if (isUtf8) sink.Append(clean);
            else sink.Append(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(clean)));
        }
    }
}
