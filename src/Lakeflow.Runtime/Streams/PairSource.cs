using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>Pairs of rows as batches, found as they are read: however many rows share a key, no more than a batch of pairs is in memory.</summary>
/// <param name="left">The left rows; they stay whose they are.</param>
/// <param name="right">The right ones.</param>
/// <param name="partners">Finds the right rows of a left one.</param>
/// <param name="info">What is joined.</param>
internal sealed class PairSource(RecordBatch left, RecordBatch right, PairChains partners, StreamJoinInfo info) : IBatchSource
{
    private const int BatchRows = 8192;

    public Schema Schema { get; } = info.Kind == StreamJoinKind.Inner
        ? SchemaOf(info, int.MaxValue)
        : new Schema(SchemaOf(info, int.MaxValue).Fields.Add(new Field("left_row", DataType.Int32)).Add(new Field("right_row", DataType.Int32)));

    /// <summary>The columns of a pair whose numbers are less than <paramref name="limit"/>.</summary>
    public static Schema SchemaOf(StreamJoinInfo info, int limit)
    {
        var width = info.Left.Columns.Count;
        return new Schema(info.Output.Where(o => o < limit).Select(o => o < width ? info.Left.Columns[o] : info.Right.Columns[o - width]).ToImmutableArray());
    }

    private int LeftRows => left.Length;

    private PairChains Partners => partners;

    public IBatchReader Open(int worker, int workers) => new Reader(this, worker, workers);

    public void Dispose()
    {
    }

    private RecordBatch Batch(ReadOnlySpan<int> leftRows, ReadOnlySpan<int> rightRows, long ordinal)
    {
        var width = left.Columns.Length;
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(Schema.Count);
        foreach (var column in info.Output) columns.Add(column < width ? Gather.Take(left.Columns[column], leftRows) : Gather.Take(right.Columns[column - width], rightRows));
        if (info.Kind != StreamJoinKind.Inner)
        {
            columns.Add(Numbers(leftRows));
            columns.Add(Numbers(rightRows));
        }

        return new RecordBatch(Schema, columns.MoveToImmutable(), leftRows.Length) { Ordinal = ordinal };
    }

    private static PrimitiveArray<int> Numbers(ReadOnlySpan<int> rows)
    {
        var buffer = ArrowBuffer.Rent(rows.Length * sizeof(int));
        rows.CopyTo(buffer.As<int>());
        return new PrimitiveArray<int>(DataType.Int32, rows.Length, buffer);
    }

    /// <summary>Left rows are divided into morsels; morsel m belongs to worker m mod workers.</summary>
    private sealed class Reader(PairSource pairs, int worker, int workers) : IBatchReader
    {
        private readonly int[] lefts = new int[BatchRows];
        private readonly int[] rights = new int[BatchRows];
        private long morsel = worker;
        private int batch;
        private int row = -1;
        private int match;

        public RecordBatch? Read()
        {
            while (morsel * BatchRows < pairs.LeftRows)
            {
                var end = (int)Math.Min((morsel + 1) * BatchRows, pairs.LeftRows);
                if (row < 0)
                {
                    row = (int)(morsel * BatchRows);
                    match = pairs.Partners.First(row);
                }

                var count = 0;
                while (row < end && count < BatchRows)
                {
                    if (match < 0)
                    {
                        if (++row < end) match = pairs.Partners.First(row);
                        continue;
                    }

                    (lefts[count], rights[count++]) = (row, match);
                    match = pairs.Partners.Next(row, match);
                }

                if (count > 0) return pairs.Batch(lefts.AsSpan(0, count), rights.AsSpan(0, count), (morsel << 32) + batch++);
                (morsel, batch, row) = (morsel + workers, 0, -1);
            }

            return null;
        }

        public void Dispose()
        {
        }
    }
}
