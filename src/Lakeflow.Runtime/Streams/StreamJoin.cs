using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>One <see cref="StreamJoinInfo"/> during a step.</summary>
/// <remarks>
/// Each pair comes out in the step that brings the later of its rows: new rows meet the new and the remembered ones of the other side,
/// of which only those with their keys are read. A row whose time is up is forgotten; of an outer side it comes out first, if it never matched.
/// A row that comes when rows that it might have matched are forgotten is late.
/// </remarks>
internal sealed class StreamJoin : IDisposable
{
    private readonly StreamJoinInfo info;
    private readonly JoinSide left;
    private readonly JoinSide right;

    /// <param name="info">What is joined.</param>
    /// <param name="left">The left rows of earlier steps.</param>
    /// <param name="right">The right ones.</param>
    /// <param name="watermark">In effect for this step, microseconds UTC.</param>
    public StreamJoin(StreamJoinInfo info, KeptRows left, KeptRows right, long watermark)
    {
        this.info = info;
        this.left = new JoinSide(info.Left, left, watermark, RolesOf(info.Kind).Left);
        this.right = new JoinSide(info.Right, right, watermark, RolesOf(info.Kind).Right);
    }

    /// <summary>The columns of the two state tables.</summary>
    public static IEnumerable<Schema> ColumnsOf(StreamJoinInfo info) => [JoinSide.ColumnsOf(info.Left, RolesOf(info.Kind).Left), JoinSide.ColumnsOf(info.Right, RolesOf(info.Kind).Right)];

    /// <summary>Rows that came after their time.</summary>
    public long Late => left.Late + right.Late;

    /// <summary>Those rows as JSON, where somebody wants them.</summary>
    public List<string>? LateRows { get; init; }

    /// <summary>Takes the step's rows; gives the pairs.</summary>
    public IBatchSource Pair(BatchBuffer leftRows, BatchBuffer rightRows, int workers, CancellationToken stop)
    {
        left.Take(leftRows, LateRows);
        right.Take(rightRows, LateRows);
        var keys = new KeyTable([.. info.Left.Keys.Select(k => info.Left.Columns[k].Type)]);
        left.NumberNew(keys);
        right.NumberNew(keys);
        left.Meet(right, keys, workers, stop);
        right.Meet(left, keys, workers, stop);
        return new PairSource(left.All, right.All, new PairChains(left.Numbers, left.NewCount, right.Numbers, right.NewCount, keys.Count), info);
    }

    /// <summary>Takes the pairs that hold; gives the rows of the join.</summary>
    public IBatchSource Match(BatchBuffer pairs)
    {
        var output = new List<RecordBatch>();
        var width = info.Output.Length;
        var leftWidth = info.Left.Columns.Count;
        var schema = PairSource.SchemaOf(info, info.Kind == StreamJoinKind.Semi ? leftWidth : int.MaxValue);
        foreach (var batch in pairs.Batches())
        {
            using (batch)
            {
                left.Match(Columns.Values<int>(batch, width));
                right.Match(Columns.Values<int>(batch, width + 1));
                if (info.Kind != StreamJoinKind.Semi) output.Add(new RecordBatch(schema, [.. batch.Columns.Take(width).Select(c => c.Retain())], batch.Length));
            }
        }

        if (info.Kind == StreamJoinKind.Semi) output.Add(Alone(left.All, left.NewlyMatched(), 0));
        if (info.Kind is StreamJoinKind.Left or StreamJoinKind.Full) AddUnmatched(left, 0);
        if (info.Kind is StreamJoinKind.Right or StreamJoinKind.Full) AddUnmatched(right, leftWidth);
        return new BatchSource(schema, output);

        void AddUnmatched(JoinSide side, int first)
        {
            var (done, rows) = side.Unmatched();
            output.Add(Alone(side.All, rows, first));
            output.Add(Alone(side.Over.Rows, done, first));
        }

        // Rows of one side, whose columns are numbered from first; the other's are NULL.
        RecordBatch Alone(RecordBatch rows, int[] taken, int first)
        {
            var none = new int[taken.Length];
            Array.Fill(none, -1);
            var columns = ImmutableArray.CreateBuilder<ArrowArray>(schema.Count);
            foreach (var number in info.Output.Take(schema.Count))
            {
                var mine = number >= first && number < first + (first == 0 ? leftWidth : info.Right.Columns.Count);
                columns.Add(mine ? Gather.Take(rows.Columns[number - first], taken) : Gather.Take((number < leftWidth ? left.All.Columns[number] : right.All.Columns[number - leftWidth]), none));
            }

            return new RecordBatch(schema, columns.MoveToImmutable(), taken.Length);
        }
    }

    /// <summary>Commits what is remembered of both sides.</summary>
    public IEnumerable<long> Commit() => [left.Commit(), right.Commit()];

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
    }

    private static (JoinRole Left, JoinRole Right) RolesOf(StreamJoinKind kind) => kind switch
    {
        StreamJoinKind.Left => (JoinRole.Outer, JoinRole.Inner),
        StreamJoinKind.Right => (JoinRole.Inner, JoinRole.Outer),
        StreamJoinKind.Full => (JoinRole.Outer, JoinRole.Outer),
        StreamJoinKind.Semi => (JoinRole.Once, JoinRole.Inner),
        _ => (JoinRole.Inner, JoinRole.Inner),
    };
}
