using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>What becomes of a side's rows that match, or do not.</summary>
internal enum JoinRole
{
    Inner,

    /// <summary>A row that never matches comes out alone: whether it has matched is remembered.</summary>
    Outer,

    /// <summary>A row comes out when it first matches, and is forgotten then.</summary>
    Once,
}

/// <summary>One side of a <see cref="StreamJoin"/>: the step's rows, and those of earlier steps that they concern.</summary>
internal sealed class JoinSide : IDisposable
{
    private const string Matched = "matched";

    private readonly JoinSideInfo info;
    private readonly KeptRows kept;
    private readonly long watermark;
    private readonly JoinRole role;
    private readonly Schema stored;
    private FoundRows? known;
    private FoundRows? over;
    private RecordBatch? all;
    private int[] live = [];
    private bool[] matched = [];
    private bool[] matchedBefore = [];

    public JoinSide(JoinSideInfo info, KeptRows kept, long watermark, JoinRole role)
    {
        this.info = info;
        this.kept = kept;
        this.watermark = watermark;
        this.role = role;
        stored = ColumnsOf(info, role);
        kept.Open(stored);
    }

    /// <summary>The columns of the state table.</summary>
    public static Schema ColumnsOf(JoinSideInfo info, JoinRole role) =>
        role == JoinRole.Outer ? new Schema(info.Columns.Fields.Add(new Field(Matched, DataType.Boolean))) : info.Columns;

    /// <summary>The step's own rows, then rows of earlier steps with keys of the other side's.</summary>
    public RecordBatch All => all!;

    /// <summary>How many of those are new.</summary>
    public int NewCount { get; private set; }

    /// <summary>For each of those the number of its key, −1 if there is a NULL in it.</summary>
    public int[] Numbers { get; private set; } = [];

    /// <summary>Rows of earlier steps whose time is up.</summary>
    public FoundRows Over => over!;

    public long Late { get; private set; }

    /// <summary>Takes the step's rows, but for the late ones.</summary>
    public void Take(BatchBuffer buffer, List<string>? lateRows)
    {
        using var rows = buffer.Concat("The rows of a step that a join of streams keeps");
        over = info.Due < 0 ? FoundRows.None(stored) : kept.UpTo(watermark, info.Columns[info.Due].Name);
        var taken = new List<int>(rows.Length);
        var late = info.Late < 0 ? null : rows.Columns[info.Late];
        var times = info.Late < 0 ? default : Columns.Values<long>(rows, info.Late);
        for (var i = 0; i < rows.Length; i++)
        {
            if (late is null || late.IsNull(i) || times[i] > watermark)
            {
                taken.Add(i);
                continue;
            }

            Late++;
            lateRows?.Add(KeptRows.Told(rows, i));
        }

        using var inTime = Gather.Take(rows, taken.ToArray());
        all = inTime.WithSchema(info.Columns);
        NewCount = all.Length;
    }

    /// <summary>Numbers the keys of the new rows.</summary>
    public void NumberNew(KeyTable keys) => Numbers = keys.Add(KeysOf(All));

    /// <summary>Adds the rows of earlier steps that have a key of the other side's new rows, and whose time is not up.</summary>
    public void Meet(JoinSide other, KeyTable keys, int workers, CancellationToken stop)
    {
        var isWanted = new bool[keys.Count];
        foreach (var number in other.Numbers.AsSpan(0, other.NewCount))
        {
            if (number >= 0) isWanted[number] = true;
        }

        known = kept.Find(new KeySearch(keys, [.. info.Keys.Select(k => info.Columns[k].Name)], [], workers, stop), isWanted);
        var due = info.Due < 0 || known.Count == 0 ? default : Columns.Values<long>(known.Rows, info.Due);
        var taken = new List<int>(known.Count);
        for (var i = 0; i < known.Count; i++)
        {
            if (due.IsEmpty || due[i] > watermark) taken.Add(i);
        }

        live = [.. taken];
        using var old = Gather.Take(known.Rows, live);
        using var mine = new RecordBatch(info.Columns, [.. old.Columns.Take(info.Columns.Count).Select(c => c.Retain())], old.Length);
        using var fresh = All;
        all = Concatenate.Batches(info.Columns, [fresh, mine]);
        Numbers = [.. Numbers, .. live.Select(i => known.Numbers[i])];
        matched = new bool[all.Length];
        matchedBefore = new bool[all.Length];
        if (role != JoinRole.Outer) return;
        for (var i = 0; i < live.Length; i++) matchedBefore[NewCount + i] = Equals(old.Columns[^1].GetValue(i), true);
    }

    /// <summary>Notes that rows are in pairs that hold.</summary>
    public void Match(ReadOnlySpan<int> rows)
    {
        foreach (var row in rows) matched[row] = true;
    }

    /// <summary>Rows that matched in this step and not before.</summary>
    public int[] NewlyMatched() => [.. Enumerable.Range(0, All.Length).Where(i => matched[i] && !matchedBefore[i])];

    /// <summary>Rows that never matched and no longer can: those whose time is up, as numbers of <see cref="Over"/>, and new ones that are not even kept.</summary>
    public (int[] Over, int[] New) Unmatched() =>
    (
        [.. Enumerable.Range(0, Over.Count).Where(i => !Equals(Over.Rows.Columns[^1].GetValue(i), true))],
        [.. Enumerable.Range(0, NewCount).Where(i => !matched[i] && !IsKept(i))]
    );

    /// <summary>Commits what is remembered.</summary>
    /// <returns>The version for the target to name.</returns>
    public long Commit()
    {
        if (all is null) return kept.Commit([], []);
        var everything = Enumerable.Range(0, Over.Count).ToArray();
        var news = Enumerable.Range(0, NewCount).Where(i => IsKept(i) && !(role == JoinRole.Once && matched[i])).ToArray();
        if (role == JoinRole.Inner)
        {
            using var fresh = Gather.Take(All, news);
            return kept.Commit([(Over, everything)], [fresh]);
        }

        // A row that has matched for the first time is written anew, or forgotten.
        var changed = Enumerable.Range(NewCount, live.Length).Where(i => matched[i] && !matchedBefore[i]).ToArray();
        int[] written = role == JoinRole.Outer ? [.. news, .. changed] : news;
        using var rows = Gather.Take(All, written);
        using var added = role == JoinRole.Outer ? With(rows, written) : rows.WithSchema(stored);
        return kept.Commit([(Over, everything), (known!, [.. changed.Select(i => live[i - NewCount])])], [added]);
    }

    public void Dispose()
    {
        known?.Dispose();
        over?.Dispose();
        all?.Dispose();
    }

    /// <summary>False for a new row that no row of the other side can match after this step.</summary>
    private bool IsKept(int row) =>
        Numbers[row] >= 0 && (info.Due < 0 || (All.Columns[info.Due].IsValid(row) && (long)All.Columns[info.Due].GetValue(row)! > watermark));

    private RecordBatch With(RecordBatch rows, int[] numbers)
    {
        var flags = ArrayBuilder.Create(DataType.Boolean, numbers.Length);
        foreach (var number in numbers) flags.AppendValue(matched[number]);
        return new RecordBatch(stored, [.. rows.Columns.Select(c => c.Retain()), flags.Build()], numbers.Length);
    }

    private ImmutableArray<ArrowArray> KeysOf(RecordBatch rows) => [.. info.Keys.Select(k => rows.Columns[k])];
}
