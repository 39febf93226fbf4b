using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Oracle;

/// <summary>Window functions row by row: for each row its partition, its frame, its value.</summary>
internal sealed class WindowEvaluator(Evaluator evaluator)
{
    public List<Row> Run(Window window, List<Row> rows)
    {
        var result = new List<Row>();
        foreach (var partition in rows.GroupBy(row => (object?)Interpreter.Key(window.PartitionBy.Select(p => evaluator.Value(p, row))), BoxedValues.Instance!))
        {
            var keyed = partition.Select(row => (Row: row, Keys: window.OrderBy.Select(k => evaluator.Value(k.Value, row)).ToArray()))
                .OrderBy(k => k.Keys, Comparer<object?[]>.Create((a, b) => Interpreter.Compare(a, b, window.OrderBy))).ToList();
            for (var i = 0; i < keyed.Count; i++)
            {
                var row = new Row(keyed[i].Row);
                foreach (var item in window.Calls) row[item.Column.Id] = Value(item.Call, keyed, i, window.OrderBy);
                result.Add(row);
            }
        }

        return result;
    }

    private object? Value(WindowCall call, List<(Row Row, object?[] Keys)> rows, int at, ImmutableArray<Compiler.Plans.SortKey> order)
    {
        bool Peer(int i) => Interpreter.Compare(rows[i].Keys, rows[at].Keys, order) == 0;
        var firstPeer = Enumerable.Range(0, rows.Count).First(Peer);
        var lastPeer = Enumerable.Range(0, rows.Count).Last(Peer);
        object? Argument(int n, int i) => evaluator.Value(call.Arguments[n], rows[i].Row);
        int Number(int n) => Convert.ToInt32(Argument(n, at), CultureInfo.InvariantCulture);
        switch (call.Function.Name)
        {
            case "row_number": return at + 1;
            case "rank": return firstPeer + 1;
            case "dense_rank": return Enumerable.Range(0, at + 1).Count(i => i == 0 || Interpreter.Compare(rows[i - 1].Keys, rows[i].Keys, order) != 0);
            case "percent_rank": return rows.Count == 1 ? 0.0 : (double)firstPeer / (rows.Count - 1);
            case "cume_dist": return (lastPeer + 1.0) / rows.Count;
            case "ntile":
                var (size, larger) = (rows.Count / Number(0), rows.Count % Number(0));
                var bucket = 0;
                for (var (start, b) = (0, 1); start <= at; b++)
                {
                    bucket = b;
                    start += size + (b <= larger ? 1 : 0);
                }

                return bucket;
            case "lag" or "lead":
                var step = (call.Arguments.Length > 1 ? Number(1) : 1) * (call.Function.Name == "lag" ? -1 : 1);
                var other = call.IgnoreNulls ? Skipping(i => Argument(0, i) is not null, at, step, rows.Count) : at + step;
                if (other >= 0 && other < rows.Count) return Argument(0, other);
                return call.Arguments.Length > 2 ? Argument(2, at) : null;
        }

        var frame = Enumerable.Range(0, rows.Count).Where(i => call.Frame.Range is { } range ? IsWithin(range, rows[at].Row, rows[i].Row, i, firstPeer, lastPeer, order)
            : call.Frame.Unit == FrameUnit.Rows
            ? (call.Frame.Start is null || i >= at + call.Frame.Start) && (call.Frame.End is null || i <= at + call.Frame.End)
            : (call.Frame.Start is null || i >= firstPeer) && (call.Frame.End is null || i <= lastPeer)).ToList();
        var seen = call.IgnoreNulls ? frame.FindAll(i => Argument(0, i) is not null) : frame;
        switch (call.Function.Name)
        {
            case "first_value" or "first": return seen.Count == 0 ? null : Argument(0, seen[0]);
            case "last_value" or "last": return seen.Count == 0 ? null : Argument(0, seen[^1]);
            case "nth_value": return seen.Count >= Number(1) ? Argument(0, seen[Number(1) - 1]) : null;
        }

        var tuples = frame.ConvertAll(i => call.Arguments.Select(a => evaluator.Value(a, rows[i].Row)).ToArray());
        return AggregateEvaluator.Value(call.Function.Name, tuples, [.. call.Arguments.Select(a => a.Type)], call.Type);
    }

    /// <summary>Whether a row is in a RANGE frame by distance: its key is between the bounds of the current row, whose NULL is near NULLs alone.</summary>
    private bool IsWithin(RangeBounds range, Row current, Row other, int at, int firstPeer, int lastPeer, ImmutableArray<Compiler.Plans.SortKey> order)
    {
        if (evaluator.Value(range.Key, current) is null) return (range.From is null || at >= firstPeer) && (range.To is null || at <= lastPeer);
        if (evaluator.Value(range.Key, other) is not { } key) return order[0].NullsFirst ? range.From is null : range.To is null;
        var sign = order[0].Descending ? -1 : 1;
        return (range.From is null || BoxedValues.Compare(key, evaluator.Value(range.From, current)) * sign >= 0)
            && (range.To is null || BoxedValues.Compare(key, evaluator.Value(range.To, current)) * sign <= 0);
    }

    private static int Skipping(Func<int, bool> counts, int at, int step, int rows)
    {
        var left = Math.Abs(step);
        while (left > 0)
        {
            at += Math.Sign(step);
            if (at < 0 || at >= rows) return -1;
            if (counts(at)) left--;
        }

        return at;
    }
}
