using System.Globalization;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Columns of a running streaming table that take another name: no row is read again, no file is written again.</summary>
public sealed class RenamedColumnTests : IDisposable
{
    private const string Files = "STREAM read_files('in', format => 'csv', schema => 'a INT, b INT, c STRING')";

    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_column_whose_alias_changes_keeps_its_values_and_streams_and_views_of_the_table_follow()
    {
        rig.Write("in/1.csv", "1,10,x\n2,20,y\n");
        Pipeline("a AS id, b + 1 AS gross", "id, gross");
        rig.Run();
        var files = rig.Table("t").Files.Select(f => f.Path).ToList();

        rig.Write("in/2.csv", "3,30,z\n");
        Pipeline("a AS id, b + 1 AS total", "id, total");
        var renamed = rig.Run();

        Assert.Equal(1, renamed.Flows.Single(f => f.Flow.Target.Name == "t").Counts.Read);
        Assert.Equal(1, renamed.Flows.Single(f => f.Flow.Target.Name == "follower").Counts.Read);
        Assert.Contains("gross is now total", renamed.Flows.Single(f => f.Flow.Target.Name == "t").Reason, StringComparison.Ordinal);
        Assert.Subset(rig.Table("t").Files.Select(f => f.Path).ToHashSet(), files.ToHashSet());
        Assert.Equal(["id", "total"], rig.Table("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal(["id", "total"], rig.Table("follower").Schema.Fields.Select(f => f.Name));
        Assert.Equal("1 11, 2 21, 3 31", rig.Rows("t"));
        Assert.Equal("1 11, 2 21, 3 31", rig.Rows("follower"));
        Assert.Equal("63", rig.Rows("v"));

        // Again, a name of before, and nothing new to read.
        Pipeline("a AS key, b + 1 AS gross", "key, gross");
        rig.Run();
        Assert.Equal(["key", "gross"], rig.Table("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal("1 11, 2 21, 3 31", rig.Rows("t"));
        rig.Write("in/3.csv", "4,40,u\n");
        Pipeline("a AS k, b + 1 AS gross", "k, gross");
        rig.Run();
        Assert.Equal("1 11, 2 21, 3 31, 4 41", rig.Rows("t"));
        Assert.Equal("1 11, 2 21, 3 31, 4 41", rig.Rows("follower"));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void A_column_may_take_another_name_and_a_wider_type_beside_one_that_comes_and_one_that_goes()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE t PARTITIONED BY (kind) AS SELECT a AS id, b AS gross, c AS kind FROM {Files};");
        rig.Run();
        rig.Write("in/2.csv", "2,2,y\n");
        rig.Sql($"CREATE STREAMING TABLE t PARTITIONED BY (sort) AS SELECT CAST(a AS BIGINT) * 3000000000 AS id3, CAST(b AS BIGINT) AS total, c AS sort FROM {Files};");
        rig.Run();
        Assert.Equal(["id", "total", "sort", "id3"], rig.Table("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal("sort", Assert.Single(rig.Table("t").PartitionColumns));
        Assert.Equal("1 10 x NULL, NULL 2 y 6000000000", rig.Rows("t"));
    }

    [Theory]
    [InlineData("STORED AS SCD TYPE 1", "1 7 70, 2 5 50, 3 3 30")]
    [InlineData("STORED AS SCD TYPE 2", "1 1 10 1 2, 1 4 40 2 3, 1 7 70 3 NULL, 2 2 20 1 4, 2 5 50 4 NULL, 3 3 30 4 NULL")]
    [InlineData("STORED AS SCD TYPE 2 TRACK HISTORY ON ({0})", "1 1 10 1 2, 1 4 40 2 3, 1 7 70 3 NULL, 2 2 20 1 4, 2 5 50 4 NULL, 3 3 30 4 NULL")]
    [InlineData("COLUMNS TO UPDATE cols STORED AS SCD TYPE 1", "1 7 70, 2 5 50, 3 3 30")]
    public void Keys_and_values_of_a_table_of_changes_are_renamed_and_late_events_find_their_place(string stored, string rows)
    {
        rig.Write("in/1.csv", "1,1,10,1\n2,2,20,1\n9,9,90,1\n");
        Changes("id, v, w", "id", "v", stored);
        rig.Run();
        rig.Write("in/2.csv", "1,7,70,3\n2,5,50,4\n3,3,30,4\n9,,,-5\n");
        Changes("id AS key, v AS value, w", "key", "value", stored);
        rig.Run();
        Assert.Equal(["key", "value", "w"], rig.Table("t").Schema.Fields.Take(3).Select(f => f.Name));
        Assert.Equal("delta.columnMapping.mode", rig.Table("t").Metadata.Properties.Keys.Single(k => k.EndsWith("Mapping.mode", StringComparison.Ordinal)));
        // Late, between the event that came under the old names and the one after it; and again under other names.
        rig.Write("in/3.csv", "1,4,40,2\n9,,,-9\n");
        Changes("id AS k, v AS value, w", "k", "value", stored);
        rig.Run();
        rig.Run(new() { Refresh = ["t"] });
        Assert.Equal(rows, string.Join(", ", rig.Rows("t").Split(", ").Where(r => r[0] != '9')));
    }

    [Fact]
    public void Two_flows_must_agree_and_what_the_queries_do_not_tell_is_refused_before_anything_runs()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a AS id, b AS x, b AS y FROM {Files};");
        rig.Run();
        var version = rig.Table("t").Version;

        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a AS id, b AS p, b AS q FROM {Files};");
        var refused = Assert.Throws<RuntimeError>(() => rig.TryRun());
        Assert.Equal("LF5080", refused.Code);
        Assert.Contains("1 rows", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1 file(s) of in", refused.Message, StringComparison.Ordinal);
        Assert.Equal(version, rig.Table("t").Version);

        rig.Sql($"CREATE STREAMING TABLE t TBLPROPERTIES ('lakeflow.rename.p' = 'y', 'lakeflow.rename.q' = '') AS SELECT a AS id, b AS p, b AS q FROM {Files};");
        rig.Write("in/2.csv", "2,20,y\n");
        rig.Run();
        Assert.Equal(["id", "x", "p", "q"], rig.Table("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal("1 10 10 NULL, 2 NULL 20 20", rig.Rows("t"));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void A_table_that_begins_anew_asks_nothing_of_its_columns()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a AS id, b AS x, b AS y FROM {Files}; CREATE STREAMING TABLE follower AS SELECT id, x FROM STREAM(t);");
        rig.Run();
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a AS key, b AS p, b AS q FROM {Files}; CREATE STREAMING TABLE follower AS SELECT key, p FROM STREAM(t);");
        Assert.Equal("LF5080", Assert.Throws<RuntimeError>(() => rig.TryRun()).Code);
        rig.Run(new() { FullRefresh = ["t", "follower"] });
        Assert.Equal(("1 10 10", "1 10"), (rig.Rows("t"), rig.Rows("follower")));
        Assert.Equal(["key", "p"], rig.Table("follower").Schema.Fields.Select(f => f.Name));
    }

    [Fact]
    public void A_column_of_the_source_that_has_another_name_is_followed_where_a_property_says_so()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a, b FROM {Files};");
        rig.Run();
        rig.Write("in/2.csv", "2,20,y\n");
        rig.Sql("CREATE STREAMING TABLE t TBLPROPERTIES ('lakeflow.rename.n' = 'b') AS SELECT a, n FROM STREAM read_files('in', format => 'csv', schema => 'a INT, n INT, c STRING');");
        rig.Run();
        Assert.Equal(["a", "n"], rig.Table("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal("1 10, 2 20", rig.Rows("t"));
    }

    [Theory]
    [InlineData("'lakeflow.rename.nope' = 'b'", "a, b AS z")]
    [InlineData("'lakeflow.rename.z' = 'nope'", "a, c AS z")]
    [InlineData("'lakeflow.rename.z' = 'b'", "a, b, c AS z")]
    [InlineData("'delta.columnMapping.mode' = 'none'", "a, b AS z")]
    public void A_property_that_makes_no_sense_is_refused_before_anything_runs(string property, string columns)
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a, b FROM {Files};");
        rig.Run();
        var version = rig.Table("t").Version;
        rig.Sql($"CREATE STREAMING TABLE t TBLPROPERTIES ({property}) AS SELECT {columns} FROM {Files};");
        Assert.Equal("LF5081", Assert.Throws<RuntimeError>(() => rig.TryRun()).Code);
        Assert.Equal(version, rig.Table("t").Version);
    }

    [Fact]
    public void A_changed_expression_under_another_name_is_another_column_and_one_flow_of_two_does_not_rename()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE t; CREATE FLOW f AS INSERT INTO t BY NAME SELECT a, b AS v FROM {Files}; CREATE FLOW g AS INSERT INTO t BY NAME SELECT a, b AS v, c AS w FROM {Files};");
        rig.Run();
        rig.Write("in/2.csv", "2,20,y\n");
        // v stays: g makes it. w goes and x comes, which is made from something else.
        rig.Sql($"CREATE STREAMING TABLE t; CREATE FLOW f AS INSERT INTO t BY NAME SELECT a, b AS n FROM {Files}; CREATE FLOW g AS INSERT INTO t BY NAME SELECT a, b AS v, upper(c) AS x FROM {Files};");
        rig.Run();
        Assert.Equal(["a", "v", "w", "n", "x"], rig.Table("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal("1 10 NULL NULL NULL, 1 10 x NULL NULL, 2 20 NULL NULL Y, 2 NULL NULL 20 NULL", rig.Rows("t"));
    }

    [Fact]
    public void A_reader_in_another_project_that_asks_for_the_old_name_is_told_so_and_one_that_takes_all_follows()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        Pipeline("a AS id, b AS gross", "id, gross");
        rig.Run();
        using var other = new PipelineRig($"CREATE STREAMING TABLE mine AS SELECT * FROM STREAM delta.`{rig.TablePath("t")}`;");
        other.Run();
        var stale = other.Open();
        var compiled = stale.Prepare();

        rig.Write("in/2.csv", "2,20,y\n");
        Pipeline("a AS id, b AS total", "id, total");
        rig.Run();

        var failed = stale.Run(compiled, new() { Workers = 1, MaxRetries = 0 }, null, TimeProvider.System, default).Flows.Single();
        Assert.Equal("LF5069", failed.Error?.Code);
        other.Run();
        Assert.Equal(["id", "total"], other.Table("mine").Schema.Fields.Select(f => f.Name));
        Assert.Equal("1 10, 2 20", other.Rows("mine"));
    }

    [Fact]
    public void The_change_feed_of_a_table_tells_of_rows_before_the_renaming_under_the_new_name()
    {
        rig.Write("in/1.csv", "1,1,10,1\n");
        Changes("id, v, w", "id", "v", "STORED AS SCD TYPE 1", "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
        rig.Run();
        rig.Write("in/2.csv", "1,2,20,2\n");
        Changes("id, v, w", "id", "v", "STORED AS SCD TYPE 1", "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
        rig.Run();
        rig.Write("in/3.csv", "1,3,30,3\n");
        Changes("id, v AS value, w", "id", "value", "STORED AS SCD TYPE 1", "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')",
            "CREATE MATERIALIZED VIEW seen AS SELECT _change_type AS what, id, value FROM table_changes('t', 0);");
        rig.Run();
        Assert.Equal("insert 1 1, update_postimage 1 2, update_postimage 1 3, update_preimage 1 1, update_preimage 1 2", rig.Rows("seen"));
    }

    private void Pipeline(string columns, string read) => rig.Sql($"""
        CREATE STREAMING TABLE t AS SELECT {columns} FROM {Files};
        CREATE STREAMING TABLE follower AS SELECT {read} FROM STREAM(t);
        CREATE MATERIALIZED VIEW v AS SELECT sum({read.Split(", ")[1]}) AS s FROM t;
        """);

    private void Changes(string columns, string key, string value, string stored, string properties = "", string more = "")
    {
        var clauses = string.Format(CultureInfo.InvariantCulture, stored, value);
        var listed = clauses.StartsWith("COLUMNS TO", StringComparison.Ordinal);
        var names = string.Join(", ", columns.Split(", ").Select(c => c.Split(' ')[^1]));
        rig.Sql($"""
            CREATE TEMPORARY VIEW feed AS SELECT {columns}, seq{(listed ? ", array(" + string.Join(", ", names.Split(", ").Select(n => $"'{n}'")) + ") AS cols" : "")}
              FROM STREAM read_files('in', format => 'csv', schema => 'id INT, v INT, w INT, seq INT');
            CREATE STREAMING TABLE t {properties};
            CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(feed) KEYS ({key}) SEQUENCE BY seq COLUMNS ({names}) {clauses};
            {more}
            """);
    }
}
