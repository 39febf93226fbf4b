using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Diagnostics;
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

    private static readonly string[] RenamedTables = ["base", "counted", "together", "seen", "latest", "versions", "per_key", "baskets"];

    /// <summary>Flows whose rows take the place of others, windows over a join, and columns that take other names while the pipeline lives.</summary>
    private static string RenamedSql(string key, string number, string time, string field) => $"""
        CREATE STREAMING TABLE base AS SELECT id AS {key}, seq AS {number}, op, a, named_struct('{field}', seq) AS s, timestamp_seconds(seq) AS {time} FROM STREAM(feed) WHERE id IS NOT NULL;
        CREATE STREAMING TABLE counted AS
          SELECT window.start AS since, count(*) AS n, max(s.{field}) AS most FROM STREAM(base) WATERMARK {time} DELAY OF INTERVAL 5 SECONDS GROUP BY window({time}, '10 seconds');
        CREATE STREAMING TABLE together AS
          SELECT window.start AS since, count(*) AS n, sum(later) AS later
          FROM (
            SELECT x.{time} AS moment, y.{number} AS later
            FROM STREAM(base) WATERMARK {time} DELAY OF INTERVAL 5 SECONDS x JOIN STREAM(base) WATERMARK {time} DELAY OF INTERVAL 5 SECONDS y
            ON x.{key} = y.{key} AND y.{time} > x.{time} AND y.{time} <= x.{time} + INTERVAL 20 SECONDS
          )
          GROUP BY window(moment, '10 seconds');
        CREATE STREAMING TABLE seen AS SELECT DISTINCT {key}, {time} FROM STREAM(base) WATERMARK {time} DELAY OF INTERVAL 5 SECONDS;
        CREATE STREAMING TABLE latest;
        CREATE FLOW latest_flow AS AUTO CDC INTO latest FROM STREAM(base) KEYS ({key}) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY {number} COLUMNS ({key}, a, s);
        CREATE STREAMING TABLE versions;
        CREATE FLOW versions_flow AS AUTO CDC INTO versions FROM STREAM(base) KEYS ({key}) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY {number} COLUMNS ({key}, a) STORED AS SCD TYPE 2;
        CREATE STREAMING TABLE per_key FLOW REPLACE WHERE {key} <> 2 BY NAME SELECT {key}, count(*) AS n, max({number}) AS last FROM base GROUP BY {key};
        CREATE STREAMING TABLE baskets;
        CREATE FLOW baskets_flow AS INSERT INTO baskets BY NAME REPLACE USING ({key}) SEQUENCE BY {number} SELECT {key}, {number}, a FROM STREAM(base);
        """;

    private static readonly string Old = RenamedSql("id", "seq", "at", "x");
    private static readonly string New = RenamedSql("code", "number", "moment", "y");

    private static readonly ChangeEvent[] First = [Event(1, 10, "p"), Event(2, 20, "q"), Event(3, 30, null), Event(2, 40, "r"), Event(4, 55, "D"), Event(1, 10, "p")];

    private static readonly ChangeEvent[] Second =
        [Event(1, 15, "late"), Event(2, 50, "D"), Event(4, 52, "too late"), Event(5, 60, "new"), Event(null, 12, "T"), Event(2, 40, "r"), Event(1, 70, "again"), Event(6, 200, "far")];

    public enum Text
    {
        First,
        Others,

        /// <summary>Columns have other names since the update before.</summary>
        Renamed,
    }

    // The second death is of the other kind: one order of the two is before and after each call already.
    [Theory]
    [InlineData(false, Text.First)]
    [InlineData(true, Text.First)]
    [InlineData(false, Text.Others)]
    [InlineData(false, Text.Renamed)]
    public void Killed_twice_in_a_row_at_any_store_call_of_an_update_every_table_ends_as_if_nothing_had_been(bool afterTheAct, Text text)
    {
        using var rig = new Rig(text);
        var calls = text == Text.First ? Enumerable.Range(1, rig.Calls) : Deaths.Among(rig.Calls);
        // Side by side: one after the other they would be the last to end of all tests.
        Parallel.ForEach(calls, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, call =>
        {
            var lake = rig.Before.Copy();
            Died.Trying(() => rig.Bench.Run(lake, new Trouble { DieAt = call, AfterTheAct = afterTheAct }));
            Died.Trying(() => rig.Bench.Run(lake, new Trouble { DieAt = rig.Calls - call + 1, AfterTheAct = !afterTheAct }));
            rig.EndsWell(lake);
        });
    }

    [Fact]
    public void Killed_at_any_store_call_before_columns_have_other_names_and_again_while_they_get_them_every_table_ends_as_if_nothing_had_been()
    {
        using var rig = new Rig(Text.Renamed);
        rig.Bench.Use(Old);
        var count = new Trouble();
        Assert.Equal(UpdateState.Completed, rig.Bench.Run(rig.Before.Copy(), count).State);
        foreach (var call in Deaths.Among(count.Calls))
        {
            var lake = rig.Before.Copy();
            rig.Bench.Use(Old);
            Died.Trying(() => rig.Bench.Run(lake, new Trouble { DieAt = call }));
            rig.Bench.Use(New);
            // Renaming comes first: the early calls.
            Died.Trying(() => rig.Bench.Run(lake, new Trouble { DieAt = 1 + (call * 7 % rig.Calls), AfterTheAct = true }));
            rig.EndsWell(lake);
        }
    }

    [Theory]
    [InlineData(Text.First)]
    [InlineData(Text.Others)]
    [InlineData(Text.Renamed)]
    public void On_a_full_disk_a_flow_fails_and_with_room_again_nothing_is_missing(Text text)
    {
        using var rig = new Rig(text);
        for (var part = 0; part < 12; part++)
        {
            var lake = rig.Before.Copy();
            try
            {
                var full = rig.Bench.Run(lake, new Trouble { Room = rig.Written * part / 12 });
                // With room for all but the event log, the tables are complete, and the update says what it could not write.
                Assert.True(full.State == UpdateState.Failed || full.Warning is not null);
                Assert.All(full.Flows, f => Assert.Null(f.Unexpected));
                Assert.All(full.Flows.Where(f => f.State == FlowState.Failed), f => Assert.Equal("LF6069", f.Error!.Code));
            }
            catch (RuntimeError noRoomToBegin) when (text == Text.Renamed)
            {
                Assert.Equal("LF6069", noRoomToBegin.Code);
            }

            rig.EndsWell(lake);
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
            if (update % Math.Max(1, updates / 10) == 0) output.WriteLine($"{update} updates: heap {GC.GetTotalMemory(forceFullCollection: true) >> 10} KiB, {InWords(lake)}");
        }

        Assert.Equal(rows, All(lake, Tables));
        var after = lake.Sizes();
        foreach (var table in before.Keys.Where(k => !k.StartsWith("_lakeflow/event_log", StringComparison.Ordinal))) Assert.Equal(before[table], after[table]);
    }

    private static string InWords(MemoryLake lake) => string.Join(", ", lake.Sizes().Where(s => s.Key.StartsWith("_lakeflow/event_log", StringComparison.Ordinal)).Select(s => $"{s.Key} {s.Value.Files} files {s.Value.Bytes >> 10} KiB"));

    private static ChangeEvent Event(int? id, int seq, string? a) =>
        new(id, seq, a is "D" or "T" ? a : "U", a is "D" or "T" ? null : a, 1, null, null, []);

    /// <summary>The rows, and what their columns are called.</summary>
    private static string All(MemoryLake lake, string[] tables) => string.Join("\n--\n", tables.Select(t => $"{string.Join(", ", lake.Table(t).Schema.Fields.Select(f => f.Name))}\n{ChangeBench.Rows(lake, t)}"));

    /// <summary>A pipeline that has run once, and what its next update makes of it undisturbed.</summary>
    private sealed class Rig : IDisposable
    {
        private readonly string[] tables;
        private readonly string clean;

        public Rig(Text text)
        {
            (var sql, tables) = text switch
            {
                Text.First => (Sql, Tables),
                Text.Others => (OtherSql, OtherTables),
                _ => (Old, RenamedTables),
            };
            Bench = new ChangeBench(sql);
            Bench.Deliver(First);
            Bench.RunWhole(Before);
            Bench.Deliver(Second);
            if (text == Text.Renamed) Bench.Use(New);
            var lake = Before.Copy();
            var count = new Trouble();
            Assert.Equal(UpdateState.Completed, Bench.Run(lake, count).State);
            foreach (var table in tables) Assert.NotEqual(ChangeBench.Rows(Before, table), ChangeBench.Rows(lake, table));
            (Calls, Written, clean) = (count.Calls, count.Written, All(lake, tables));
        }

        public ChangeBench Bench { get; }

        public MemoryLake Before { get; } = new();

        /// <summary>Store calls of the next update.</summary>
        public int Calls { get; }

        /// <summary>Bytes that it writes.</summary>
        public long Written { get; }

        /// <summary>One more update, and all is as if nothing had been.</summary>
        public void EndsWell(MemoryLake lake)
        {
            Bench.RunWhole(lake);
            Assert.Equal(clean, All(lake, tables));
        }

        public void Dispose() => Bench.Dispose();
    }
}
