using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Changes;

/// <summary>Rows that a step is to write. They are put together when they are written, some at a time: all of them at once are as large as all that was read.</summary>
/// <param name="parts">How many rows there are of each kind, and what gathers some of them by number. May be called by several threads.</param>
internal sealed class NewRows(params ImmutableArray<(int Count, GatherRows Gather)> parts)
{
    /// <summary>As many as a batch that is read has, so that the memory of one serves the next.</summary>
    private const int RowsAtOnce = 8192;

    public static readonly NewRows None = new();

    /// <summary>Rows that are there already and stay the caller's.</summary>
    public static NewRows Of(RecordBatch rows) => new((rows.Length, some => Segments.Gather.Take(rows, some)));

    public int Count { get; } = parts.Sum(p => p.Count);

    /// <summary>Some of the rows.</summary>
    /// <param name="isWanted">By row.</param>
    public NewRows Where(Func<int, bool> isWanted)
    {
        var first = 0;
        return new NewRows([.. parts.Select(part =>
        {
            var (count, gather) = part;
            var from = first;
            first += count;
            int[] wanted = [.. Enumerable.Range(0, count).Where(row => isWanted(from + row))];
            return (wanted.Length, new GatherRows(rows =>
            {
                var chosen = new int[rows.Length];
                for (var i = 0; i < chosen.Length; i++) chosen[i] = wanted[rows[i]];
                return gather(chosen);
            }));
        })]);
    }

    /// <summary>One of several equal shares, batch by batch; each batch is the caller's.</summary>
    public IEnumerable<RecordBatch> Share(int share, int shares)
    {
        var (from, to) = ((int)((long)Count * share / shares), (int)((long)Count * (share + 1) / shares));
        var rows = new int[Math.Min(RowsAtOnce, to - from)];
        var first = 0;
        foreach (var (count, gather) in parts)
        {
            var end = Math.Min(to - first, count);
            for (var at = Math.Max(0, from - first); at < end; at += RowsAtOnce)
            {
                var some = rows.AsSpan(0, Math.Min(RowsAtOnce, end - at));
                for (var i = 0; i < some.Length; i++) some[i] = at + i;
                yield return gather(some);
            }

            first += count;
        }
    }
}

/// <summary>Puts rows together.</summary>
/// <param name="rows">Their numbers.</param>
internal delegate RecordBatch GatherRows(ReadOnlySpan<int> rows);
