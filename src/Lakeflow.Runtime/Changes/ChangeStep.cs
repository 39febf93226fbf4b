using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>One step of an AUTO CDC flow: the events that the flow's code has made, and what they change.</summary>
/// <remarks>
/// Whatever the order in which events arrive, and however they are cut into steps, the target is the same: it is made from the
/// events in the order of their sequence, with the help of those that the state has kept (<see cref="ChangeState"/>). So an event
/// that comes twice changes nothing.
/// </remarks>
internal sealed class ChangeStep : IRowChanges
{
    /// <summary>What is past its time is looked for this many times within it.</summary>
    private const int CollectionsInRetention = 4;

    /// <summary>So many rows of a worker are worth a row group of their own.</summary>
    private const int ManyRows = 8192;

    private readonly UpdateContext context;
    private readonly FlowInfo info;
    private readonly ChangesInfo changes;
    private readonly Snapshot target;
    private readonly Schema stored;
    private readonly DataType sequence;
    private readonly ChangeState state;
    private readonly ImmutableArray<Leaf> leaves;
    private readonly StateTable table;
    private readonly Snapshot? remembered;
    private readonly string tableName;
    private ChangeRecord record;
    private RecordBatch? remember;
    private FoundRows? found;
    private int[] forget = [];
    private FoundRows? expired;

    /// <param name="context">The update.</param>
    /// <param name="info">The flow.</param>
    /// <param name="target">The table that the step builds on.</param>
    /// <param name="generation">The highest of the table's flows: what begins now has a state of its own.</param>
    /// <exception cref="Diagnostics.RuntimeError">LF5072, LF5073: the table's past does not fit.</exception>
    public ChangeStep(UpdateContext context, FlowInfo info, Snapshot target, int generation)
    {
        this.context = context;
        this.info = info;
        this.target = target.Shaped(ChangeLayout.Stored(info.Output));
        changes = info.Changes!;
        tableName = info.Target.ToString();
        stored = ChangeLayout.Stored(info.Output);
        sequence = info.Output.Find(ChangeLayout.Sequence)!.Type;
        record = Recall(generation);
        leaves = Leaves();
        record = record with { Partial = [.. leaves.Select(l => l.Name)] };
        state = new ChangeState(changes, stored, sequence, !leaves.IsEmpty);
        StateName = Lakehouse.ChangeStateName(info.Target, record.Generation);
        table = new StateTable(context.Lakehouse.State(StateName), state.Definition, context.Time);
        remembered = table.Open(record.Version);
    }

    /// <summary>The name of the state table in flow records.</summary>
    private string StateName { get; }

    private int Workers => context.Options.WorkersOrDefault;

    public void Apply(RecordBatch events, Transaction transaction, IReadOnlyList<TargetSink> sinks, IReadOnlyList<TargetSink>? updates, FlowCounts counts)
    {
        if (!changes.FromSnapshots)
        {
            ApplyEvents(events, transaction, sinks, updates, counts);
            return;
        }

        Validate(events, new sbyte[events.Length]);
        using var differences = new SnapshotDifference(changes, stored, context, Workers).Events(target, remembered, events);
        ApplyEvents(differences, transaction, sinks, updates, counts);
    }

    private void ApplyEvents(RecordBatch given, Transaction transaction, IReadOnlyList<TargetSink> sinks, IReadOnlyList<TargetSink>? updates, FlowCounts counts)
    {
        var kinds = Columns.Values<sbyte>(given, given.Schema.IndexOf(ChangeLayout.Kind)).ToArray();
        Validate(given, kinds);
        var keyColumns = new Schema(changes.Keys.Select(k => stored.Find(k)!).ToImmutableArray());
        ImmutableArray<ArrowArray> keyValues = [.. changes.Keys.Select(k => given.Columns[given.Schema.IndexOf(k)])];
        var truncates = Array.IndexOf(kinds, (sbyte)ChangeKind.Truncate) >= 0;
        // A truncate touches keys that the step's other events do not name.
        var touched = truncates ? new KeyTable([.. keyColumns.Fields.Select(f => f.Type)], given.Length) : null;
        var (keys, numbers) = touched is null ? KeyTable.Of(keyValues) : (touched, touched.Add(keyValues));
        for (var i = 0; i < numbers.Length; i++)
        {
            if (kinds[i] == (sbyte)ChangeKind.Truncate) numbers[i] = -1;
        }

        using var events = keys is DenseKeys ? InOrder(given, numbers, keys.Count) : given.WithSchema(given.Schema);
        var search = new KeySearch(keys, changes.Keys, truncates ? [] : KeySearch.FiltersOf(events, changes.Keys), Workers, context.Stop);
        found = Recall(search, touched);
        // Where events tell parts of rows, a version takes values from those before it.
        var since = changes.Scd == ScdType.Type2 && leaves.IsEmpty ? FirstEvents.Of(events.Columns[events.Schema.IndexOf(ChangeLayout.Sequence)], numbers, keys.Count) : null;
        using var known = changes.Scd == ScdType.Type2 ? KnownVersions.Find(target, search, changes.Keys, found.Count, since) : null;
        using var all = new EventSet(stored, sequence, Workers, [EventPart.Of(found.Rows, found.Numbers), .. known?.Parts ?? [], EventPart.Of(events, numbers)]);
        since?.LeaveOut(all, known!.Count);
        var floor = all.LastTruncate();
        var twins = known is null ? null : GC.AllocateUninitializedArray<int>(all.Count);
        twins?.AsSpan().Fill(-1);
        var timeline = EventTimeline.Build(keys.Count, all.Numbers, all.Kinds, all.Sequence, floor, all.FirstFresh, twins, Workers);
        var omitted = WhatIsOmitted(all, events);
        var parts = leaves.IsEmpty ? null : new Inheritance(leaves, omitted, timeline, all.Kinds);
        using var change = known is null
            ? new LatestRows(all, timeline, parts, stored).Change(target, search, keyColumns)
            : new VersionHistory(all, timeline, known, twins!, parts).Change(target.Schema, changes.Tracked, ChangeState.Expires(found.Rows), Workers);

        var newForms = updates is null ? [] : change.NewForms();
        if (updates is null || Array.IndexOf(newForms, true) < 0)
        {
            change.Old?.Delete(transaction, change.Gone.AsSpan());
            Write(change, sinks);
        }
        else
        {
            change.Old?.Delete(transaction, [.. change.Gone.Where(row => !change.HasNewForm[row])]);
            change.Old?.Delete(transaction, [.. change.Gone.Where(row => change.HasNewForm[row])], RowChange.UpdatePreimage);
            Write(change.Only(newForms, false), sinks);
            Write(change.Only(newForms, true), updates);
        }

        counts.AddChanged(change.Count, change.Deleted);
        counts.AddSearched(search.FilesRead, search.BytesRead);
        Remember(all, change, floor, omitted);
        Collect();
    }

    public ImmutableSortedDictionary<string, long> Commit(ImmutableSortedDictionary<string, long> state, Transaction transaction)
    {
        var version = CommitState();
        // What all flows of the target build on. A history that its target tells whole has no state.
        transaction.SetDomain(ChangeRecord.Domain, record.ToJson());
        return version >= 0 ? state.SetItem(StateName, version) : state;
    }

    /// <summary>Commits the state, if it changes.</summary>
    /// <returns>Its version, for the target to name.</returns>
    private long CommitState()
    {
        if (remember is not { Length: > 0 } && forget.Length == 0 && expired is not { Count: > 0 }) return record.Version;
        try
        {
            var transaction = table.Begin(record.Version);
            found?.Delete(transaction, forget);
            expired?.Delete(transaction, [.. Enumerable.Range(0, expired.Count)]);
            if (remember is { Length: > 0 })
            {
                using var writer = transaction.OpenWriter();
                writer.Write(remember);
                transaction.Add(writer.Finish());
            }

            record = record with { Version = transaction.Commit("STREAMING UPDATE").Version };
            return record.Version;
        }
        catch (ConflictException lost)
        {
            throw RunErrors.AnotherRunAdvanced(info.Name, lost);
        }
    }

    public void Dispose()
    {
        remember?.Dispose();
        found?.Dispose();
        expired?.Dispose();
    }

    private ChangeRecord Recall(int generation)
    {
        var known = target.Domains.TryGetValue(ChangeRecord.Domain, out var text) ? ChangeRecord.Parse(text) : null;
        if (known is null)
        {
            if (!target.Files.IsEmpty) throw ChangeErrors.UnknownRows(tableName, null);
            return new ChangeRecord(generation, changes.Scd, changes.Keys, sequence.ToString(), StateTable.Nothing) { Collected = context.Now };
        }

        known.Check(tableName, changes, sequence, () => known.SequenceKept(target, context.Lakehouse.State, info.Target));
        return known with { Keys = changes.Keys, Sequence = sequence.ToString() };
    }

    /// <summary>What events may leave out: first what the record knows, whose order the state's bits have, though it may be gone; then what is new.</summary>
    private ImmutableArray<Leaf> Leaves()
    {
        var all = Leaf.Of(stored, stored.Fields.Select(f => f.Name));
        Leaf[] known = [.. record.Partial.Select(name => all.FirstOrDefault(l => string.Equals(l.Name, name, StringComparison.OrdinalIgnoreCase)) ?? Leaf.Gone(name))];
        // Of a struct all fields may be left out, or none.
        var whole = known.Where(l => !l.IsGone).Select(l => stored[l.Column].Name).Concat(changes.Partial);
        return [.. known.Concat(Leaf.Of(stored, whole)).DistinctBy(l => l.Name)];
    }

    private void Validate(RecordBatch events, sbyte[] kinds)
    {
        var sequence = events.Columns[events.Schema.IndexOf(ChangeLayout.Sequence)];
        if (sequence.NullCount > 0)
        {
            var row = 0;
            while (sequence.IsValid(row)) row++;
            throw ChangeErrors.NullSequence(tableName, sequence.NullCount, Sample(events, row));
        }

        new KeyCheck(target, tableName, changes.Keys).Check(events, row => kinds[row] != (sbyte)ChangeKind.Truncate, row => Sample(events, row));
    }

    private string Sample(RecordBatch events, int row)
    {
        using var shown = new RecordBatch(stored, [.. stored.Fields.Select(f => events.Columns[events.Schema.IndexOf(f.Name)].Retain())], events.Length);
        return RowJson.Of(shown, row);
    }

    /// <summary>The events in the order of their keys, those of a key as they came: what is read of each key then lies together.</summary>
    /// <param name="numbers">By event the number of its key; put in order as well.</param>
    private RecordBatch InOrder(RecordBatch events, int[] numbers, int keys)
    {
        var (rentedNext, rentedOrder) = (ArrayPool<int>.Shared.Rent(keys + 2), ArrayPool<int>.Shared.Rent(numbers.Length));
        var next = rentedNext.AsSpan(0, keys + 2);
        next.Clear();
        foreach (var number in numbers) next[number + 2]++;
        for (var key = 1; key < next.Length; key++) next[key] += next[key - 1];
        var order = rentedOrder.AsSpan(0, numbers.Length);
        for (var e = 0; e < numbers.Length; e++) order[next[numbers[e] + 1]++] = e;
        var columns = new ArrowArray[events.Columns.Length];
        WorkerPool.Share(Workers, columns.Length, c => columns[c] = Gather.Take(events.Columns[c], rentedOrder.AsSpan(0, events.Length)));
        for (int key = -1, e = 0; key < keys; key++)
        {
            // Where the events of a key are laid down, those of the next begin.
            numbers.AsSpan(e, next[key + 1] - e).Fill(key);
            e = next[key + 1];
        }

        ArrayPool<int>.Shared.Return(rentedNext);
        ArrayPool<int>.Shared.Return(rentedOrder);
        return new RecordBatch(events.Schema, ImmutableCollectionsMarshal.AsImmutableArray(columns), events.Length);
    }

    /// <summary>The stored events of the step's keys; of all keys where a truncate has come; and the last truncate.</summary>
    private FoundRows Recall(KeySearch search, KeyTable? all)
    {
        if (remembered is null) return FoundRows.None(state.Columns);
        if (all is not null) return search.AddAll(all, remembered, state.Columns);
        var rows = search.Find(remembered, state.Columns);
        return record.Truncated ? rows.With(KeySearch.Where(remembered, state.Columns, ChangeLayout.Kind, ColumnComparison.Equal, (sbyte)ChangeKind.Truncate)) : rows;
    }

    /// <summary>By leaf and event, whether the event leaves it out.</summary>
    private bool[][] WhatIsOmitted(EventSet all, RecordBatch events)
    {
        bool[][] omitted = [.. leaves.Select(_ => new bool[all.Count])];
        ChangeState.ReadOmitted(found!.Rows, omitted);
        for (var leaf = 0; leaf < omitted.Length; leaf++)
        {
            if (leaves[leaf].IsGone) continue;
            var column = stored[leaves[leaf].Column].Name;
            if (!changes.IgnoreNull.Contains(column)) continue;
            var values = leaves[leaf].Values(events);
            for (var i = 0; i < events.Length; i++) omitted[leaf][all.FirstFresh + i] = values.IsNull(i);
            values.Release();
        }

        if (changes.ListsColumns) ReadLists(events, omitted, all.FirstFresh);
        return omitted;
    }

    private void ReadLists(RecordBatch events, bool[][] omitted, int first)
    {
        var lists = events.Columns[events.Schema.IndexOf(ChangeLayout.Listed)];
        for (var i = 0; i < events.Length; i++)
        {
            var names = lists.GetValue(i) as object?[] ?? [];
            for (var leaf = 0; leaf < omitted.Length; leaf++)
            {
                if (leaves[leaf].IsGone) continue;
                var column = stored[leaves[leaf].Column].Name;
                omitted[leaf][first + i] = !names.Any(n => n is string name && string.Equals(name, column, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    /// <summary>Lays the rows down. Versions that are over lie apart from those that are not: later steps pass over them as a whole.</summary>
    private static void Write(TargetChange change, IReadOnlyList<TargetSink> sinks)
    {
        // Few rows make one file, not one for each worker.
        var shares = Math.Clamp(change.Count / ManyRows, 1, sinks.Count);
        var apart = Math.Min(change.Present.Count, change.Over.Count) >= (long)ManyRows * shares;
        WorkerPool.Run(shares, share =>
        {
            Write(change.Present.Share(share, shares), sinks[share]);
            if (apart) sinks[share].EndGroup();
            Write(change.Over.Share(share, shares), sinks[share]);
        });
    }

    private static void Write(IEnumerable<RecordBatch> batches, TargetSink sink)
    {
        foreach (var rows in batches)
        {
            using (rows) sink.Write(rows);
        }
    }

    private void Remember(EventSet all, TargetChange change, int floor, bool[][] omitted)
    {
        var rows = change.Remember;
        forget = change.Forget;
        if (floor >= 0 && all.IsFresh(floor))
        {
            rows = [.. rows, new RememberedEvent(floor, Expires: false)];
            forget = [.. forget, .. Enumerable.Range(0, all.StoredCount).Where(e => all.Kinds[e] == (sbyte)ChangeKind.Truncate)];
            record = record with { Truncated = true };
        }

        remember = state.Rows(all, rows, context.Now, omitted);
    }

    /// <summary>Forgets what only late events need and is older than the target keeps it.</summary>
    private void Collect()
    {
        var kept = ChangeState.TombstoneMicros(context.Dataset(info.Target));
        if (remembered is null || context.Now - record.Collected < kept / CollectionsInRetention) return;
        record = record with { Collected = context.Now };
        var columns = new Schema(state.Columns.Find(ChangeState.At)!);
        expired = KeySearch.Where(remembered, columns, ChangeState.At, ColumnComparison.Less, context.Now - kept);
    }
}
