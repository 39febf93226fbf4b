using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>The sessions that held rows make up: which are over, and which are still open at a watermark.</summary>
internal sealed class OpenSessions
{
    private readonly KeyTable keys = new([DataType.Binary]);
    private readonly ImmutableArray<int> keyColumns;

    /// <summary>By key the start of the one session that has begun and not ended by the watermark; <see cref="long.MaxValue"/> is none.</summary>
    private readonly long[] openSince;

    /// <param name="rows">All held rows that started by the watermark.</param>
    /// <param name="info">Which columns hold keys, start and end.</param>
    /// <param name="watermark">Microseconds UTC.</param>
    public OpenSessions(RecordBatch rows, HoldInfo info, long watermark)
    {
        keyColumns = info.Keys;
        var numbers = NumbersOf(rows, adds: true);
        var (starts, ends) = (Columns.Values<long>(rows, info.Start).ToArray(), Columns.Values<long>(rows, info.Due).ToArray());
        var order = InOrder(numbers, starts, keys.Count);
        openSince = new long[keys.Count];
        Array.Fill(openSince, long.MaxValue);

        var over = new List<int>();
        for (var first = 0; first < order.Length;)
        {
            var (key, start, end) = (numbers[order[first]], starts[order[first]], ends[order[first]]);
            var next = first + 1;
            for (; next < order.Length && numbers[order[next]] == key && starts[order[next]] <= end; next++) end = Math.Max(end, ends[order[next]]);
            if (end <= watermark) over.AddRange(order[first..next]);
            else openSince[key] = start;
            first = next;
        }

        over.Sort();
        Over = [.. over];
    }

    /// <summary>The rows of sessions that ended by the watermark, in order.</summary>
    public int[] Over { get; }

    /// <summary>For each row, whether a session of its key is open that began before it.</summary>
    public bool[] Hold(RecordBatch rows, ReadOnlySpan<long> times)
    {
        var numbers = NumbersOf(rows, adds: false);
        var held = new bool[numbers.Length];
        for (var i = 0; i < held.Length; i++) held[i] = numbers[i] >= 0 && openSince[numbers[i]] <= times[i];
        return held;
    }

    /// <summary>The rows by key, then by start.</summary>
    private static int[] InOrder(int[] numbers, long[] starts, int keys)
    {
        var byStart = Enumerable.Range(0, numbers.Length).ToArray();
        Array.Sort([.. starts], byStart);
        var next = new int[keys + 1];
        foreach (var number in numbers) next[number + 1]++;
        for (var key = 0; key < keys; key++) next[key + 1] += next[key];
        var order = new int[numbers.Length];
        foreach (var row in byStart) order[next[numbers[row]]++] = row;
        return order;
    }

    private int[] NumbersOf(RecordBatch rows, bool adds)
    {
        var texts = RowKeys.Of([.. keyColumns.Select(k => rows.Columns[k])], rows.Length);
        var numbers = adds ? keys.Add([texts]) : keys.Find([texts]);
        texts.Release();
        return numbers;
    }
}
