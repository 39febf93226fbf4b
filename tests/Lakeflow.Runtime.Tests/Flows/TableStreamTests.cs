using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.State;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>A table <c>t</c> made by hand, and a streaming table <c>u</c> that reads it.</summary>
public class TableStreamTests
{
    [Fact]
    public void A_commit_that_takes_rows_away_stops_the_stream_and_is_named()
    {
        var rig = new Rig();
        Append(rig, 1);
        rig.Run(Stream());
        Delete(rig);
        Append(rig, 2);

        var stopped = rig.Run(Stream()).Flows[0];

        Assert.Equal(("LF5053", "DELTA_SOURCE_TABLE_IGNORE_CHANGES"), (stopped.Error!.Code, stopped.Error.ErrorClass));
        Assert.Contains("version 2 (DELETE)", stopped.Error.Message, StringComparison.Ordinal);
        Assert.Equal("1 p", rig.Rows("u"));
    }

    [Fact]
    public void Commits_that_change_rows_can_be_passed_over_with_all_that_they_add()
    {
        var rig = new Rig();
        Append(rig, 1);
        rig.Run(Stream());
        Replace(rig, 10);
        Append(rig, 2);

        rig.Run(Stream(("skipchangecommits", "true")));

        Assert.Equal("1 p, 2 p", rig.Rows("u"));
        Assert.True(rig.Run(Stream(("skipchangecommits", "true"))).NothingNew);
    }

    [Fact]
    public void A_large_first_snapshot_comes_in_steps_and_the_position_says_how_far_it_is()
    {
        var rig = new Rig();
        for (var i = 0; i < 5; i++) Append(rig, i);
        // After the first step another commit comes: the snapshot that was begun is read to its end first.
        var steps = 0;
        var result = rig.Run(Stream(("maxfilespertrigger", "2")), code: flow => new Before(flow, () =>
        {
            if (steps++ == 0) Append(rig, 100);
        }));

        Assert.Equal(UpdateState.Completed, result.State);
        Assert.Equal("0 p, 1 p, 100 p, 2 p, 3 p, 4 p", rig.Rows("u"));
        Assert.Equal(3, rig.Record("u").Step);
        var positions = LogTail.Read(rig.Snapshot("u").Store, 1)
            .Select(c => FlowRecord.Parse(c.Domains[FlowRecord.DomainPrefix + "u"]!).ReadTo["table main.shop.t"])
            .Select(TablePosition.Parse).Select(p => (p.Version, p.NextFile, p.InSnapshot));
        Assert.Equal([(5, 2, true), (5, 4, true), (6, -1, false)], positions);
    }

    [Fact]
    public void A_snapshot_whose_version_is_gone_before_it_is_read_to_its_end_is_a_gap()
    {
        var rig = new Rig();
        for (var i = 0; i < 3; i++) Append(rig, i);
        var steps = 0;
        rig.Run(Stream(("maxfilespertrigger", "1")), code: flow => new Before(flow, () =>
        {
            if (steps++ == 1) throw new Runtime.Diagnostics.RuntimeError("LF5001", "stop here");
        }));
        var before = rig.Rows("u");
        Assert.Equal(1, rig.Record("u").Step);
        for (var i = 3; i < 15; i++) Append(rig, i);
        // The log is cleaned up to its checkpoint: version 3, which the stream is in, can no longer be read.
        for (var version = 0; version < 10; version++) rig.Snapshot("t").Store.Delete($"_delta_log/{version:D20}.json");

        Assert.Equal("LF5055", rig.Run(Stream(("maxfilespertrigger", "1"))).Flows[0].Error!.Code);
        Assert.Equal(before, rig.Rows("u"));
    }

    [Fact]
    public void Bytes_bound_a_step_and_a_step_takes_at_least_one_file()
    {
        var rig = new Rig();
        for (var i = 0; i < 3; i++) Append(rig, i);

        Assert.Equal(3, rig.Run(Stream(("maxbytespertrigger", "1"))).Flows[0].Steps);
        Assert.Equal("0 p, 1 p, 2 p", rig.Rows("u"));
    }

    [Theory]
    [InlineData("2", "1 p, 2 p")]
    [InlineData("3", "2 p")]
    [InlineData("4", "")]
    public void A_stream_may_begin_with_a_version(string version, string rows)
    {
        var rig = new Rig();
        for (var i = 0; i < 3; i++) Append(rig, i);

        Assert.Equal(UpdateState.Completed, rig.Run(Stream(("startingversion", version))).State);

        Assert.Equal(rows, rig.Rows("u"));
    }

    [Fact]
    public void A_stream_from_now_on_keeps_its_place_before_there_are_rows()
    {
        var rig = new Rig();
        Append(rig, 1);
        rig.Run(Stream(("startingversion", "latest")));
        Append(rig, 2);

        rig.Run(Stream(("startingversion", "latest")));

        Assert.Equal("2 p", rig.Rows("u"));
    }

    [Fact]
    public void A_stream_may_begin_at_a_time()
    {
        var rig = new Rig();
        Append(rig, 1);
        rig.Time.Advance(TimeSpan.FromHours(1));
        var noon = rig.Time.GetUtcNow();
        // Times of versions are whole milliseconds.
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Append(rig, 2);
        var micros = ((noon.UtcTicks - DateTime.UnixEpoch.Ticks) / 10).ToString(System.Globalization.CultureInfo.InvariantCulture);

        rig.Run(Stream(("startingtimestamp", micros)));

        Assert.Equal("2 p", rig.Rows("u"));
    }

    [Theory]
    [InlineData("startingversion", "9")]
    [InlineData("startingtimestamp", "9000000000000000")]
    public void A_place_to_begin_that_has_not_come_yet_is_an_error(string option, string value)
    {
        var rig = new Rig();
        Append(rig, 1);

        Assert.Equal("LF5064", rig.Run(Stream((option, value))).Flows[0].Error!.Code);
    }

    [Fact]
    public void A_table_made_anew_under_the_same_name_is_another_stream()
    {
        var rig = new Rig();
        Append(rig, 1);
        rig.Run(Stream());
        var store = rig.Snapshot("t").Store;
        foreach (var file in store.List("").ToList()) store.Delete(file.Path);
        Append(rig, 2);

        var error = rig.Run(Stream()).Flows[0].Error!;

        Assert.Equal(("LF5054", "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE"), (error.Code, error.ErrorClass));
    }

    [Fact]
    public void A_commit_that_was_cleaned_up_before_it_was_read_is_a_gap()
    {
        var rig = new Rig();
        Append(rig, 0);
        rig.Run(Stream());
        for (var i = 1; i < 15; i++) Append(rig, i);
        rig.Snapshot("t").Store.Delete("_delta_log/00000000000000000002.json");

        var error = rig.Run(Stream()).Flows[0].Error!;

        Assert.Equal("LF5055", error.Code);
        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);
        Assert.Equal("0 p", rig.Rows("u"));
    }

    [Fact]
    public void A_data_file_that_was_vacuumed_before_it_was_read_fails_the_step_and_loses_nothing_in_silence()
    {
        var rig = new Rig();
        Append(rig, 0);
        rig.Run(Stream());
        var read = rig.Snapshot("t").Files.Select(f => f.Path).ToList();
        Append(rig, 1);
        var source = rig.Snapshot("t");
        source.Store.Delete(source.Files.Single(f => !read.Contains(f.Path)).Path);

        Assert.Equal("LF6060", rig.Run(Stream()).Flows[0].Error!.Code);
        Assert.Equal("0 p", rig.Rows("u"));
    }

    [Fact]
    public void Compaction_is_no_change_of_rows()
    {
        var rig = new Rig();
        Append(rig, 0);
        Append(rig, 1);
        rig.Run(Stream());
        var compact = Transaction.Begin(rig.Snapshot("t"), rig.Time);
        foreach (var file in compact.Read!.Files) compact.Remove(file, dataChange: false);
        compact.Add(Rows(compact, 0, 1).Select(f => f with { DataChange = false }));
        compact.Commit("OPTIMIZE");
        Append(rig, 2);

        rig.Run(Stream());

        Assert.Equal("0 p, 1 p, 2 p", rig.Rows("u"));
    }

    internal static PipelineInfo Stream(params (string, string)[] options) => new("test", [Rig.Table("u")],
    [
        Rig.Flow("u", "u", FlowKind.Append, Rig.From("t", streaming: true) with
        {
            Options = options.ToImmutableSortedDictionary(o => o.Item1, o => o.Item2),
        }),
    ]);

    internal static void Append(Rig rig, params ReadOnlySpan<long> numbers)
    {
        var store = rig.Lakehouse.Table(Rig.Name("t"));
        if (!Snapshot.TryOpen(store, out _)) Transaction.Create(store, new TableDefinition(MemoryFiles.Columns), rig.Time).Commit("CREATE TABLE");
        var transaction = Transaction.Begin(Snapshot.Open(store), rig.Time);
        transaction.Add(Rows(transaction, numbers));
        transaction.Commit("WRITE");
    }

    private static void Delete(Rig rig)
    {
        var transaction = Transaction.Begin(rig.Snapshot("t"), rig.Time);
        transaction.RemoveAll();
        transaction.Commit("DELETE");
    }

    private static void Replace(Rig rig, long number)
    {
        var transaction = Transaction.Begin(rig.Snapshot("t"), rig.Time);
        transaction.RemoveAll();
        transaction.Add(Rows(transaction, number));
        transaction.Commit("MERGE");
    }

    private static ImmutableArray<AddFile> Rows(Transaction transaction, params ReadOnlySpan<long> numbers)
    {
        var (x, y) = (ArrayBuilder.Create(DataType.Int64), ArrayBuilder.Create(DataType.String));
        foreach (var number in numbers)
        {
            x.AppendValue(number);
            y.AppendValue("p");
        }

        using var rows = new RecordBatch(MemoryFiles.Columns, [x.Build(), y.Build()], numbers.Length);
        using var writer = transaction.OpenWriter();
        writer.Write(rows);
        return [.. writer.Finish()];
    }

    /// <summary>Does something before (or after) the rows of a step are copied.</summary>
    private sealed class Before(FlowInfo info, Action act, bool late = false) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run)
        {
            if (!late) act();
            new RowFlow(info).Run(run);
            if (late) act();
        }
    }
}
