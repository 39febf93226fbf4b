using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>One <see cref="HoldInfo"/> during a step: the rows of earlier steps, and what the step does to them.</summary>
internal sealed class HeldRows : IDisposable
{
    private const string Key = "row_key";
    private const string Until = "due";

    private readonly HoldInfo info;
    private readonly long watermark;
    private readonly KeptRows kept;
    private readonly Schema columns;
    private FoundRows? found;
    private int[] gone = [];
    private RecordBatch? added;

    /// <param name="info">What is held.</param>
    /// <param name="kept">The rows of earlier steps.</param>
    /// <param name="watermark">In effect for this step, microseconds UTC.</param>
    public HeldRows(HoldInfo info, KeptRows kept, long watermark)
    {
        this.info = info;
        this.kept = kept;
        this.watermark = watermark;
        columns = ColumnsOf(info);
        kept.Open(columns);
    }

    /// <summary>The columns of the state table.</summary>
    public static Schema ColumnsOf(HoldInfo info) =>
        info.Kind != HoldKind.FirstOnly ? info.Columns : new Schema(new Field(Key, DataType.Binary), new Field(Until, DataType.Timestamp));

    /// <summary>Rows that came after their time.</summary>
    public long Late { get; private set; }

    /// <summary>Those rows as JSON, where somebody wants them.</summary>
    public List<string>? LateRows { get; init; }

    /// <summary>Takes the step's rows; gives those that go on now.</summary>
    public IBatchSource Take(BatchBuffer buffer, int workers, CancellationToken stop)
    {
        using var rows = buffer.Concat("The rows of a step that a stream holds back");
        // Of sessions all that may be over, or still grow backwards: what started by now.
        var limit = info.Kind == HoldKind.Sessions ? info.Start : info.Kind == HoldKind.UntilDue || info.Due < 0 ? info.Due : columns.IndexOf(Until);
        found = limit < 0 ? FoundRows.None(columns) : kept.UpTo(watermark, columns[limit].Name);
        gone = [.. Enumerable.Range(0, found.Count)];
        var batch = info.Kind switch
        {
            HoldKind.UntilDue => TakeWaiting(rows),
            HoldKind.Sessions => TakeSessions(rows),
            _ => TakeFirst(rows, workers, stop),
        };
        return new BatchSource(buffer.Schema, [batch]);
    }

    /// <summary>Commits what changed.</summary>
    /// <returns>The version for the target to name; <see cref="StateTable.Nothing"/> if there is nothing yet.</returns>
    public long Commit() =>
        kept.Commit(found is null ? [] : [(found, gone)], added is null ? [] : [added], info.Parts.IsEmpty ? null : rows => MergedParts.Of(rows, info.Parts));

    public void Dispose()
    {
        found?.Dispose();
        added?.Dispose();
    }

    /// <summary>What comes out was put in by earlier steps; of this one's rows none is due, those were late.</summary>
    private RecordBatch TakeWaiting(RecordBatch rows)
    {
        added = rows.WithSchema(columns);
        return found!.Rows.WithSchema(rows.Schema);
    }

    /// <summary>
    /// Sessions that ended by the watermark come out. A row after the watermark touches none of them; an older one may have touched one
    /// that is gone, unless it lies in a session that is open.
    /// </summary>
    private RecordBatch TakeSessions(RecordBatch rows)
    {
        var open = new OpenSessions(found!.Rows, info, watermark);
        var times = Columns.Values<long>(rows, info.Start);
        // Who lies in an open session is asked only if there is a row that need be.
        var isHeld = times.ContainsAnyInRange(long.MinValue, watermark) ? open.Hold(rows, times) : null;
        var waiting = new List<int>(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            if (isHeld is null || times[i] > watermark || isHeld[i]) waiting.Add(i);
            else Leave(rows, i);
        }

        gone = open.Over;
        Add(rows, waiting);
        return Gather.Take(found.Rows, gone).WithSchema(rows.Schema);
    }

    private void Add(RecordBatch rows, List<int> taken)
    {
        using var kept = Gather.Take(rows, taken.ToArray());
        added = kept.WithSchema(columns);
    }

    private RecordBatch TakeFirst(RecordBatch rows, int workers, CancellationToken stop)
    {
        var compared = Enumerable.Range(0, rows.Columns.Length).Where(c => c != info.Due).Select(c => rows.Columns[c]).ToImmutableArray();
        var keyColumn = RowKeys.Of(compared, rows.Length);
        var keys = new KeyTable([DataType.Binary]);
        var numbers = keys.Add([keyColumn]);
        var isKnown = new bool[keys.Count];
        using (var known = kept.Find(new KeySearch(keys, [Key], [], workers, stop)))
        {
            foreach (var number in known.Numbers) isKnown[number] = true;
        }

        var due = info.Due < 0 ? null : rows.Columns[info.Due];
        var times = due is null ? default : Columns.Values<long>(rows, info.Due);
        var first = new List<int>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (due is not null && due.IsValid(i) && times[i] <= watermark)
            {
                Leave(rows, i);
                continue;
            }

            if (isKnown[numbers[i]]) continue;
            isKnown[numbers[i]] = true;
            first.Add(i);
        }

        var taken = first.ToArray();
        added = new RecordBatch(columns, [Gather.Take(keyColumn, taken), due is null ? Nulls(taken.Length) : Gather.Take(due, taken)], taken.Length);
        keyColumn.Release();
        return Gather.Take(rows, taken);
    }

    private void Leave(RecordBatch rows, int row)
    {
        Late++;
        if (LateRows is null) return;
        LateRows.Add(KeptRows.Told(rows, row));
    }

    private static ArrowArray Nulls(int rows)
    {
        var builder = ArrayBuilder.Create(DataType.Timestamp, rows);
        for (var i = 0; i < rows; i++) builder.AppendNull();
        return builder.Build();
    }
}
