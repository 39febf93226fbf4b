namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Columns of a running streaming table that take a wider type: no row is read again.</summary>
public sealed class WiderColumnTests : IDisposable
{
    /// <summary>Sequences of one order in two types, by a part of the tables' names.</summary>
    private static readonly (string Name, string Narrow, string Wide)[] Sequences =
    [
        ("whole", "CAST(n AS TINYINT)", "CAST(n AS BIGINT)"),
        ("exact", "CAST(n AS DECIMAL(4,1))", "CAST(n AS DECIMAL(22,3))"),
        ("broken", "CAST(n AS FLOAT)", "CAST(n AS DOUBLE)"),
        ("counted", "n", "CAST(n AS DECIMAL(20,0))"),
        ("day", "date_add(DATE'2026-01-01', n)", "CAST(date_add(DATE'2026-01-01', n) AS TIMESTAMP_NTZ)"),
        ("pair", "STRUCT(CAST(n DIV 4 AS SMALLINT) AS a, n AS b)", "STRUCT(n DIV 4 AS a, CAST(n AS BIGINT) AS b)"),
    ];

    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Columns_widen_and_streams_and_views_of_the_table_follow()
    {
        rig.Write("in/1.csv", "1,1.5,2.25,7\n");
        rig.Sql(Pipeline("INT", "FLOAT", "DECIMAL(4,2)", "SMALLINT"));
        rig.Run();
        Assert.DoesNotContain("typeWidening", rig.Table("t").Protocol.ReaderFeatures);

        rig.Write("in/2.csv", "30000000000,2.5,1234567.125,8\n");
        rig.Sql(Pipeline("BIGINT", "DOUBLE", "DECIMAL(12,3)", "DECIMAL(20,1)"));
        var widened = rig.Run();

        Assert.Equal(1, widened.Flows.Single(f => f.Flow.Target.Name == "t").Counts.Read);
        Assert.Contains("typeWidening", rig.Table("t").Protocol.ReaderFeatures);
        // Decimals in units of their last digit.
        const string Rows = "1 1.5 2250 70, 30000000000 2.5 1234567125 80";
        Assert.Equal(Rows, rig.Rows("t"));
        Assert.Equal(Rows, rig.Rows("follower"));
        Assert.Equal("30000000001 1234569375", rig.Rows("v"));

        rig.Write("in/3.csv", "3,3.5,0,9\n");
        rig.Run();
        Assert.Equal(Rows.Replace(", ", ", 3 3.5 0 90, ", StringComparison.Ordinal), rig.Rows("follower"));
    }

    [Fact]
    public void A_field_of_a_struct_widens_as_well()
    {
        rig.Write("in/1.csv", "1,1,1,1\n");
        rig.Sql("CREATE STREAMING TABLE t AS SELECT named_struct('x', a, 'l', array(a)) AS s FROM " + Files("INT", "INT", "INT", "INT"));
        rig.Run();
        rig.Write("in/2.csv", "30000000000,1,1,1\n");
        rig.Sql("CREATE STREAMING TABLE t AS SELECT named_struct('x', a, 'l', array(a)) AS s FROM " + Files("BIGINT", "INT", "INT", "INT")
            + "; CREATE MATERIALIZED VIEW v AS SELECT s.x + s.l[0] AS sum FROM t");
        rig.Run();
        Assert.Equal("2, 60000000000", rig.Rows("v"));
    }

    [Theory]
    [InlineData("STORED AS SCD TYPE 1", "1 500 70, 2 6 10, 30000000000 5 80")]
    [InlineData("STORED AS SCD TYPE 2", "1 500 70 3 NULL, 1 7 0 2 3, 1 NULL 70 1 2, 2 6 10 4 NULL, 2 NULL 10 1 4, 30000000000 5 80 2 NULL")]
    [InlineData("STORED AS SCD TYPE 2 TRACK HISTORY ON (v)", "1 500 70 3 NULL, 1 7 0 2 3, 1 NULL 70 1 2, 2 6 10 4 NULL, 2 NULL 10 1 4, 30000000000 5 80 2 NULL")]
    public void Keys_and_values_of_a_table_of_changes_widen_and_late_events_find_their_place(string stored, string rows)
    {
        var ignores = stored.EndsWith('1') ? "IGNORE NULL UPDATES" : "";
        rig.Write("in/1.csv", "1,,7,1\n2,,1,1\n");
        rig.Sql(Changes("INT", "SMALLINT", "SMALLINT", ignores, stored));
        rig.Run();
        rig.Write("in/2.csv", "30000000000,5,8.0,2\n1,500,7.0,3\n2,6,,4\n");
        if (!stored.EndsWith('1')) rig.Write("in/2.csv", "30000000000,5,8.0,2\n1,500,7.0,3\n2,6,1.0,4\n");
        rig.Sql(Changes("BIGINT", "INT", "DECIMAL(20,1)", ignores, stored));
        rig.Run();
        // Late, between the event that came with narrow types and the one after it.
        rig.Write("in/3.csv", "1,7,0.0,2\n");
        if (stored.EndsWith('1')) rig.Write("in/3.csv", "1,7,,2\n");
        rig.Run();
        Assert.Equal(rows, rig.Rows("t"));
    }

    [Fact]
    public void Sequences_of_a_table_of_changes_widen_and_late_events_find_their_place()
    {
        rig.Write("in/1.csv", "1,1,1\n1,1,9\n2,1,4\n3,x,2\n4,1,3\n");
        using var always = new PipelineRig(Sql(wide: true));
        always.Write("in/1.csv", "1,1,1\n1,1,9\n2,1,4\n3,x,2\n4,1,3\n");
        rig.Sql(Sql(wide: false));
        rig.Run();
        always.Run();
        // After all, between two events of a run, before a delete that found nothing and after it, and at an end that is known.
        foreach (var (file, rows) in new[] { ("in/2.csv", "1,2,12\n1,3,5\n3,7,1\n4,x,8\n2,,6\n"), ("in/3.csv", "1,4,3\n3,8,7\n4,5,3\n4,6,9\n2,9,2\n") })
        {
            rig.Write(file, rows);
            always.Write(file, rows);
            rig.Sql(Sql(wide: true));
            rig.Run();
            always.Run();
            foreach (var (name, _, _) in Sequences)
            {
                foreach (var table in new[] { name + "_1", name + "_2" }) Assert.Equal($"{table}: {always.Rows(table)}", $"{table}: {rig.Rows(table)}");
            }
        }

        static string Sql(bool wide) => "CREATE TEMPORARY VIEW feed AS SELECT id, int(nullif(v, 'x')) AS v, v = 'x' AS gone, n FROM STREAM read_files('in', format => 'csv', schema => 'id INT, v STRING, n INT');\n"
            + string.Concat(Sequences.SelectMany(s => new[] { 1, 2 }.Select(scd => $"""
                CREATE STREAMING TABLE {s.Name}_{scd};
                CREATE FLOW {s.Name}_{scd}_f AS AUTO CDC INTO {s.Name}_{scd} FROM STREAM(feed) KEYS (id) {(scd == 1 ? "IGNORE NULL UPDATES" : "")} APPLY AS DELETE WHEN gone
                SEQUENCE BY {(wide ? s.Wide : s.Narrow)} COLUMNS (id, v) STORED AS SCD TYPE {scd};

                """)));
    }

    [Theory]
    [InlineData("SCD TYPE 1", "n", "CAST(n AS SMALLINT)", "LF5072")]
    [InlineData("SCD TYPE 1", "n", "CAST(n AS STRING)", "LF5072")]
    [InlineData("SCD TYPE 1", "STRUCT(n AS a)", "STRUCT(n AS a, id AS b)", "LF5072")]
    [InlineData("SCD TYPE 2", "STRUCT(n AS a)", "STRUCT(n AS a, id AS b)", "LF5072")]
    [InlineData("SCD TYPE 2", "n", "CAST(n AS SMALLINT)", "LF5061")]
    public void Sequences_that_would_order_otherwise_are_refused_before_anything_runs(string stored, string before, string after, string code)
    {
        rig.Write("in/1.csv", "1,1\n");
        rig.Sql(Sql(before));
        rig.Run();
        var version = rig.Table("t").Version;
        rig.Sql(Sql(after));
        rig.Write("in/2.csv", "1,2\n");
        Assert.Equal(code, Assert.Throws<Lakeflow.Runtime.Diagnostics.RuntimeError>(() => rig.TryRun()).Code);
        Assert.Equal(version, rig.Table("t").Version);

        string Sql(string sequence) => $"""
            CREATE TEMPORARY VIEW feed AS SELECT * FROM STREAM read_files('in', format => 'csv', schema => 'id INT, n INT');
            CREATE STREAMING TABLE t;
            CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(feed) KEYS (id) SEQUENCE BY {sequence} COLUMNS (id) STORED AS {stored};
            """;
    }

    [Theory]
    [InlineData("CREATE STREAMING TABLE t AS SELECT {0} AS c FROM ", "BIGINT", "INT")]
    [InlineData("CREATE STREAMING TABLE t AS SELECT {0} AS c FROM ", "INT", "STRING")]
    [InlineData("CREATE STREAMING TABLE t AS SELECT {0} AS c FROM ", "BIGINT", "DOUBLE")]
    [InlineData("CREATE STREAMING TABLE t AS SELECT {0} AS c FROM ", "DECIMAL(10,2)", "DECIMAL(10,3)")]
    [InlineData("CREATE STREAMING TABLE t PARTITIONED BY (c) AS SELECT {0} AS c, b FROM ", "INT", "BIGINT")]
    [InlineData("CREATE STREAMING TABLE t TBLPROPERTIES ('delta.enableTypeWidening' = 'false') AS SELECT {0} AS c FROM ", "INT", "BIGINT")]
    public void What_does_not_widen_or_must_not_is_refused_before_anything_runs(string sql, string before, string after)
    {
        var files = Files("INT", "INT", "INT", "INT");
        rig.Write("in/1.csv", "1,1,1,1\n");
        rig.Sql(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, $"CAST(a AS {before})") + files);
        rig.Run();
        var version = rig.Table("t").Version;
        rig.Write("in/2.csv", "2,2,2,2\n");
        rig.Sql(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, $"CAST(a AS {after})") + files);
        Assert.Equal("LF5061", Assert.Throws<Lakeflow.Runtime.Diagnostics.RuntimeError>(() => rig.TryRun()).Code);
        Assert.Equal(version, rig.Table("t").Version);
    }

    private static string Pipeline(string a, string b, string c, string d) => $"""
        CREATE STREAMING TABLE t AS SELECT a, b, c, d FROM {Files(a, b, c, d)};
        CREATE STREAMING TABLE follower AS SELECT * FROM STREAM(t);
        CREATE MATERIALIZED VIEW v AS SELECT sum(a) AS a, sum(c) AS c FROM t;
        """;

    private static string Changes(string id, string v, string w, string ignores, string stored) => $"""
        CREATE TEMPORARY VIEW feed AS SELECT * FROM STREAM read_files('in', format => 'csv', schema => 'id {id}, v {v}, w {w}, seq INT');
        CREATE STREAMING TABLE t;
        CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(feed) KEYS (id) {ignores} SEQUENCE BY seq COLUMNS (id, v, w) {stored};
        """;

    private static string Files(string a, string b, string c, string d) =>
        $"STREAM read_files('in', format => 'csv', schema => 'a {a}, b {b}, c {c}, d {d}')";
}
