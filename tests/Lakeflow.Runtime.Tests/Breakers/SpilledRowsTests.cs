using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Tests.Breakers;

/// <summary>Spilled = not spilled, for rows that are gathered: in their order, sorted, and by windows.</summary>
public sealed class SpilledRowsTests : IDisposable
{
    private readonly SpillRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Batches_come_back_from_files_as_they_were() => Prop.ForAll<int>(seed =>
    {
        var batches = SpillRig.Batches(new Random(seed), 6);
        using var run = rig.Spilling();
        using var buffer = Fill(batches, run, null);
        return buffer.IsSpilled && run.Counts.Spilled > 0 && SpillRig.Read(buffer.AsSource()).SequenceEqual(SpillRig.Text(batches));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_are_sorted_the_same_from_files() => Prop.ForAll<int, int>((seed, workers) =>
    {
        var random = new Random(seed);
        // More runs than are merged at once, so that runs of runs are made, too.
        var batches = SpillRig.Batches(random, random.Next(30));
        int[] keys = [.. Enumerable.Range(0, 8).Where(c => c != 7).OrderBy(_ => random.Next()).Take(random.Next(1, 4))];
        var directions = keys.Select(_ => new SortDirection(random.Next(2) == 0, random.Next(2) == 0)).ToArray();
        var (offset, count) = (random.Next(20), random.Next(2) == 0 ? null : (long?)random.Next(60));
        var order = new RowOrder([.. keys], [.. directions], count is null ? null : count + offset);
        using var inMemory = rig.Roomy();
        using var onDisk = rig.Spilling(1 + (Math.Abs(workers % 3)), bytes: 1 << 20);
        using var kept = Fill(batches, inMemory, order);
        using var spilled = Fill(batches, onDisk, order);
        return !kept.IsSpilled && (batches.Count == 0 || spilled.IsSpilled)
            && SpillRig.Read(SortedRows.Of(kept, offset, count)).SequenceEqual(SpillRig.Read(SortedRows.Of(spilled, offset, count)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_the_rows_that_a_limit_wants_go_to_files()
    {
        var batches = SpillRig.Batches(new Random(1), 20, mostRows: 400);
        using var all = rig.Spilling();
        using var few = rig.Spilling();
        using var everything = Fill(batches, all, new RowOrder([9], [new SortDirection(true, true)]));
        using var ten = Fill(batches, few, new RowOrder([9], [new SortDirection(true, true)], 10));
        Assert.True(few.Counts.Spilled * 5 < all.Counts.Spilled);
    }

    [Fact]
    public void The_first_rows_of_a_spilled_buffer_are_the_first_of_all()
    {
        var batches = SpillRig.Batches(new Random(2), 9);
        using var run = rig.Spilling();
        using var buffer = Fill(batches, run, null);
        Assert.Equal(SpillRig.Text(batches).Skip(7).Take(30), SpillRig.Read(SortedRows.Of(buffer, 7, 30)));
    }

    [Fact]
    public void Windows_see_whole_partitions() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var batches = SpillRig.Batches(random, 12);
        var order = new RowOrder([0, 1, 9], [new SortDirection(false, true), new SortDirection(true, true), new SortDirection(false, true)]);
        using var inMemory = rig.Roomy();
        // A budget of which an eighth holds a few rows only: partitions are read one by one.
        using var onDisk = SpillRig.Run(2, new MemoryBudget(40_000, new SpillFolder(rig.Folder)) { SpillsAlways = true });
        using var kept = Fill(batches, inMemory, order);
        using var spilled = Fill(batches, onDisk, order);
        return SpillRig.Read(Numbered(kept)).SequenceEqual(SpillRig.Read(Numbered(spilled)));

        IBatchSource Numbered(BatchBuffer rows) => WindowedRows.Of(new Schema(new Field("at", DataType.Int64), new Field("n", DataType.Int32)), rows, 1, (gathered, stop) =>
        {
            var keys = order.Of(gathered, stop);
            var sorted = keys.Rows();
            var layout = new WindowLayout(keys, sorted, 1, 3);
            return new RecordBatch(new Schema(new Field("at", DataType.Int64), new Field("n", DataType.Int32)), [Gather.Take(gathered.Columns[9], sorted), layout.RowNumber()], gathered.Length);
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_partition_larger_than_the_budget_is_told()
    {
        using var run = SpillRig.Run(1, new MemoryBudget(4_000, new SpillFolder(rig.Folder)));
        using var buffer = Fill(SpillRig.Batches(new Random(3), 30), run, new RowOrder([9], [new SortDirection(false, true)]));
        var error = Assert.Throws<RuntimeError>(() => SpillRig.Read(WindowedRows.Of(SpillRig.Columns, buffer, 0, (rows, _) => rows.WithSchema(rows.Schema))));
        Assert.Equal("LF5020", error.Code);
    }

    [Fact]
    public void Files_are_gone_after_the_run()
    {
        using (var run = rig.Spilling())
        using (Fill(SpillRig.Batches(new Random(4), 3), run, null))
        {
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(rig.Folder));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(rig.Folder));
    }

    [Fact]
    public void A_limit_of_what_is_spilled_is_kept()
    {
        using var run = rig.Spilling(limit: 2_000);
        var error = Assert.Throws<RuntimeError>(() => Fill(SpillRig.Batches(new Random(5), 60), run, null));
        Assert.Equal("LF5021", error.Code);
        Assert.True(Directory.EnumerateFiles(rig.Folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) <= 2_000);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told()
    {
        var file = Path.Combine(rig.Folder, "file");
        File.WriteAllText(file, "");
        using var run = SpillRig.Run(1, new MemoryBudget(1, new SpillFolder(Path.Combine(file, "spill"))));
        Assert.Equal("LF5022", Assert.Throws<RuntimeError>(() => Fill(SpillRig.Batches(new Random(6), 1), run, null)).Code);
    }

    [Fact]
    public void What_dead_processes_left_is_swept_and_what_lives_is_not()
    {
        var folder = new SpillFolder(rig.Folder);
        var dead = Path.Combine(rig.Folder, "0123");
        Directory.CreateDirectory(dead);
        File.WriteAllText(Path.Combine(dead, "1"), "left behind");
        File.WriteAllText(dead + ".lock", "");
        var batches = SpillRig.Batches(new Random(7), 3);
        using var run = rig.Spilling();
        using var buffer = Fill(batches, run, null);

        folder.Sweep();

        Assert.False(Directory.Exists(dead));
        Assert.Single(Directory.EnumerateDirectories(rig.Folder));
        Assert.Equal(SpillRig.Text(batches), SpillRig.Read(buffer.AsSource()));
    }

    private static BatchBuffer Fill(List<RecordBatch> batches, FlowRun run, RowOrder? order)
    {
        var buffer = new BatchBuffer(SpillRig.Columns, run, order);
        for (var b = 0; b < batches.Count; b++) buffer.Worker(b % run.Workers).Write(batches[b]);
        return buffer;
    }
}
