using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>Refuses rows that do not say which row of the target they are for.</summary>
/// <param name="target">The table.</param>
/// <param name="name">Its name, for messages.</param>
/// <param name="keys">Its key columns.</param>
internal sealed class KeyCheck(Snapshot target, string name, ImmutableArray<string> keys)
{
    /// <param name="rows">What has come.</param>
    /// <param name="needsKey">By row.</param>
    /// <param name="sample">By row its text.</param>
    /// <exception cref="Diagnostics.RuntimeError">LF5070.</exception>
    public void Check(RecordBatch rows, Func<int, bool> needsKey, Func<int, string> sample)
    {
        foreach (var key in keys)
        {
            var column = rows.Columns[rows.Schema.IndexOf(key)];
            if (column.NullCount > 0 && Where(column.IsNull) is [var first, ..] missing) throw ChangeErrors.NullKey(name, key, missing.Length, sample(first));
            // The row would be stored as one without a key, and never be found again.
            if (!target.PartitionColumns.Contains(key, StringComparer.OrdinalIgnoreCase) || column.Type is not (StringType or BinaryType)) continue;
            if (Where(Empty(column)) is [var empty, ..] all) throw ChangeErrors.EmptyKey(name, key, all.Length, sample(empty));
        }

        int[] Where(Func<int, bool> isWrong) => [.. Enumerable.Range(0, rows.Length).Where(row => isWrong(row) && needsKey(row))];
    }

    private static Func<int, bool> Empty(ArrowArray column)
    {
        var texts = TextColumn.Of(column);
        var empty = new bool[column.Length];
        for (var row = 0; row < empty.Length; row++) empty[row] = column.IsValid(row) && texts[row].Bytes.IsEmpty;
        return row => empty[row];
    }
}
