using System.Globalization;
using Lakeflow.Pipelines.Tests.Streams;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>The change feed of AUTO CDC targets: what it tells, one after another, comes to the table.</summary>
public sealed class ChangeFeedLawTests : IDisposable
{
    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_row_that_changes_is_an_update_and_one_that_comes_or_goes_an_insert_or_a_delete()
    {
        Write("STORED AS SCD TYPE 1", "true");
        rig.Write("in/1.csv", "1,a,1,\n2,b,1,\n3,c,1,\n");
        rig.Run();
        rig.Write("in/2.csv", "1,A,2,\n3,,2,d\n4,e,2,\n2,old,0,\n");
        rig.Run();
        Assert.Equal(
            "delete 3 c 2, insert 1 a 1, insert 2 b 1, insert 3 c 1, insert 4 e 2, update_postimage 1 A 2, update_preimage 1 a 2", rig.Rows("told"));
    }

    [Fact]
    public void In_a_history_the_end_of_a_version_is_its_update_and_the_next_version_an_insert()
    {
        Write("STORED AS SCD TYPE 2", "true", ", __START_AT AS s, __END_AT AS e");
        rig.Write("in/1.csv", "1,a,1,\n2,b,1,\n");
        rig.Run();
        // A version that ends, one that ends for good, and one that comes in between of two.
        rig.Write("in/2.csv", "1,A,5,\n2,,2,d\n");
        rig.Run();
        rig.Write("in/3.csv", "1,z,3,\n");
        rig.Run();
        Assert.Equal(
            "insert 1 A 2 5 NULL, insert 1 a 1 1 NULL, insert 1 z 3 3 5, insert 2 b 1 1 NULL, "
            + "update_postimage 1 a 2 1 5, update_postimage 1 a 3 1 3, update_postimage 2 b 2 1 2, "
            + "update_preimage 1 a 2 1 NULL, update_preimage 1 a 3 1 5, update_preimage 2 b 2 1 NULL", rig.Rows("told"));
    }

    [Theory]
    [InlineData("STORED AS SCD TYPE 1", "true", "", 1)]
    [InlineData("STORED AS SCD TYPE 1", "false", "", 2)]
    [InlineData("IGNORE NULL UPDATES STORED AS SCD TYPE 1", "true", "", 3)]
    [InlineData("STORED AS SCD TYPE 2", "true", ", __START_AT AS s, __END_AT AS e", 4)]
    [InlineData("STORED AS SCD TYPE 2", "false", ", __START_AT AS s, __END_AT AS e", 5)]
    [InlineData("STORED AS SCD TYPE 2 TRACK HISTORY ON (v)", "true", ", __START_AT AS s, __END_AT AS e", 6)]
    public void The_feed_played_from_the_start_is_the_table_and_a_stream_of_it_gives_it_once(string stored, string vectors, string history, int seed)
    {
        var random = new Random(seed);
        Write(stored, vectors, history);
        var sequence = 0;
        for (var step = 0; step < 6; step++)
        {
            var events = Enumerable.Range(0, 12).Select(_ => (Key: random.Next(5), At: random.Next(4) == 0 ? random.Next(sequence + 1) : ++sequence))
                .DistinctBy(e => (e.Key, e.At))
                .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key},{(random.Next(3) == 0 ? "" : ((char)('a' + random.Next(3))).ToString())},{e.At},{(random.Next(5) == 0 ? "d" : "")}"));
            rig.Write(string.Create(CultureInfo.InvariantCulture, $"in/{step}.csv"), string.Join('\n', events) + "\n");
            rig.Run(step % 2 == 0 ? null : new() { Refresh = ["t"] });
        }

        rig.Run();
        Assert.Equal(rig.Rows("changes"), rig.Rows("told"));
        Assert.Equal(rig.Rows("now"), Played(rig.Rows("changes")));
        Assert.True(rig.Run().NothingNew);
    }

    /// <summary>The rows that are left when changes are carried out version by version, those that take rows away first.</summary>
    private static string Played(string changes)
    {
        var rows = new List<string>();
        foreach (var change in changes.Split(", ").Select(c => c.Split(' ')).OrderBy(c => int.Parse(c[3], CultureInfo.InvariantCulture)).ThenBy(c => c[0] is "delete" or "update_preimage" ? 0 : 1))
        {
            var row = string.Join(' ', change.Where((_, i) => i is not (0 or 3)));
            if (change[0] is "delete" or "update_preimage") Assert.True(rows.Remove(row), $"{string.Join(' ', change)} takes a row away that is not there");
            else rows.Add(row);
        }

        return string.Join(", ", rows.Order(StringComparer.Ordinal));
    }

    private void Write(string stored, string vectors, string history = "") => rig.Sql($"""
        CREATE TEMPORARY VIEW feed AS SELECT * FROM STREAM read_files('in', format => 'csv', schema => 'id INT, v STRING, seq INT, op STRING');
        CREATE STREAMING TABLE t TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = '{vectors}');
        CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(feed) KEYS (id) APPLY AS DELETE WHEN op = 'd' SEQUENCE BY seq COLUMNS (id, v) {stored};
        CREATE STREAMING TABLE told AS SELECT _change_type AS what, id, v, _commit_version AS version{history} FROM STREAM t WITH (readChangeFeed, startingVersion = 0, maxFilesPerTrigger = 1);
        CREATE MATERIALIZED VIEW changes AS SELECT _change_type AS what, id, v, _commit_version AS version{history} FROM table_changes('t', 0);
        CREATE MATERIALIZED VIEW now AS SELECT id, v{history} FROM t;
        """);
}
