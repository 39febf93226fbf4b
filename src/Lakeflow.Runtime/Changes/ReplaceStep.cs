using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>One step of a REPLACE flow: its rows take the place of others.</summary>
/// <remarks>
/// REPLACE USING keeps of each key the rows with the highest sequence, whatever the order in which they come and however they are cut into steps: rows
/// of a lower one than the table has are left out, those of the same one are added, those of a higher one replace. It needs no memory but the table.
/// </remarks>
internal sealed class ReplaceStep(UpdateContext context, FlowInfo info, Snapshot target) : IRowChanges
{
    private readonly ReplaceInfo replaces = info.Replaces!;
    private readonly Schema stored = ChangeLayout.Stored(info.Output);

    public void Apply(RecordBatch rows, Transaction transaction, IReadOnlyList<TargetSink> sinks, IReadOnlyList<TargetSink>? updates, FlowCounts counts)
    {
        // Rows that others add meanwhile may be among those to replace.
        transaction.ReadsRows = true;
        var (written, deleted) = replaces.Sequence is null ? Where(rows, transaction) : Using(rows, transaction, replaces.Sequence, counts);
        using var news = Gather.Take(rows, written);
        using var shaped = new RecordBatch(stored, [.. stored.Fields.Select(f => news.Columns[news.Schema.IndexOf(f.Name)].Retain())], news.Length);
        if (shaped.Length > 0) sinks[0].Write(shaped);
        counts.AddChanged(shaped.Length, deleted);
    }

    public ImmutableSortedDictionary<string, long> Commit(ImmutableSortedDictionary<string, long> state, Transaction transaction) => state;

    public void Dispose()
    {
        // What was found is given back by whoever looked for it.
    }

    /// <summary>Rows with a place are the target's, and go; the others are new.</summary>
    private (int[] Written, long Deleted) Where(RecordBatch rows, Transaction transaction)
    {
        var (file, place) = (rows.Columns[rows.Schema.IndexOf(ChangeLayout.File)], rows.Columns[rows.Schema.IndexOf(ChangeLayout.Row)]);
        var files = target.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var gone = Enumerable.Range(0, rows.Length).Where(file.IsValid).ToList();
        foreach (var of in gone.GroupBy(row => (string)file.GetValue(row)!)) transaction.DeleteRows(files[of.Key], of.Select(row => (long)place.GetValue(row)!));
        return ([.. Enumerable.Range(0, rows.Length).Where(file.IsNull)], gone.Count);
    }

    private (int[] Written, long Deleted) Using(RecordBatch rows, Transaction transaction, string sequence, FlowCounts counts)
    {
        Check(rows, sequence);
        var (keys, numbers) = KeyTable.Of([.. replaces.Keys.Select(k => rows.Columns[rows.Schema.IndexOf(k)])]);
        var search = new KeySearch(keys, replaces.Keys, KeySearch.FiltersOf(rows, replaces.Keys), context.Options.WorkersOrDefault, context.Stop);
        var wanted = new Schema(target.Schema.Fields.Where(f => replaces.Keys.Append(sequence).Contains(f.Name, StringComparer.OrdinalIgnoreCase)).ToImmutableArray());
        using var found = search.Find(target, wanted);
        counts.AddSearched(search.FilesRead, search.BytesRead);
        // The sequences of the rows found, then those of the rows that came.
        var type = new Schema(stored.Find(sequence)!);
        using var had = Only(found.Rows, type);
        using var came = Only(rows, type);
        using var all = Concatenate.Batches(type, [had, came]);
        var (values, order) = (all.Columns[0], EventSet.OrderOf(all.Columns[0]));
        var newest = new int[keys.Count];
        Array.Fill(newest, -1);
        int[] keyOf = [.. found.Numbers, .. numbers];
        for (var i = 0; i < keyOf.Length; i++)
        {
            ref var best = ref newest[keyOf[i]];
            if (values.IsValid(i) && (best < 0 || order.Compare(i, best) > 0)) best = i;
        }

        int[] gone = [.. Enumerable.Range(0, found.Count).Where(i => values.IsNull(i) || order.Compare(i, newest[keyOf[i]]) < 0)];
        found.Delete(transaction, gone);
        return ([.. Enumerable.Range(0, rows.Length).Where(i => order.Compare(found.Count + i, newest[numbers[i]]) == 0)], gone.Length);
    }

    private static RecordBatch Only(RecordBatch rows, Schema column) => new(column, [rows.Columns[rows.Schema.IndexOf(column[0].Name)].Retain()], rows.Length);

    private void Check(RecordBatch rows, string sequence)
    {
        new KeyCheck(target, info.Target.ToString(), replaces.Keys).Check(rows, _ => true, row => RowJson.Of(rows, row));
        var column = rows.Columns[rows.Schema.IndexOf(sequence)];
        if (column.NullCount == 0) return;
        var row = 0;
        while (column.IsValid(row)) row++;
        throw ChangeErrors.NullSequence(info.Target.ToString(), column.NullCount, RowJson.Of(rows, row));
    }
}
