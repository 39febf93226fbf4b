using System.Globalization;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Flows whose rows take the place of others: REPLACE WHERE and REPLACE USING. Language specification §1.2.</summary>
public sealed class ReplaceFlowTests : IDisposable
{
    private const string Days = "read_files('in', format => 'csv', schema => 'day DATE, region STRING, amount INT')";

    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public void Rows_that_meet_the_condition_become_those_of_the_query_and_the_others_stay(string vectors)
    {
        Where("1 = 1", vectors);
        rig.Write("in/1.csv", "2026-01-01,eu,1\n2026-01-02,eu,2\n2026-01-03,us,3\n");
        rig.Run();
        Assert.Equal("2026-01-01 eu 1, 2026-01-02 eu 2, 2026-01-03 us 3", rig.Rows("seen"));

        // The first file is gone; what the condition means is computed from what there is.
        File.Delete(Path.Combine(rig.Folder, "in/1.csv"));
        rig.Write("in/2.csv", "2026-01-02,eu,20\n2026-01-02,us,21\n2025-12-31,eu,99\n,eu,5\n");
        Where("day >= DATE'2026-01-02' AND upper(region) <> 'NOWHERE'", vectors);
        var replaced = rig.Run();
        Assert.Equal("2026-01-01 eu 1, 2026-01-02 eu 20, 2026-01-02 us 21", rig.Rows("seen"));
        Assert.Equal((2, 2), ((int)replaced.Flows.Single(f => f.Flow.Name == "days").Counts.Upserted, (int)replaced.Flows.Single(f => f.Flow.Name == "days").Counts.Deleted));
        Assert.True(rig.Run().NothingNew);

        rig.Write("in/2.csv", "2026-01-02,eu,20\n2026-01-02,us,22\n");
        rig.Run();
        Assert.Equal("2026-01-01 eu 1, 2026-01-02 eu 20, 2026-01-02 us 22", rig.Rows("seen"));
    }

    [Fact]
    public void Rules_see_the_rows_that_are_written_a_stream_of_the_table_stops_and_its_change_feed_goes_on()
    {
        const string Readers = """
            CREATE STREAMING TABLE told AS SELECT _change_type AS what, amount FROM STREAM days WITH (readChangeFeed);
            CREATE STREAMING TABLE taken AS SELECT amount FROM STREAM days WITH (skipChangeCommits);
            """;
        string Pipeline(string more) => $"""
            CREATE STREAMING TABLE days (day DATE, amount INT, CONSTRAINT few EXPECT (amount < 100) ON VIOLATION DROP ROW)
            TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')
            FLOW REPLACE WHERE day = DATE'2026-01-02' BY NAME SELECT day, amount FROM {Days};
            {more}
            """;
        rig.Sql(Pipeline(Readers));
        rig.Write("in/1.csv", "2026-01-02,eu,2\n2026-01-02,eu,200\n2026-01-01,eu,500\n");
        var first = rig.Run();
        Assert.Equal(1, first.Flows.Single(f => f.Flow.Name == "days").Counts.Expectations.Sum(e => e.Failed));
        rig.Write("in/2.csv", "2026-01-02,us,3\n");
        rig.Run();
        Assert.Equal(("2, 3", "delete 2, insert 2, insert 2, insert 3", "2"), (string.Join(", ", rig.Rows("days").Split(", ").Select(r => r.Split(' ')[^1])), rig.Rows("told"), rig.Rows("taken")));

        rig.Sql(Pipeline("CREATE STREAMING TABLE plain AS SELECT amount FROM STREAM days;"));
        Assert.Contains(rig.Open().Prepare().Diagnostics, d => d.Code == "LF3033");
        rig.Run();
        rig.Write("in/3.csv", "2026-01-02,us,4\n");
        Assert.Equal("LF5053", rig.Fail().Code);
    }

    [Fact]
    public void A_part_may_be_computed_anew_beside_a_flow_that_appends()
    {
        rig.Write("live/1.csv", "2026-01-01,eu,1\n2026-01-02,eu,2\n");
        rig.Write("in/1.csv", "2026-01-02,eu,20\n2026-01-01,eu,10\n");
        var live = Days.Replace("'in'", "'live'", StringComparison.Ordinal);
        rig.Sql($"CREATE STREAMING TABLE days AS SELECT * FROM STREAM {live}; CREATE MATERIALIZED VIEW seen AS SELECT CAST(day AS STRING) AS day, amount FROM days;");
        rig.Run();
        rig.Sql($"""
            CREATE STREAMING TABLE days FLOW REPLACE WHERE day = DATE'2026-01-02' BY NAME SELECT * FROM {Days};
            CREATE FLOW live AS INSERT INTO days BY NAME SELECT * FROM STREAM {live} WHERE day > DATE'2026-01-02';
            CREATE MATERIALIZED VIEW seen AS SELECT CAST(day AS STRING) AS day, amount FROM days;
            """);
        rig.Run();
        rig.Write("live/2.csv", "2026-01-03,eu,3\n");
        rig.Run();
        Assert.Equal("2026-01-01 1, 2026-01-02 20, 2026-01-03 3", rig.Rows("seen"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_each_key_the_set_with_the_highest_sequence_is_there_in_whatever_order_and_parts_the_sets_come(int seed)
    {
        var random = new Random(seed);
        var rows = (from key in Enumerable.Range(0, 4)
                    from sequence in Enumerable.Range(0, 4)
                    from line in Enumerable.Range(0, random.Next(1, 4))
                    select (Key: key, Sequence: sequence, Line: line)).ToArray();
        var expected = string.Join(", ", rows.GroupBy(r => r.Key).SelectMany(k => k.Where(r => r.Sequence == k.Max(m => m.Sequence)))
            .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} k{r.Key} {r.Sequence} {r.Line}")).Order(StringComparer.Ordinal));
        random.Shuffle(rows);
        rig.Sql("""
            CREATE STREAMING TABLE sets;
            CREATE FLOW f AS INSERT INTO sets BY NAME REPLACE USING (id, name) SEQUENCE BY seq
              SELECT id, concat('k', id) AS name, seq, line FROM STREAM read_files('in', format => 'csv', schema => 'id INT, seq INT, line INT', maxFilesPerTrigger => 1);
            """);
        var at = 0;
        for (var file = 0; at < rows.Length; file++)
        {
            var part = rows.Skip(at).Take(random.Next(1, 8)).ToList();
            at += part.Count;
            rig.Write(string.Create(CultureInfo.InvariantCulture, $"in/{file:00}.csv"), string.Concat(part.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key},{r.Sequence},{r.Line}\n"))));
            if (random.Next(3) == 0) rig.Run();
        }

        rig.Run();
        Assert.Equal(expected, rig.Rows("sets"));
        Assert.True(rig.Run().NothingNew);
    }

    [Theory]
    [InlineData("CREATE STREAMING TABLE t FLOW REPLACE WHERE nope > 1 BY NAME SELECT * FROM {0}", "LF2001")]
    [InlineData("CREATE STREAMING TABLE t FLOW REPLACE WHERE amount BY NAME SELECT * FROM {0}", "LF2014")]
    [InlineData("CREATE STREAMING TABLE t FLOW REPLACE WHERE amount > 1 BY NAME SELECT * FROM STREAM {0}", "LF3007")]
    [InlineData("CREATE TABLE t FLOW REPLACE WHERE amount > 1 BY NAME SELECT * FROM {0}", "LF1012")]
    [InlineData("CREATE TABLE t (region STRING, day DATE); CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USING (region) SEQUENCE BY day SELECT day, region FROM STREAM {0}", "LF3039")]
    [InlineData("CREATE STREAMING TABLE t; CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USING (nope) SEQUENCE BY day SELECT * FROM STREAM {0}", "LF2051")]
    [InlineData("CREATE STREAMING TABLE t; CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USING (region) SEQUENCE BY day + 1 SELECT * FROM STREAM {0}", "LF2054")]
    [InlineData("CREATE STREAMING TABLE t; CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USING (region) SEQUENCE BY day SELECT * FROM {0}", "LF3008")]
    public void What_makes_no_sense_is_refused_where_it_stands(string sql, string code)
    {
        rig.Write("in/1.csv", "2026-01-02,eu,2\n");
        rig.Sql(string.Format(CultureInfo.InvariantCulture, sql, Days) + ";");
        var errors = rig.Open().Prepare().Diagnostics.Where(d => d.IsError).ToList();
        Assert.Equal(code, Assert.Single(errors).Code);
        Assert.False(errors[0].At.IsNone);
    }

    private void Where(string condition, string vectors) => rig.Sql($"""
        CREATE STREAMING TABLE days TBLPROPERTIES ('delta.enableDeletionVectors' = '{vectors}') FLOW REPLACE WHERE {condition} BY NAME SELECT * FROM {Days};
        CREATE MATERIALIZED VIEW seen AS SELECT CAST(day AS STRING) AS day, region, amount FROM days;
        """);
}
