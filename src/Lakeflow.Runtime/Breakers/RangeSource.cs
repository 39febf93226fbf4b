using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The BIGINTs from start towards end, exclusive, in steps: <c>range(start, end, step)</c>.</summary>
public sealed class RangeSource(Schema schema, long start, long end, long step) : IBatchSource
{
    private const int BatchRows = 8192;

    public Schema Schema => schema;

    /// <summary>How many there are: up to 2⁶⁴.</summary>
    public Int128 Rows
    {
        get
        {
            var span = step > 0 ? (Int128)end - start : (Int128)start - end;
            var width = Int128.Abs(step);
            return span <= 0 ? 0 : (span + width - 1) / width;
        }
    }

    public IBatchReader Open(int worker, int workers) => new Reader(this, worker, workers);

    public void Dispose()
    {
    }

    private RecordBatch? Batch(long number)
    {
        var first = (Int128)number * BatchRows;
        var rows = (int)Int128.Min(BatchRows, Rows - first);
        if (rows <= 0) return null;
        var buffer = ArrowBuffer.Rent(rows * sizeof(long));
        var values = buffer.As<long>();
        var value = (long)(start + (first * step));
        for (var i = 0; i < rows; i++)
        {
            values[i] = value;
            value = unchecked(value + step);
        }

        return new RecordBatch(schema, [new PrimitiveArray<long>(DataType.Int64, rows, buffer)], rows) { Ordinal = number << 32 };
    }

    private sealed class Reader(RangeSource source, int worker, int workers) : IBatchReader
    {
        private long next = worker;

        public RecordBatch? Read()
        {
            var batch = source.Batch(next);
            next += workers;
            return batch;
        }

        public void Dispose()
        {
        }
    }
}
