using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Tests.Breakers;

/// <summary>Spilled = not spilled, for joins: two tables one after the other, the first of which makes several rows of one.</summary>
public sealed class SpilledJoinTests : IDisposable
{
    private static readonly Schema Numbers = new(new Field("n", DataType.Int64));

    private readonly SpillRig rig = new();

    public void Dispose() => rig.Dispose();

    private struct NumberKey : IGroupKey<NumberKey>
    {
        public long Value;

        public static bool HasOrdinal => true;

        public static ulong Hash(in NumberKey key) => KeyHash.Of(key.Value);

        public static bool Equal(in NumberKey a, in NumberKey b) => a.Value == b.Value;

        public static long Ordinal(in NumberKey key) => key.Value;
    }

    /// <summary>FROM rows LEFT JOIN first ON n = first.n / 2 LEFT JOIN second ON first.n = second.n, as generated code writes it.</summary>
    private sealed class Segment(FlowRun run, JoinTable<NumberKey> first, JoinTable<NumberKey> second, List<string> found) : ISegment
    {
        private readonly RowsAside firstAside = first.Aside(run);
        private readonly RowsAside secondAside = second.Aside(run);

        public void Process(RecordBatch rows)
        {
            var n = Columns.Values<long>(rows, 0);
            for (var i = 0; i < rows.Length; i++)
            {
                var matched = false;
                var match = rows.Columns[0].IsValid(i) ? first.First(new NumberKey { Value = n[i] }, i, firstAside) : first.OfNull;
                for (; match >= 0 || (match == -1 && !matched); match = match < 0 ? -2 : first.Next(match))
                {
                    matched |= match >= 0;
                    var key = match < 0 ? null : first.Rows.Columns[0].GetValue(match);
                    var other = key is long value ? second.First(new NumberKey { Value = value }, i, secondAside) : second.OfNull;
                    var met = false;
                    for (; other >= 0 || (other == -1 && !met); other = other < 0 ? -2 : second.Next(other))
                    {
                        if (other >= 0) second.Mark(other);
                        met |= other >= 0;
                        found.Add($"{rows.Columns[0].GetValue(i)} {key} {(other < 0 ? null : second.Rows.Columns[0].GetValue(other))}");
                    }
                }
            }

            firstAside.Keep(rows);
            secondAside.Keep(rows);
        }

        public void Finish() => found.Add("finished");
    }

    [Fact]
    public void Joins_are_the_same_from_files() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var workers = random.Next(1, 4);
        var (left, first, second) = (Rows(random, 60), Rows(random, 60), Rows(random, 60));
        using var inMemory = rig.Roomy(workers);
        using var onDisk = rig.Spilling(workers);
        var kept = Joined(inMemory, left, first, second);
        return kept.SequenceEqual(Joined(onDisk, left, first, second)) && onDisk.Counts.Spilled > 0 == (first.Count + second.Count > 0 && first.Concat(second).Any(b => b.Length > 0));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_of_one_part_that_are_more_than_the_budget_are_told()
    {
        using var run = SpillRig.Run(1, new MemoryBudget(2_000, new SpillFolder(rig.Folder)));
        using var buffer = Fill(run, [Batch([.. Enumerable.Repeat((long?)1, 5_000)], 0)]);
        using var table = JoinTable<NumberKey>.Of(run, buffer, Put);
        using var other = new JoinTable<NumberKey>(Batch([], 0));
        Put(other);
        var error = Assert.Throws<RuntimeError>(() => run.Drive(new BatchSource(Batch([1], 0)), _ => new Segment(run, table, other, []), joins: [table, other]));
        Assert.Equal("LF5020", error.Code);
    }

    private static List<string> Joined(FlowRun run, List<RecordBatch> left, List<RecordBatch> first, List<RecordBatch> second)
    {
        using var firstRows = Fill(run, first);
        using var secondRows = Fill(run, second);
        // The first table is found by half of its number: one row meets several.
        using var firstTable = JoinTable<NumberKey>.Of(run, firstRows, table => Put(table, 2));
        using var secondTable = JoinTable<NumberKey>.Of(run, secondRows, Put);
        var found = Enumerable.Range(0, run.Workers).Select(_ => new List<string>()).ToArray();
        run.Drive(new BatchSource(Numbers, [.. left.Select(b => b.WithSchema(Numbers))]), worker => new Segment(run, firstTable, secondTable, found[worker]), joins: [firstTable, secondTable]);
        return [.. found.SelectMany(f => f).Concat(SpillRig.Read(secondTable.UnmatchedRows()).Select(r => "nobody met " + r)).Order(StringComparer.Ordinal)];
    }

    private static void Put(JoinTable<NumberKey> table) => Put(table, 1);

    private static void Put(JoinTable<NumberKey> table, long by)
    {
        var n = Columns.Values<long>(table.Rows, 0);
        for (var row = 0; row < n.Length; row++)
        {
            if (table.Rows.Columns[0].IsValid(row)) table.Add(new NumberKey { Value = n[row] / by }, row);
            else table.HasNullKey = true;
        }

        table.Seal();
    }

    private static BatchBuffer Fill(FlowRun run, List<RecordBatch> batches)
    {
        var buffer = new BatchBuffer(Numbers, run);
        for (var b = 0; b < batches.Count; b++) buffer.Worker(b % run.Workers).Write(batches[b]);
        return buffer;
    }

    private static List<RecordBatch> Rows(Random random, long most) => [.. Enumerable.Range(0, random.Next(6)).Select(b => Batch(
        [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(8) == 0 ? null : (long?)random.NextInt64(most))], b))];

    private static RecordBatch Batch(long?[] numbers, int ordinal)
    {
        var builder = ArrayBuilder.Create(DataType.Int64);
        foreach (var number in numbers) builder.AppendValue(number);
        return new RecordBatch(Numbers, [builder.Build()], numbers.Length) { Ordinal = (long)ordinal << 32 };
    }
}
