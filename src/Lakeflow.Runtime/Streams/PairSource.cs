using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>Pairs of rows as batches, made as they are read.</summary>
/// <param name="left">The left rows; they stay whose they are.</param>
/// <param name="right">The right ones.</param>
/// <param name="lefts">Of each pair the left row.</param>
/// <param name="rights">Of each pair the right row.</param>
internal sealed class PairSource(RecordBatch left, RecordBatch right, int[] lefts, int[] rights, StreamJoinInfo info) : IBatchSource
{
    private const int BatchRows = 8192;

    private readonly int[] lefts = lefts;

    public Schema Schema { get; } = info.Kind == StreamJoinKind.Inner
        ? SchemaOf(info, int.MaxValue)
        : new Schema(SchemaOf(info, int.MaxValue).Fields.Add(new Field("left_row", DataType.Int32)).Add(new Field("right_row", DataType.Int32)));

    /// <summary>The columns of a pair whose numbers are less than <paramref name="limit"/>.</summary>
    public static Schema SchemaOf(StreamJoinInfo info, int limit)
    {
        var width = info.Left.Columns.Count;
        return new Schema(info.Output.Where(o => o < limit).Select(o => o < width ? info.Left.Columns[o] : info.Right.Columns[o - width]).ToImmutableArray());
    }

    public IBatchReader Open(int worker, int workers) => new Reader(this, worker, workers);

    public void Dispose()
    {
    }

    private RecordBatch Piece(int number)
    {
        var start = number * BatchRows;
        var length = Math.Min(BatchRows, lefts.Length - start);
        var leftRows = lefts.AsSpan(start, length);
        var rightRows = rights.AsSpan(start, length);
        var width = left.Columns.Length;
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(Schema.Count);
        foreach (var column in info.Output) columns.Add(column < width ? Gather.Take(left.Columns[column], leftRows) : Gather.Take(right.Columns[column - width], rightRows));
        if (info.Kind != StreamJoinKind.Inner)
        {
            columns.Add(Numbers(leftRows));
            columns.Add(Numbers(rightRows));
        }

        return new RecordBatch(Schema, columns.MoveToImmutable(), length) { Ordinal = (long)number << 32 };
    }

    private static PrimitiveArray<int> Numbers(ReadOnlySpan<int> rows)
    {
        var buffer = ArrowBuffer.Rent(rows.Length * sizeof(int));
        rows.CopyTo(buffer.As<int>());
        return new PrimitiveArray<int>(DataType.Int32, rows.Length, buffer);
    }

    /// <summary>Piece p belongs to worker p mod workers.</summary>
    private sealed class Reader(PairSource pairs, int worker, int workers) : IBatchReader
    {
        private int next = worker;

        public RecordBatch? Read()
        {
            if ((long)next * BatchRows >= pairs.lefts.Length) return null;
            var piece = pairs.Piece(next);
            next += workers;
            return piece;
        }

        public void Dispose()
        {
        }
    }
}
