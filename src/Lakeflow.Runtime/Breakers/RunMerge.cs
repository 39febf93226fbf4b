using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Puts sorted runs together into one order: a heap of the runs by their next rows. Stable: equal rows come as they came in.</summary>
internal sealed class RunMerge
{
    private const int BatchRows = 8192;
    private const int LeastRuns = 8;
    private const int MostRuns = 512;

    private readonly Schema schema;
    private readonly Cursor[] heap;
    private readonly int batchRows;
    private int count;

    private RunMerge(Schema schema, RowOrder order, IReadOnlyList<SortedRun> runs, int batchRows)
    {
        this.schema = schema;
        this.batchRows = batchRows;
        heap = [.. runs.Select((run, number) => new Cursor(schema, order, run, number)).Where(c => c.IsOpen)];
        count = heap.Length;
        for (var i = (count / 2) - 1; i >= 0; i--) Sink(i);
    }

    /// <summary>The rows of runs in order, as batches without the column of ordinals; each is the caller's.</summary>
    /// <param name="schema">Of the rows, without that column.</param>
    /// <param name="order">Of the runs.</param>
    /// <param name="runs">In the order that decides between rows of one ordinal.</param>
    /// <param name="memory">For runs of runs, where there are too many to have a block of each in memory.</param>
    public static IEnumerable<RecordBatch> Rows(Schema schema, RowOrder order, List<SortedRun> runs, RunMemory memory)
    {
        var wide = SortedRun.With(schema);
        var most = (int)Math.Clamp(memory.Budget.Bytes / 4 / SortedRun.BlockBytes, LeastRuns, MostRuns);
        SpillFile? file = null;
        while (runs.Count > most)
        {
            file ??= memory.NewFile();
            runs = [.. runs.Chunk(most).Select(some => SortedRun.Write(new RunMerge(wide, order, some, RowsOfBlocks(some)).Batches(), memory, file))];
        }

        foreach (var batch in new RunMerge(wide, order, runs, BatchRows).Batches())
        {
            using (batch) yield return new RecordBatch(schema, [.. batch.Columns.Take(schema.Count).Select(c => c.Retain())], batch.Length);
        }

        file?.Dispose();
    }

    private static int RowsOfBlocks(SortedRun[] runs)
    {
        var reader = new SpillReader();
        var first = runs.FirstOrDefault(r => r.Blocks.Count > 0);
        if (first is null) return BatchRows;
        reader.Begin(first.File, first.Blocks[0]);
        return Math.Clamp(reader.Get<int>(), 1, BatchRows);
    }

    private IEnumerable<RecordBatch> Batches()
    {
        var slots = new List<Cursor>();
        var picks = new List<(int Part, int Row)>(batchRows);
        var parts = new List<RecordBatch>();
        while (count > 0)
        {
            picks.Clear();
            while (picks.Count < batchRows && count > 0)
            {
                var cursor = heap[0];
                if (cursor.Part < 0)
                {
                    cursor.Part = parts.Count;
                    parts.Add(null!);
                    slots.Add(cursor);
                }

                picks.Add((cursor.Part, cursor.Row - cursor.First));
                if (cursor.Next(out var done) is { } finished) parts[done] = finished;
                if (!cursor.IsOpen) heap[0] = heap[--count];
                Sink(0);
            }

            foreach (var cursor in slots)
            {
                if (cursor.Part >= 0) parts[cursor.Part] = cursor.Cut();
            }

            yield return Together(parts, picks);
            parts.Clear();
            slots.Clear();
        }
    }

    private RecordBatch Together(List<RecordBatch> parts, List<(int Part, int Row)> picks)
    {
        var starts = new int[parts.Count];
        for (var p = 1; p < starts.Length; p++) starts[p] = starts[p - 1] + parts[p - 1].Length;
        var rows = new int[picks.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = starts[picks[i].Part] + picks[i].Row;
        using var all = Concatenate.Batches(schema, parts);
        foreach (var part in parts) part.Dispose();
        return Gather.Take(all, rows);
    }

    private void Sink(int at)
    {
        while (true)
        {
            var least = at;
            for (var child = (2 * at) + 1; child <= (2 * at) + 2 && child < count; child++)
            {
                if (heap[child].ComesBefore(heap[least])) least = child;
            }

            if (least == at) return;
            (heap[at], heap[least]) = (heap[least], heap[at]);
            at = least;
        }
    }

    /// <summary>A run with the block that it is at.</summary>
    private sealed class Cursor
    {
        private readonly Schema schema;
        private readonly RowOrder order;
        private readonly SortedRun run;
        private readonly int number;
        private readonly SpillReader reader = new();
        private RecordBatch? rows;
        private SortOrder keys = null!;
        private int blocks;

        public Cursor(Schema schema, RowOrder order, SortedRun run, int number)
        {
            this.schema = schema;
            this.order = order;
            this.run = run;
            this.number = number;
            Load();
        }

        public bool IsOpen => rows is not null;

        /// <summary>The row of the block that comes next.</summary>
        public int Row { get; private set; }

        /// <summary>The first row of the block that goes into the batch in the making.</summary>
        public int First { get; private set; }

        /// <summary>The number of the block's stretch in that batch, −1 if none of its rows is in it.</summary>
        public int Part { get; set; } = -1;

        public bool ComesBefore(Cursor other)
        {
            var c = keys.Compare(Row, other.keys, other.Row);
            if (c == 0) c = Ordinal.CompareTo(other.Ordinal);
            return c == 0 ? number < other.number : c < 0;
        }

        private long Ordinal => ((PrimitiveArray<long>)rows!.Columns[^1]).Values[Row];

        /// <summary>Goes to the next row; at the end of a block gives its stretch, and the stretch's number.</summary>
        public RecordBatch? Next(out int part)
        {
            part = Part;
            if (++Row < rows!.Length) return null;
            var stretch = Cut();
            rows.Dispose();
            Load();
            return stretch;
        }

        /// <summary>The rows of the block that went into the batch; the next batch begins behind them.</summary>
        public RecordBatch Cut()
        {
            var stretch = rows!.Slice(First, Row - First);
            First = Row;
            Part = -1;
            return stretch;
        }

        private void Load()
        {
            (Row, First, rows) = (0, 0, null);
            if (blocks == run.Blocks.Count) return;
            reader.Begin(run.File, run.Blocks[blocks++]);
            rows = BatchCodec.Read(schema, reader);
            keys = order.Of(rows);
        }
    }
}
