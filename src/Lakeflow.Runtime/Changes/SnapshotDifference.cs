using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>Turns whole snapshots of a table into events: what is new or different is upserted, what is missing is deleted. Language specification §3.7.</summary>
/// <remarks>The snapshots that the target has not seen are walked in the order of their versions, each compared with the one before it.</remarks>
internal sealed class SnapshotDifference(ChangesInfo info, Schema stored, UpdateContext context, int workers)
{
    /// <summary>The events between the target as it is and the last snapshot.</summary>
    /// <param name="target">The table.</param>
    /// <param name="state">The events that it remembers; their last sequence is the version that the target stands at. Null: it is new.</param>
    /// <param name="rows">Rows of one or several snapshots, each with its snapshot's version as sequence.</param>
    public RecordBatch Events(Snapshot target, Snapshot? state, RecordBatch rows)
    {
        var keys = new KeyTable([.. info.Keys.Select(k => stored.Find(k)!.Type)]);
        var search = new KeySearch(keys, info.Keys, [], workers, context.Stop);
        using var present = Present(target, search, keys);
        var numbers = keys.Add([.. info.Keys.Select(k => rows.Columns[rows.Schema.IndexOf(k)])]);

        using var given = new RecordBatch(stored, [.. stored.Fields.Select(f => rows.Columns[rows.Schema.IndexOf(f.Name)].Retain())], rows.Length);
        using var known = new RecordBatch(stored, [.. stored.Fields.Select(f => Column(present.Rows, f.Name))], present.Count);
        using var both = Concatenate.Batches(stored, [known, given]);
        var values = new SortOrder(both.Columns, [.. both.Columns.Select(_ => new SortDirection(Descending: false, NullsFirst: true))]);

        // By key the row that holds now, or −1; first those of the target.
        var now = new int[keys.Count];
        Array.Fill(now, -1);
        for (var row = 0; row < present.Count; row++) now[present.Numbers[row]] = row;

        var events = new List<(int Row, int Version, ChangeKind Kind)>();
        using var last = LastVersion(target, state);
        using var versions = Versions(rows, last);
        foreach (var snapshot in InOrder(versions, last, rows.Length))
        {
            var version = snapshot.Length == 0 ? rows.Length : snapshot[0];
            // Of several rows with one key the least: any would do, but the same one every time.
            var next = new int[keys.Count];
            Array.Fill(next, -1);
            foreach (var row in snapshot)
            {
                ref var chosen = ref next[numbers[row]];
                if (chosen < 0 || values.Compare(present.Count + row, chosen) < 0) chosen = present.Count + row;
            }

            for (var key = 0; key < now.Length; key++)
            {
                if (next[key] < 0 && now[key] < 0) continue;
                if (next[key] < 0) events.Add((now[key], version, ChangeKind.Delete));
                else if (now[key] < 0 || values.Compare(now[key], next[key]) != 0) events.Add((next[key], version, ChangeKind.Upsert));
                now[key] = next[key];
            }
        }

        return Laid(both, versions.Columns[0], events, rows.Schema);
    }

    /// <summary>The rows that hold now: of a history those without an end.</summary>
    private FoundRows Present(Snapshot target, KeySearch search, KeyTable keys)
    {
        var columns = target.Schema.Fields.Where(f => stored.IndexOf(f.Name) >= 0).ToImmutableArray();
        if (info.Scd == ScdType.Type1) return search.AddAll(keys, target, new Schema(columns));
        var all = search.AddAll(keys, target, new Schema(columns.Add(target.Schema.Find(ChangeLayout.EndAt)!)));
        var open = Enumerable.Range(0, all.Count).Where(row => all.Rows.Columns[^1].IsNull(row)).ToArray();
        using (all) return new FoundRows(Gather.Take(all.Rows, open), [.. open.Select(row => all.Numbers[row])], []);
    }

    private static ArrowArray Column(RecordBatch rows, string name) =>
        rows.Schema.IndexOf(name) is >= 0 and var at ? rows.Columns[at].Retain() : new NullArray(rows.Length);

    /// <summary>The versions of all rows, and behind them one more where the source is a snapshot as it is, though it may have no rows: the time of the update.</summary>
    /// <remarks>A clock that was set back since the last snapshot does not make this one an older one.</remarks>
    private RecordBatch Versions(RecordBatch rows, RecordBatch? last)
    {
        var at = rows.Schema.IndexOf(ChangeLayout.Sequence);
        var schema = new Schema(rows.Schema[at]);
        if (!info.SnapshotsByTime) return new RecordBatch(schema, [rows.Columns[at].Retain()], rows.Length);
        var now = context.Constants.Timestamp;
        if (last is not null) now = Math.Max(now, Columns.Values<long>(last, 0)[0] + 1);
        var versions = ArrayBuilder.Create(DataType.Timestamp, rows.Length + 1);
        for (var i = 0; i <= rows.Length; i++) versions.AppendValue(now);
        return new RecordBatch(schema, [versions.Build()], rows.Length + 1);
    }

    /// <summary>The greatest sequence known, as a column of one row; null if there is none.</summary>
    private RecordBatch? LastVersion(Snapshot target, Snapshot? state)
    {
        RecordBatch? last = null;
        if (state is not null) last = Greatest(last, state, ChangeLayout.Sequence);
        if (info.Scd == ScdType.Type1) return last;
        last = Greatest(last, target, ChangeLayout.StartAt);
        return Greatest(last, target, ChangeLayout.EndAt);
    }

    /// <summary>The greater of a sequence and the greatest in a table.</summary>
    private static RecordBatch? Greatest(RecordBatch? last, Snapshot table, string column)
    {
        var columns = new Schema(table.Schema.Find(column)! with { Name = "" });
        using var scan = new DeltaScan(table, [column]);
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                using var with = Concatenate.Batches(columns, last is null ? [batch] : [last, batch]);
                last?.Dispose();
                var sequences = with.Columns[0];
                var order = EventSet.OrderOf(sequences);
                var greatest = 0;
                for (var i = 1; i < with.Length; i++)
                {
                    if (sequences.IsValid(i) && (sequences.IsNull(greatest) || order.Compare(i, greatest) > 0)) greatest = i;
                }

                last = sequences.IsValid(greatest) ? Gather.Take(with, [greatest]) : null;
            }
        }

        return last;
    }

    /// <summary>The rows of each snapshot after the last one seen, oldest first.</summary>
    private static IEnumerable<int[]> InOrder(RecordBatch versions, RecordBatch? last, int rows)
    {
        // No row at all: an empty table, if the snapshot goes by time; nothing is known otherwise.
        if (rows == 0) return versions.Length > 0 ? [[]] : [];
        using var all = Concatenate.Batches(versions.Schema, last is null ? [versions] : [versions, last]);
        var order = EventSet.OrderOf(all.Columns[0]);
        var seen = all.Length - 1;
        return [.. Enumerable.Range(0, rows)
            .Where(row => last is null || order.Compare(row, seen) > 0)
            .Order(Comparer<int>.Create((a, b) => order.Compare(a, b) is not 0 and var c ? c : a.CompareTo(b)))
            .Aggregate(new List<List<int>>(), (snapshots, row) =>
            {
                if (snapshots.Count == 0 || order.Compare(snapshots[^1][0], row) != 0) snapshots.Add([]);
                snapshots[^1].Add(row);
                return snapshots;
            })
            .Select(s => s.ToArray())];
    }

    private static RecordBatch Laid(RecordBatch values, ArrowArray versions, List<(int Row, int Version, ChangeKind Kind)> events, Schema schema)
    {
        int[] rows = [.. events.Select(e => e.Row)];
        var kinds = ArrayBuilder.Create(DataType.Int8, rows.Length);
        foreach (var e in events) kinds.AppendValue((sbyte)e.Kind);
        return new RecordBatch(
            schema,
            [
                .. schema.Fields.Select(f => f.Name switch
                {
                    ChangeLayout.Sequence => Gather.Take(versions, [.. events.Select(e => e.Version)]),
                    ChangeLayout.Kind => kinds.Build(),
                    var name => Gather.Take(values.Columns[values.Schema.IndexOf(name)], rows),
                }),
            ],
            rows.Length);
    }
}
