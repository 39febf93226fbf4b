using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
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
        var keyColumns = new Schema(replaces.Keys.Select(k => stored.Find(k)!).ToImmutableArray());
        var keys = new KeyTable([.. keyColumns.Fields.Select(f => f.Type)], rows.Length);
        var numbers = keys.Add([.. replaces.Keys.Select(k => rows.Columns[rows.Schema.IndexOf(k)])]);
        var filters = replaces.Keys.Select(name =>
        {
            var column = rows.Columns[rows.Schema.IndexOf(name)];
            return KeyFilter.Values(name, Enumerable.Range(0, rows.Length).Select(column.GetValue).Distinct());
        });
        var search = new KeySearch(keys, replaces.Keys, [.. filters], context.Options.WorkersOrDefault, context.Stop);
        var wanted = new Schema(target.Schema.Fields.Where(f => keyColumns.Find(f.Name) is not null || f.Name.Equals(sequence, StringComparison.OrdinalIgnoreCase)).ToImmutableArray());
        using var found = search.Find(target, wanted);
        var newest = new object?[keys.Count];
        Raise(newest, numbers, rows.Columns[rows.Schema.IndexOf(sequence)]);
        var had = found.Rows.Columns[found.Rows.Schema.IndexOf(sequence)];
        Raise(newest, found.Numbers, had);
        var gone = Enumerable.Range(0, found.Count).Where(row => had.IsNull(row) || BoxedValues.Compare(had.GetValue(row), newest[found.Numbers[row]]) < 0).ToList();
        found.Delete(transaction, [.. gone]);
        counts.AddSearched(search.FilesRead, search.BytesRead);
        var came = rows.Columns[rows.Schema.IndexOf(sequence)];
        return ([.. Enumerable.Range(0, rows.Length).Where(row => BoxedValues.Compare(came.GetValue(row), newest[numbers[row]]) == 0)], gone.Count);
    }

    private static void Raise(object?[] newest, int[] numbers, ArrowArray values)
    {
        for (var row = 0; row < numbers.Length; row++)
        {
            if (values.IsValid(row) && values.GetValue(row) is var value && (newest[numbers[row]] is not { } known || BoxedValues.Compare(value, known) > 0)) newest[numbers[row]] = value;
        }
    }

    private void Check(RecordBatch rows, string sequence)
    {
        foreach (var name in replaces.Keys.Append(sequence))
        {
            var column = rows.Columns[rows.Schema.IndexOf(name)];
            if (column.NullCount == 0) continue;
            var row = 0;
            while (column.IsValid(row)) row++;
            throw name == sequence
                ? ChangeErrors.NullSequence(info.Target.ToString(), column.NullCount, RowJson.Of(rows, row))
                : ChangeErrors.NullKey(info.Target.ToString(), name, column.NullCount, RowJson.Of(rows, row));
        }
    }
}
