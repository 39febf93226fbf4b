using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Batches that are made one after another, as a source: one worker reads them all, in pieces of at most 8,192 rows, numbered in their order.</summary>
public sealed class OrderedSource(Schema schema, IEnumerable<RecordBatch> batches) : IBatchSource
{
    private const int BatchRows = 8192;

    public Schema Schema => schema;

    public IBatchReader Open(int worker, int workers) => new Reader(worker == 0 ? batches : []);

    public void Dispose()
    {
    }

    private sealed class Reader(IEnumerable<RecordBatch> batches) : IBatchReader
    {
        private readonly IEnumerator<RecordBatch> at = batches.GetEnumerator();
        private RecordBatch? current;
        private int start;
        private long number;

        public RecordBatch? Read()
        {
            while (current is null || start >= current.Length)
            {
                current?.Dispose();
                current = null;
                if (!at.MoveNext()) return null;
                (current, start) = (at.Current, 0);
            }

            var from = start;
            start += BatchRows;
            var length = Math.Min(BatchRows, current.Length - from);
            return new RecordBatch(current.Schema, [.. current.Columns.Select(c => length == current.Length ? c.Retain() : c.Slice(from, length))], length) { Ordinal = number++ << 32 };
        }

        public void Dispose()
        {
            current?.Dispose();
            at.Dispose();
        }
    }
}
