using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;
using Xunit.Abstractions;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>One pipeline with every kind of flow that remembers something, fed late and repeated events.</summary>
public sealed class KillAnywhereTests(ITestOutputHelper output)
{
    /// <summary>All tables, those of <see cref="Sql"/>. A table with a kind of state that is not among them belongs here.</summary>
    private static readonly string[] Tables = ["arrived", "newer", "named", "latest", "patched", "versions", "summary", "counted", "visits", "followed"];

    private static readonly string Sql = $"""
        CREATE STREAMING TABLE arrived AS SELECT id, seq, op, a FROM STREAM(feed);
        CREATE STREAMING TABLE newer (CONSTRAINT known EXPECT (id IS NOT NULL) ON VIOLATION DROP ROW) AS SELECT * FROM STREAM(arrived) WHERE seq > 30;
        CREATE STREAMING TABLE named AS
          SELECT r.seq, c.name FROM STREAM(arrived) r JOIN VALUES (1, 'one'), (2, 'two'), (5, 'five') AS c(id, name) ON r.id = c.id;
        {ChangeBench.Flow("latest", "feed", "APPLY AS TRUNCATE WHEN op = 'T'", "SEQUENCE BY seq", "STORED AS SCD TYPE 1")}
        {ChangeBench.Flow("patched", "feed", "IGNORE NULL UPDATES APPLY AS TRUNCATE WHEN op = 'T'", "SEQUENCE BY seq", "")}
        {ChangeBench.Flow("versions", "events", "", "SEQUENCE BY STRUCT(major, minor)", "STORED AS SCD TYPE 2")}
        CREATE TEMPORARY VIEW timed AS SELECT id, timestamp_seconds(seq) AS at FROM STREAM(feed);
        CREATE STREAMING TABLE counted AS
          SELECT window.start, count(*) AS n FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 5 SECONDS GROUP BY window(at, '10 seconds');
        CREATE STREAMING TABLE visits AS
          SELECT id, session_window.end, count(*) AS n FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 5 SECONDS GROUP BY id, session_window(at, '6 seconds');
        CREATE STREAMING TABLE followed AS
          SELECT a.id, a.at, b.at AS next
          FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 5 SECONDS a
          LEFT JOIN STREAM(timed) WATERMARK at DELAY OF INTERVAL 5 SECONDS b ON a.id = b.id AND b.at > a.at AND b.at <= a.at + INTERVAL 20 SECONDS;
        CREATE MATERIALIZED VIEW summary AS
          SELECT l.id, l.a, count(*) AS versions, max(n.seq) AS last
          FROM latest l JOIN versions v ON v.id = l.id LEFT JOIN newer n ON n.id = l.id GROUP BY l.id, l.a;
        """;

    private static readonly string[] OtherTables = ["latest", "shared", "seen", "names", "mirror", "mirrored"];

    /// <summary>What is not in <see cref="Sql"/>, in a pipeline of its own: twice as many flows die at twice as many places, each four times as long.</summary>
    private static readonly string OtherSql = $"""
        {ChangeBench.Flow("latest", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 1")}
        CREATE TEMPORARY VIEW timed AS SELECT id, timestamp_seconds(seq) AS at FROM STREAM(feed);
        CREATE MATERIALIZED VIEW names AS SELECT id, a FROM latest;
        CREATE STREAMING TABLE shared;
        CREATE FLOW shared_before AS AUTO CDC ONCE INTO shared FROM VALUES (1, -1, 'zero'), (9, -1, 'only once') AS v(id, seq, a) KEYS (id) SEQUENCE BY seq COLUMNS (id, a);
        CREATE FLOW shared_live AS AUTO CDC INTO shared FROM STREAM(events) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, a);
        CREATE STREAMING TABLE seen AS SELECT DISTINCT id, at FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 5 SECONDS;
        CREATE STREAMING TABLE mirror TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true');
        CREATE FLOW mirror_flow AS AUTO CDC FROM SNAPSHOT INTO mirror FROM names KEYS (id);
        CREATE TEMPORARY VIEW mirror_changes AS SELECT * FROM STREAM mirror WITH (readChangeFeed = true) WHERE _change_type <> 'update_preimage';
        CREATE STREAMING TABLE mirrored;
        CREATE FLOW mirrored_flow AS AUTO CDC INTO mirrored FROM STREAM(mirror_changes) KEYS (id)
          APPLY AS DELETE WHEN _change_type = 'delete' SEQUENCE BY STRUCT(_commit_version, _change_type <> 'delete') COLUMNS (id, a);
        """;

    private static readonly ChangeEvent[] First = [Event(1, 10, "p"), Event(2, 20, "q"), Event(3, 30, null), Event(2, 40, "r"), Event(4, 55, "D"), Event(1, 10, "p")];

    private static readonly ChangeEvent[] Second =
        [Event(1, 15, "late"), Event(2, 50, "D"), Event(4, 52, "too late"), Event(5, 60, "new"), Event(null, 12, "T"), Event(2, 40, "r"), Event(1, 70, "again")];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Killed_twice_in_a_row_at_any_store_call_of_an_update_every_table_ends_as_if_nothing_had_been(bool afterTheAct, bool others)
    {
        using var bench = new ChangeBench(others ? OtherSql : Sql);
        var tables = others ? OtherTables : Tables;
        var before = new MemoryLake();
        bench.Deliver(First);
        bench.RunWhole(before);
        bench.Deliver(Second);
        var clean = before.Copy();
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(clean, count).State);
        foreach (var table in tables) Assert.NotEqual(ChangeBench.Rows(before, table), ChangeBench.Rows(clean, table));

        for (var call = 1; call <= count.Calls; call++)
        {
            var lake = before.Copy();
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = call, AfterTheAct = afterTheAct }));
            Died.Trying(() => bench.Run(lake, new Trouble { DieAt = count.Calls - call + 1, AfterTheAct = !afterTheAct }));
            bench.RunWhole(lake);
            Assert.Equal(All(clean, tables), All(lake, tables));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void On_a_full_disk_a_flow_fails_and_with_room_again_nothing_is_missing(bool others)
    {
        using var bench = new ChangeBench(others ? OtherSql : Sql);
        var tables = others ? OtherTables : Tables;
        var before = new MemoryLake();
        bench.Deliver(First);
        bench.RunWhole(before);
        bench.Deliver(Second);
        var clean = before.Copy();
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, bench.Run(clean, count).State);

        for (var part = 0; part < 12; part++)
        {
            var lake = before.Copy();
            var full = bench.Run(lake, new Trouble { Room = count.Written * part / 12 });
            // With room for all but the event log, the tables are complete, and the update says what it could not write.
            Assert.True(full.State == UpdateState.Failed || full.Warning is not null);
            Assert.All(full.Flows, f => Assert.Null(f.Unexpected));
            Assert.All(full.Flows.Where(f => f.State == FlowState.Failed), f => Assert.Equal("LF6069", f.Error!.Code));
            bench.RunWhole(lake);
            Assert.Equal(All(clean, tables), All(lake, tables));
        }
    }

    [Fact]
    public void Updates_without_anything_new_leave_the_tables_and_their_logs_as_they_are()
    {
        var updates = int.Parse(Environment.GetEnvironmentVariable("LAKEFLOW_EMPTY_UPDATES") ?? "150", System.Globalization.CultureInfo.InvariantCulture);
        using var bench = new ChangeBench(Sql);
        var lake = new MemoryLake();
        bench.Deliver(First);
        bench.RunWhole(lake);
        var rows = All(lake, Tables);
        var before = lake.Sizes();

        for (var update = 1; update <= updates; update++)
        {
            bench.RunWhole(lake);
            if (update % Math.Max(1, updates / 10) == 0) output.WriteLine($"{update} updates: heap {GC.GetTotalMemory(forceFullCollection: true) >> 10} KiB, {Text(lake)}");
        }

        Assert.Equal(rows, All(lake, Tables));
        var after = lake.Sizes();
        foreach (var table in before.Keys.Where(k => !k.StartsWith("_lakeflow/event_log", StringComparison.Ordinal))) Assert.Equal(before[table], after[table]);
    }

    private static string Text(MemoryLake lake) => string.Join(", ", lake.Sizes().Where(s => s.Key.StartsWith("_lakeflow/event_log", StringComparison.Ordinal)).Select(s => $"{s.Key} {s.Value.Files} files {s.Value.Bytes >> 10} KiB"));

    private static ChangeEvent Event(int? id, int seq, string? a) =>
        new(id, seq, a is "D" or "T" ? a : "U", a is "D" or "T" ? null : a, 1, null, null, []);

    private static string All(MemoryLake lake, string[] tables) => string.Join("\n--\n", tables.Select(t => ChangeBench.Rows(lake, t)));
}
