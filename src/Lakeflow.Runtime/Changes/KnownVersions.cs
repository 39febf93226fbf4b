using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>The versions that the target of SCD type 2 has of the step's keys, and the events that they tell: an upsert at the start of each, and its end.</summary>
internal sealed class KnownVersions : IDisposable
{
    private readonly int first;
    private readonly int[] endOf;

    private KnownVersions(FoundRows rows, int first, ImmutableArray<EventPart> parts, int[] endOf)
    {
        Rows = rows;
        Parts = parts;
        this.first = first;
        this.endOf = endOf;
    }

    /// <summary>The target's rows; their owner is whoever changes them.</summary>
    public FoundRows Rows { get; }

    public int Count => Rows.Count;

    /// <summary>The upserts, by row; then the ends of those that have one.</summary>
    public ImmutableArray<EventPart> Parts { get; }

    /// <param name="target">The table as it is.</param>
    /// <param name="search">Finds the rows of keys.</param>
    /// <param name="keys">The names of the key columns.</param>
    /// <param name="before">Events that come before those of the versions.</param>
    /// <param name="since">Leaves out what was over before the events; null is nothing.</param>
    public static KnownVersions Find(Snapshot target, KeySearch search, ImmutableArray<string> keys, int before, FirstEvents? since)
    {
        var columns = target.Schema;
        var rows = since is null ? search.Find(target, columns) : search.FindSince(since, target, columns);
        var starts = rows.Rows.Columns[columns.IndexOf(ChangeLayout.StartAt)];
        var ends = rows.Rows.Columns[columns.IndexOf(ChangeLayout.EndAt)];
        var endOf = GC.AllocateUninitializedArray<int>(rows.Count);
        var ended = new List<int>();
        for (var row = 0; row < endOf.Length; row++)
        {
            if (ends.IsNull(row))
            {
                endOf[row] = -1;
                continue;
            }

            endOf[row] = before + rows.Count + ended.Count;
            ended.Add(row);
        }

        int[] some = [.. ended];
        var keyColumns = new Schema(keys.Select(k => columns.Find(k)!).ToImmutableArray());
        var endRows = new RecordBatch(keyColumns, [.. keyColumns.Fields.Select(k => Gather.Take(rows.Rows.Columns[columns.IndexOf(k.Name)], some))], some.Length);
        var endKinds = new sbyte[some.Length];
        Array.Fill(endKinds, (sbyte)ChangeKind.End);
        return new KnownVersions(
            rows, before,
            [
                new EventPart(rows.Rows, rows.Numbers, new sbyte[rows.Count], starts),
                new EventPart(endRows, [.. ended.Select(row => rows.Numbers[row])], endKinds, Gather.Take(ends, some)),
            ],
            endOf);
    }

    /// <summary>The row that an event was read from as the start of a version; −1 for other events, and for −1.</summary>
    public int RowOf(int e) => e >= first && e < first + Count ? e - first : -1;

    public int UpsertOf(int row) => first + row;

    /// <summary>A column of some rows, NULL for −1. The caller owns the result.</summary>
    public ArrowArray Take(string column, ReadOnlySpan<int> rows) => Gather.Take(Rows.Rows.Columns[Rows.Rows.Schema.IndexOf(column)], rows);

    /// <summary>The event at which a row's version ends; −1 for one without an end.</summary>
    public int EndOf(int row) => endOf[row];

    public void Dispose()
    {
        Parts[1].Rows.Dispose();
        Parts[1].Sequence.Release();
    }
}
