using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Fields of struct columns of running streaming tables that take another name.</summary>
public sealed class RenamedFieldTests : IDisposable
{
    private const string Files = "STREAM read_files('in', format => 'csv', schema => 'a INT, b INT, c STRING')";

    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_field_whose_name_changes_keeps_its_values_and_streams_and_views_of_the_table_follow()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        Pipeline("x", "y", "in", "s.x, s.in.y");
        rig.Run();
        var files = rig.Table("t").Files.Select(f => f.Path).ToHashSet();

        rig.Write("in/2.csv", "2,20,y\n");
        Pipeline("first", "second", "inner", "s.first, s.inner.second");
        var renamed = rig.Run();

        Assert.Equal(1, renamed.Flows.Single(f => f.Flow.Target.Name == "t").Counts.Read);
        Assert.Contains("s.x is now first", renamed.Flows.Single(f => f.Flow.Target.Name == "t").Reason, StringComparison.Ordinal);
        Assert.Subset(rig.Table("t").Files.Select(f => f.Path).ToHashSet(), files);
        Assert.Equal("STRUCT<first: INT, inner: STRUCT<second: INT>>", $"{rig.Table("t").Schema[1].Type}");
        Assert.Equal("STRUCT<first: INT, inner: STRUCT<second: INT>>", $"{rig.Table("whole").Schema[1].Type}");
        Assert.Equal("30", rig.Rows("v"));
        Assert.Equal("1 10, 2 20", rig.Rows("parts"));

        // With the column itself, and back again.
        rig.Write("in/3.csv", "3,30,z\n");
        rig.Sql(Sql("x", "second", "in", "row.x, row.in.second").Replace(" AS s ", " AS row ", StringComparison.Ordinal).Replace("s.in.second AS", "row.in.second AS", StringComparison.Ordinal));
        rig.Run();
        Assert.Equal("1 10, 2 20, 3 30", rig.Rows("parts"));
        Assert.Equal("60", rig.Rows("v"));
        Assert.Equal("row", rig.Table("whole").Schema[1].Name);
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void Fields_of_structs_within_arrays_and_maps_keep_their_values_and_streams_of_the_table_follow()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        Nested("x", "p", "q", "z");
        rig.Run();
        var files = rig.Table("t").Files.Concat(rig.Table("made").Files).Select(f => f.Path).ToHashSet();

        rig.Write("in/2.csv", "2,20,y\n");
        Nested("first", "amount", "deepest", "half");
        rig.Run();
        Assert.Subset(rig.Table("t").Files.Concat(rig.Table("made").Files).Select(f => f.Path).ToHashSet(), files);
        foreach (var table in (string[])["t", "whole"])
        {
            Assert.Equal(
                "ARRAY<STRUCT<first: INT, y: INT>>, MAP<STRING, STRUCT<amount: INT>>, STRUCT<list: ARRAY<STRUCT<deepest: INT>>>",
                string.Join(", ", rig.Table(table).Schema.Fields.Skip(1).Select(f => $"{f.Type}")));
        }

        Assert.Equal("ARRAY<STRUCT<half: INT>>, ARRAY<STRUCT<first: INT, y: INT>>, STRUCT<first: INT, y: INT>, INT", string.Join(", ", rig.Table("made").Schema.Fields.Skip(1).Select(f => $"{f.Type}")));
        Assert.Equal("1 1 10 1 10, 2 2 20 2 20", rig.Rows("v"));
        // Both elements of both rows, exploded, each with its own field, the list made anew, the list that is left of it, and the last one.
        Assert.Equal("1 1 1 10 10 1, 1 10 1 10 10 1, 2 2 2 20 20 2, 2 20 2 20 20 2", rig.Rows("w"));
        Assert.True(rig.Run().NothingNew);
    }

    /// <summary>By coalesce, nvl, if, CASE and casts: as fields of what is chosen from, whatever that calls them.</summary>
    [Fact]
    public void Fields_of_structs_that_an_expression_chooses_or_casts_follow()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        Chosen("x", "y", "p");
        rig.Run();
        var files = rig.Table("u").Files.Select(f => f.Path).ToHashSet();
        rig.Write("in/2.csv", "2,20,y\n");
        Chosen("first", "second", "q");
        var renamed = rig.Run();
        Assert.Contains("c.x is now first", renamed.Flows.Single(f => f.Flow.Target.Name == "u").Reason, StringComparison.Ordinal);
        Assert.Subset(rig.Table("u").Files.Select(f => f.Path).ToHashSet(), files);
        const string Struct = "STRUCT<first: INT, inner: STRUCT<second: INT>>";
        Assert.Equal($"{Struct}, {Struct}, {Struct}, {Struct}, STRUCT<q: BIGINT, inner: STRUCT<second: INT>>", string.Join(", ", rig.Table("u").Schema.Fields.Skip(1).Select(f => $"{f.Type}")));
        Assert.Equal("1 10 1 10 1, 2 20 2 20 2", rig.Rows("v"));
        Assert.True(rig.Run().NothingNew);
    }

    private void Chosen(string x, string y, string cast) => rig.Sql($"""
        CREATE STREAMING TABLE t AS SELECT a, named_struct('{x}', a, 'inner', named_struct('{y}', b)) AS s FROM {Files};
        CREATE STREAMING TABLE u AS
        SELECT a,
               coalesce(s, named_struct('{x}', 0, 'inner', named_struct('{y}', 0)))  AS c,
               nvl(NULL, s)                                                          AS n,
               if(a > 0, s, NULL)                                                    AS i,
               CASE WHEN a = 7 THEN named_struct('{x}', 7, 'inner', s.inner) ELSE s END AS w,
               CAST(s AS STRUCT<{cast}: BIGINT, inner: STRUCT<{y}: INT>>)            AS k
        FROM STREAM(t);
        CREATE MATERIALIZED VIEW v AS SELECT c.{x} AS c, n.inner.{y} AS n, i.{x} AS i, w.inner.{y} AS w, k.{cast} AS k FROM u;
        """);

    [Fact]
    public void A_property_tells_of_a_field_within_an_array()
    {
        rig.Write("in/1.json", """{"id": 1, "items": [{"amount": 10}]}""" + "\n");
        rig.Sql("CREATE STREAMING TABLE t AS SELECT id, items FROM STREAM read_files('in', format => 'json', schema => 'id INT, items ARRAY<STRUCT<amount: INT>>');");
        rig.Run();
        rig.Write("in/2.json", """{"id": 2, "items": [{"price": 20}]}""" + "\n");
        rig.Sql("""
            CREATE STREAMING TABLE t TBLPROPERTIES ('lakeflow.rename.items.element.price' = 'items.element.amount')
            AS SELECT id, items FROM STREAM read_files('in', format => 'json', schema => 'id INT, items ARRAY<STRUCT<price: INT>>');
            CREATE MATERIALIZED VIEW v AS SELECT id, items[0].price FROM t;
            """);
        rig.Run();
        Assert.Equal("ARRAY<STRUCT<price: INT>>", $"{rig.Table("t").Schema[1].Type}");
        Assert.Equal("1 10, 2 20", rig.Rows("v"));
    }

    [Fact]
    public void Fields_of_structs_that_an_aggregate_gives_follow()
    {
        rig.Write("in/1.csv", "1,10,x\n2,20,y\n30,5,z\n");
        Grouped("x");
        rig.Run();
        rig.Write("in/2.csv", "50,1,z\n");
        Grouped("y");
        rig.Run();
        Assert.Equal("STRUCT<y: INT>, STRUCT<y: INT>, ARRAY<STRUCT<y: INT>>", string.Join(", ", rig.Table("groups").Schema.Fields.Skip(1).Select(f => $"{f.Type}")));
        Assert.Equal("20 10 10, 5 5 5", rig.Rows("v"));

        void Grouped(string x) => rig.Sql($"""
            CREATE STREAMING TABLE t AS SELECT timestamp_seconds(a) AS at, named_struct('{x}', b) AS s FROM {Files};
            CREATE STREAMING TABLE groups AS SELECT window.start AS since, max_by(s, s.{x}) AS most, min(s) AS least, collect_list(s) AS list
            FROM STREAM(t) WATERMARK at DELAY OF INTERVAL 1 SECOND GROUP BY window(at, '10 seconds');
            CREATE MATERIALIZED VIEW v AS SELECT most.{x} AS most, least.{x} AS least, list[0].{x} AS one FROM groups;
            """);
    }

    private void Nested(string x, string p, string q, string z) => rig.Sql($"""
        CREATE STREAMING TABLE t AS SELECT a AS id, array(named_struct('{x}', a, 'y', b), named_struct('{x}', b, 'y', a)) AS items,
          map(c, named_struct('{p}', a)) AS m, named_struct('list', array(named_struct('{q}', b))) AS deep FROM {Files};
        CREATE STREAMING TABLE whole AS SELECT * FROM STREAM(t);
        CREATE STREAMING TABLE made AS
        SELECT id, transform(items, i -> named_struct('{z}', i.{x})) AS halves, filter(items, i -> i.{x} >= 10) AS large, items[1] AS last, e.{x} AS exploded
        FROM STREAM(t) LATERAL VIEW explode(items) AS e;
        CREATE MATERIALIZED VIEW v AS SELECT id, items[0].{x} AS one, items[0].y AS other, element_at(map_values(m), 1).{p} AS third, deep.list[0].{q} AS last FROM whole;
        CREATE MATERIALIZED VIEW w AS SELECT id, exploded, halves[0].{z} AS h, large[0].{x} AS l, last.{x} AS one, last.y AS other FROM made;
        """);

    [Fact]
    public void What_cannot_be_told_of_fields_is_refused_before_anything_runs_and_a_property_tells_it()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a, named_struct('p', b, 'q', b) AS s FROM {Files};");
        rig.Run();
        var version = rig.Table("t").Version;
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT a, named_struct('m', b, 'n', b) AS s FROM {Files};");
        var refused = Assert.Throws<RuntimeError>(() => rig.TryRun());
        Assert.Equal("LF5080", refused.Code);
        Assert.Contains("s.p", refused.Message, StringComparison.Ordinal);
        Assert.Equal(version, rig.Table("t").Version);

        foreach (var (property, why) in (ReadOnlySpan<(string, string)>)
            [("'lakeflow.rename.s.o' = 's.p'", "no column s.o"), ("'lakeflow.rename.s.m' = 'a'", "still has"), ("'lakeflow.rename.s.m' = 's.o'", "no column s.o")])
        {
            rig.Sql($"CREATE STREAMING TABLE t TBLPROPERTIES ({property}) AS SELECT a, named_struct('m', b, 'n', b) AS s FROM {Files};");
            var bad = Assert.Throws<RuntimeError>(() => rig.TryRun());
            Assert.Equal("LF5081", bad.Code);
            Assert.Contains(why, bad.Message, StringComparison.Ordinal);
        }

        rig.Sql($"CREATE STREAMING TABLE t TBLPROPERTIES ('lakeflow.rename.s.m' = 's.q', 'lakeflow.rename.s.n' = '') AS SELECT a, named_struct('m', b, 'n', b) AS s FROM {Files}; CREATE MATERIALIZED VIEW v AS SELECT s.m, s.n FROM t");
        rig.Write("in/2.csv", "2,20,y\n");
        rig.Run();
        Assert.Equal("10 NULL, 20 20", rig.Rows("v"));
    }

    [Fact]
    public void A_field_of_another_type_is_refused_before_anything_runs()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        rig.Sql($"CREATE STREAMING TABLE other AS SELECT a AS id FROM {Files}; CREATE STREAMING TABLE t AS SELECT a, named_struct('x', b, 'l', array(b)) AS s FROM {Files};");
        rig.Run();
        var versions = (rig.Table("other").Version, rig.Table("t").Version);
        foreach (var (made, path) in (ReadOnlySpan<(string, string)>)
            [("named_struct('x', c, 'l', array(b))", "s.x"), ("named_struct('x', b, 'l', array(c))", "s.l.element"), ("b", "Column s "), ("named_struct('x', CAST(b AS SMALLINT), 'l', array(b))", "s.x")])
        {
            rig.Sql($"CREATE STREAMING TABLE other AS SELECT a AS key FROM {Files}; CREATE STREAMING TABLE t AS SELECT a, {made} AS s FROM {Files};");
            var refused = Assert.Throws<RuntimeError>(() => rig.TryRun());
            Assert.Equal("LF5061", refused.Code);
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("1 file(s) of in", refused.Message, StringComparison.Ordinal);
            Assert.Equal(versions, (rig.Table("other").Version, rig.Table("t").Version));
        }
    }

    [Theory]
    [InlineData("STORED AS SCD TYPE 1")]
    [InlineData("IGNORE NULL UPDATES STORED AS SCD TYPE 1")]
    [InlineData("STORED AS SCD TYPE 2")]
    public void Fields_of_a_table_of_changes_are_renamed_and_late_events_find_their_place(string stored)
    {
        var rows = new List<string>();
        foreach (var field in (string[])["x", "y"])
        {
            using var one = new PipelineRig(Changes("x", stored));
            one.Write("in/1.csv", "1,10,1\n2,20,1\n1,11,4\n");
            one.Run();
            one.Write("in/2.csv", "1,30,3\n2,,2\n");
            one.Sql(Changes(field, stored));
            one.Run();
            one.Write("in/3.csv", "1,15,2\n2,25,5\n");
            one.Run();
            Assert.Equal($"STRUCT<{field}: INT, z: INT>", $"{one.Table("t").Schema.Find("s")!.Type}");
            Assert.True(one.Run().NothingNew);
            rows.Add(one.Rows("v"));
        }

        Assert.Equal(rows[0], rows[1]);
    }

    [Fact]
    public void Fields_come_go_and_change_places_and_the_rows_there_are_stay_as_they_are()
    {
        rig.Write("in/1.csv", "1,10,x\n");
        Shape("named_struct('x', a, 'y', b, 'in', named_struct('p', a, 'q', b))");
        rig.Write("in/2.csv", "2,20,y\n");
        Shape("named_struct('in', named_struct('q', b, 'r', c), 'n', c, 'y', b)");
        rig.Write("in/3.csv", "3,30,z\n");
        Shape("named_struct('x', a * 10)");
        Assert.Equal("STRUCT<x: INT, y: INT, in: STRUCT<p: INT, q: INT, r: STRING>, n: STRING>", $"{rig.Table("t").Schema[1].Type}");
        rig.Sql("CREATE MATERIALIZED VIEW v AS SELECT a, s.x, s.y, s.in.p, s.in.q, s.in.r, s.n, l[0].u FROM main.default.t");
        rig.Run();
        Assert.Equal("1 1 10 1 10 NULL NULL x, 2 NULL 20 NULL 20 y y y, 3 30 NULL NULL NULL NULL NULL z", rig.Rows("v"));

        void Shape(string made)
        {
            var list = made.Contains("'n'", StringComparison.Ordinal) ? "named_struct('u', c)" : "named_struct('a', a, 'u', c)";
            rig.Sql($"CREATE STREAMING TABLE t AS SELECT a, {made} AS s, array({list}) AS l FROM {Files};");
            rig.Run();
        }
    }

    [Theory]
    [InlineData("STORED AS SCD TYPE 1")]
    [InlineData("IGNORE NULL UPDATES STORED AS SCD TYPE 1")]
    [InlineData("STORED AS SCD TYPE 2")]
    public void Fields_of_a_table_of_changes_come_and_change_places(string stored)
    {
        var rows = new List<string>();
        foreach (var shape in (string[])["'x', v, 'z', id", "'n', seq, 'z', id, 'x', v"])
        {
            using var one = new PipelineRig(Changes("x", stored));
            one.Write("in/1.csv", "1,10,1\n2,20,1\n1,11,4\n");
            one.Run();
            one.Write("in/2.csv", "1,30,3\n2,,2\n3,7,1\n");
            one.Sql(Changes("x", stored).Replace("'x', v, 'z', id", shape, StringComparison.Ordinal));
            one.Run();
            one.Write("in/3.csv", "1,15,2\n2,25,5\n");
            one.Run();
            rows.Add(one.Rows("v"));
        }

        Assert.Equal(rows[0], rows[1]);
    }

    private static string Changes(string field, string stored) => $"""
        CREATE TEMPORARY VIEW feed AS SELECT id, named_struct('{field}', v, 'z', id) AS s, seq FROM STREAM read_files('in', format => 'csv', schema => 'id INT, v INT, seq INT');
        CREATE STREAMING TABLE t;
        CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(feed) KEYS (id) {(stored.StartsWith('I') ? "IGNORE NULL UPDATES" : "")} SEQUENCE BY seq COLUMNS (id, s) {stored.Replace("IGNORE NULL UPDATES ", "", StringComparison.Ordinal)};
        CREATE MATERIALIZED VIEW v AS SELECT id, s.{field} AS f, s.z{(stored.EndsWith('2') ? ", __START_AT, __END_AT" : "")} FROM t;
        """;

    private void Pipeline(string first, string second, string inner, string read) => rig.Sql(Sql(first, second, inner, read));

    private static string Sql(string first, string second, string inner, string read) => $"""
        CREATE STREAMING TABLE t AS SELECT a AS id, named_struct('{first}', a, '{inner}', named_struct('{second}', b)) AS s FROM {Files};
        CREATE STREAMING TABLE whole AS SELECT * FROM STREAM(t);
        CREATE STREAMING TABLE parts AS SELECT {read.Split(", ")[0]} AS one, {read.Split(", ")[1]} AS two FROM STREAM(t);
        CREATE MATERIALIZED VIEW v AS SELECT sum({read.Split(", ")[1]}) AS s FROM whole;
        """;
}
