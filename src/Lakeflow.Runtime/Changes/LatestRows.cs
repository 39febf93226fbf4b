using Lakeflow.Arrow;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Changes;

/// <summary>SCD type 1: of each key the row after its last event, unless that deleted it. Language specification §3.2.</summary>
internal sealed class LatestRows(EventSet events, EventTimeline timeline, Inheritance? parts, Schema columns)
{
    private readonly List<int> remember = [];
    private readonly List<int> places = [];

    /// <param name="target">The table as it is.</param>
    /// <param name="search">Finds the rows of keys.</param>
    /// <param name="keyColumns">The columns of the keys.</param>
    public TargetChange Change(Snapshot target, KeySearch search, Schema keyColumns)
    {
        var keys = timeline.Starts.Length - 1;
        var (hadRow, known) = Before(keys);
        var stays = new bool[events.StoredCount];
        var isReplaced = new bool[keys];
        var isUpdated = new bool[keys];
        var isNewForm = new List<bool>();
        long deleted = 0;
        for (var key = 0; key < keys; key++)
        {
            var mine = timeline.Of(key);
            var before = remember.Count;
            if (parts is not null && !mine.IsEmpty)
            {
                foreach (var e in Kept(parts, key, mine)) Keep(e);
            }
            else if (!mine.IsEmpty)
            {
                Keep(mine[^1]);
            }

            // Nothing new, and nothing that was known has lost its meaning.
            if (remember.Count == before && known[key] == 0) continue;
            isReplaced[key] = hadRow[key];
            if (!mine.IsEmpty && events.Kinds[mine[^1]] == (sbyte)ChangeKind.Upsert)
            {
                places.Add(timeline.Starts[key + 1] - 1);
                isUpdated[key] = hadRow[key];
                isNewForm.Add(hadRow[key]);
            }
            else if (hadRow[key])
            {
                deleted++;
            }
        }

        var old = Array.IndexOf(isReplaced, true) < 0 ? null : search.Find(target, keyColumns, isReplaced);
        return new TargetChange(Rows(), [.. remember.Select(e => new RememberedEvent(e, !events.IsUpsert(e)))], [.. Forgotten(stays)])
        {
            Old = old,
            Gone = old is null ? [] : [.. Enumerable.Range(0, old.Count)],
            HasNewForm = old is null ? [] : Array.ConvertAll(old.Numbers, key => isUpdated[key]),
            NewForms = () => [.. isNewForm],
            Deleted = deleted,
        };

        void Keep(int e)
        {
            if (events.IsFresh(e))
            {
                remember.Add(e);
                return;
            }

            stays[e] = true;
            known[events.Numbers[e]]--;
        }
    }

    /// <summary>By key, whether the target has a row: whether the last of the stored events is an upsert; and how many are stored.</summary>
    private (bool[] HadRow, int[] Known) Before(int keys)
    {
        var known = new int[keys];
        var last = new int[keys];
        Array.Fill(last, -1);
        for (var e = 0; e < events.StoredCount; e++)
        {
            var key = events.Numbers[e];
            if (key < 0) continue;
            known[key]++;
            if (last[key] < 0 || events.Sequence.Compare(e, last[key]) > 0) last[key] = e;
        }

        return ([.. last.Select(e => e >= 0 && events.Kinds[e] == (sbyte)ChangeKind.Upsert)], known);
    }

    /// <summary>The events of a key that matter from now on, where some leave something out; else it is the last one.</summary>
    private IEnumerable<int> Kept(Inheritance parts, int key, ReadOnlySpan<int> mine)
    {
        var last = mine[^1];
        if (events.Kinds[last] != (sbyte)ChangeKind.Upsert) return [last];
        var barrier = mine.Length - 1;
        while (barrier >= 0 && events.Kinds[mine[barrier]] == (sbyte)ChangeKind.Upsert) barrier--;
        return barrier < 0 ? parts.TellersOfLast(key) : parts.TellersOfLast(key).Append(mine[barrier]);
    }

    private NewRows Rows()
    {
        var values = parts is null ? null : events.Values;
        string[] names = [.. columns.Fields.Select(f => f.Name)];
        return new NewRows((places.Count, rows =>
        {
            var some = new int[rows.Length];
            for (var i = 0; i < some.Length; i++) some[i] = places[rows[i]];
            if (parts is not null) return parts.RowsAfter(values!, some);
            foreach (ref var row in some.AsSpan()) row = timeline.Events[row];
            return new RecordBatch(columns, [.. events.Take(names, some)], some.Length);
        }
        ));
    }

    private IEnumerable<int> Forgotten(bool[] stays)
    {
        for (var e = 0; e < stays.Length; e++)
        {
            if (!stays[e] && events.Kinds[e] != (sbyte)ChangeKind.Truncate) yield return e;
        }
    }
}
