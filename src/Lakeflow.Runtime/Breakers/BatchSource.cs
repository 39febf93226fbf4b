using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Batches in memory as a source. Owns them; each is a morsel, cut into pieces of at most 8,192 rows.</summary>
public sealed class BatchSource(Schema schema, IReadOnlyList<RecordBatch> batches) : IBatchSource
{
    private const int BatchRows = 8192;

    public BatchSource(RecordBatch batch)
        : this(batch.Schema, [batch])
    {
    }

    public Schema Schema => schema;

    public IBatchReader Open(int worker, int workers) => new Reader(batches, worker, workers);

    public void Dispose()
    {
        foreach (var batch in batches) batch.Dispose();
    }

    /// <summary>Pieces are numbered through: piece p belongs to worker p mod workers, so that one large batch is shared too.</summary>
    private sealed class Reader(IReadOnlyList<RecordBatch> batches, int worker, int workers) : IBatchReader
    {
        private long piece;
        private int batch;
        private int start;

        public RecordBatch? Read()
        {
            while (batch < batches.Count)
            {
                var current = batches[batch];
                if (start >= current.Length)
                {
                    batch++;
                    start = 0;
                    continue;
                }

                var from = start;
                var mine = piece % workers == worker;
                var number = piece++;
                start += BatchRows;
                if (!mine) continue;
                var length = Math.Min(BatchRows, current.Length - from);
                return new RecordBatch(current.Schema, [.. current.Columns.Select(c => length == current.Length ? c.Retain() : c.Slice(from, length))], length)
                {
                    Ordinal = number << 32,
                    Origin = current.Origin is null ? null : current.Origin with { FirstRow = current.Origin.FirstRow + from, Lines = current.Origin.Lines?[from..(from + length)] },
                };
            }

            return null;
        }

        public void Dispose()
        {
        }
    }
}
