using Lakeflow.Delta;
using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>What is kept beside a history: only what its versions do not tell, and of that for a time what only late events need.</summary>
public sealed class HistoryStateTests : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ChangeBench bench = new("""
        CREATE STREAMING TABLE h TBLPROPERTIES ('pipelines.cdc.tombstoneGCThresholdInSeconds' = '3600');
        CREATE FLOW f AS AUTO CDC INTO h FROM STREAM(feed)
          KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, a, b) STORED AS SCD TYPE 2 TRACK HISTORY ON (a);
        """);

    private readonly MemoryLake lake = new();
    private readonly Clock clock = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Versions_that_one_event_made_need_no_state()
    {
        Deliver(Upsert(1, 1, "p"), Upsert(1, 2, "q"), Delete(1, 3), Upsert(1, 5, "p"), Upsert(2, 1, "p"));
        Assert.Empty(State());
        Deliver(Upsert(1, 4, "r"), Upsert(2, 7, "s"));
        Assert.Empty(State());
        Assert.Equal("[1, p, 0, 1, 2]\n[1, p, 0, 5, NULL]\n[1, q, 0, 2, 3]\n[1, r, 0, 4, 5]\n[2, p, 0, 1, 7]\n[2, s, 0, 7, NULL]", ChangeBench.Rows(lake, "h"));
    }

    [Fact]
    public void Events_inside_a_run_and_deletes_of_nothing_are_kept_for_their_time_and_the_ends_of_a_run_for_good()
    {
        Deliver(Upsert(1, 10, "p", 1), Upsert(1, 20, "p", 2), Upsert(1, 30, "p", 3), Upsert(1, 40, "p", 4), Delete(2, 20));
        Assert.Equal("1 10, 1 20, 1 30, 1 40, 2 20", Events());

        clock.Now += Kept / 2;
        Deliver(Upsert(3, 1, "p"));
        Assert.Equal("1 10, 1 20, 1 30, 1 40, 2 20", Events());
        // A late event splits the run where the events in it say.
        Assert.Equal("1 p 2", Split(25));

        clock.Now += Kept;
        Deliver(Upsert(3, 2, "q"));
        Assert.Equal("1 10, 1 40", Events());
        Deliver(Upsert(2, 10, "late"));
        Assert.Contains("[2, late, 0, 10, NULL]", ChangeBench.Rows(lake, "h"), StringComparison.Ordinal);
    }

    /// <summary>T11 of the language specification §3.5.</summary>
    [Fact]
    public void A_column_of_noise_makes_a_version_of_each_event_unless_it_is_not_tracked()
    {
        using var noisy = new ChangeBench("""
            CREATE STREAMING TABLE h FLOW AUTO CDC FROM STREAM(feed) KEYS (id) SEQUENCE BY seq COLUMNS (id, a, b) STORED AS SCD TYPE 2;
            CREATE STREAMING TABLE quiet FLOW AUTO CDC FROM STREAM(feed) KEYS (id) SEQUENCE BY seq COLUMNS (id, a, b) STORED AS SCD TYPE 2 TRACK HISTORY ON * EXCEPT (b);
            """);
        DeliverTo(noisy, [.. Enumerable.Range(1, 51).Select(n => Upsert(1, n, "p", n))]);
        Assert.Equal(51, ChangeBench.RowsOf(lake.Table("h")).Count());
        Assert.Equal("[1, p, 51, 1, NULL]", ChangeBench.Rows(lake, "quiet"));
    }

    [Fact]
    public void A_run_without_its_inner_events_is_split_where_its_ends_say()
    {
        Deliver(Upsert(1, 10, "p", 1), Upsert(1, 20, "p", 2), Upsert(1, 40, "p", 4));
        clock.Now += Kept * 2;
        Deliver(Upsert(3, 1, "p"));
        Assert.Equal("1 10, 1 40", Events());
        Deliver(Upsert(1, 30, "x", 3));
        Assert.Equal("[1, p, 1, 10, 30]\n[1, p, 4, 40, NULL]\n[1, x, 3, 30, 40]\n[3, p, 0, 1, NULL]", ChangeBench.Rows(lake, "h"));
    }

    [Fact]
    public void A_small_change_reads_the_files_that_may_hold_its_keys_and_says_what_it_read()
    {
        for (var part = 0; part < 10; part++) Deliver([.. Enumerable.Range(part * 100, 100).Select(id => Upsert(id, 1, "p"))]);
        var table = lake.Table("h");
        Assert.Equal(10, table.Files.Length); // one a step: so few rows are one worker's
        var counts = Deliver(Upsert(405, 2, "q"), Upsert(406, 2, "q")).Flows[0].Counts;
        Assert.Equal((1, 4), (counts.SearchedFiles, counts.Upserted));
        Assert.InRange(counts.SearchedBytes, 1, table.ByteSize / 4); // of the one file the footer as well
    }

    [Fact]
    public void A_delete_of_type_1_is_remembered_for_its_time_and_then_what_is_older_than_it_brings_the_row_back()
    {
        using var latest = new ChangeBench("""
            CREATE STREAMING TABLE h TBLPROPERTIES ('pipelines.cdc.tombstoneGCThresholdInSeconds' = '3600');
            CREATE FLOW f AS AUTO CDC INTO h FROM STREAM(feed) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, a);
            """);
        DeliverTo(latest, Upsert(1, 10, "p"), Delete(1, 20), Delete(2, 20), Upsert(3, 1, "x"));
        clock.Now += Kept * 0.9;
        DeliverTo(latest, Upsert(1, 19, "late"), Upsert(2, 19, "late"));
        Assert.Equal("[3, x]", ChangeBench.Rows(lake, "h"));
        Assert.Equal("1 20, 2 20, 3 1", Events());

        // The step that forgets still knows.
        clock.Now += Kept;
        DeliverTo(latest, Upsert(1, 19, "late"));
        Assert.Equal("[3, x]", ChangeBench.Rows(lake, "h"));
        DeliverTo(latest, Upsert(2, 19, "late"));
        Assert.Equal("[2, late]\n[3, x]", ChangeBench.Rows(lake, "h"));
        Assert.Equal("2 19, 3 1", Events());
    }

    private void DeliverTo(ChangeBench to, params ChangeEvent[] events)
    {
        to.Deliver(events);
        to.RunWhole(lake, clock);
    }

    private UpdateResult Deliver(params ChangeEvent[] events)
    {
        bench.Deliver(events);
        return bench.RunWhole(lake, clock);
    }

    /// <summary>In a copy: the version before an event that comes late.</summary>
    private string Split(int seq)
    {
        var copy = lake.Copy();
        bench.Deliver([Upsert(1, seq, "x")]);
        bench.RunWhole(copy, clock);
        bench.Clear();
        var before = ChangeBench.RowsOf(copy.Table("h")).Where(r => (int)r[0]! == 1).OrderBy(r => (int)r[3]!).First();
        return $"{before[0]} {before[1]} {before[2]}";
    }

    private string Events() => string.Join(", ", State().Select(r => $"{r[0]} {r[1]}").Order(StringComparer.Ordinal));

    private IEnumerable<object?[]> State()
    {
        var record = FlowRecord.Parse(lake.Table("h").Domains[FlowRecord.DomainPrefix + "f"]);
        return record.State.Where(s => s.Key.EndsWith("/changes", StringComparison.Ordinal)).SelectMany(s => ChangeBench.RowsOf(Snapshot.Open(lake.Open(new Trouble()).State(s.Key), s.Value)));
    }

    private static ChangeEvent Upsert(int id, int seq, string a, int b = 0) => new(id, seq, "U", a, b, null, null, []);

    private static ChangeEvent Delete(int id, int seq) => new(id, seq, "D", null, null, null, null, []);
}
