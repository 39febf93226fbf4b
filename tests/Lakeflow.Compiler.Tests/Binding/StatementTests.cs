namespace Lakeflow.Compiler.Tests.Binding;

/// <summary>Datasets and flows: columns, kinds, order, views in place.</summary>
public class StatementTests
{
    [Fact]
    public void Declared_columns_take_the_query_by_name() => Approve("""
        CREATE STREAMING TABLE t (
          id BIGINT NOT NULL COMMENT 'natural id',
          amount DECIMAL(10, 2),
          day DATE GENERATED ALWAYS AS (CAST(at AS DATE)),
          at TIMESTAMP,
          source STRING DEFAULT 'web',
          note VARCHAR(20),
          CONSTRAINT recent EXPECT (day >= DATE'2020-01-01') ON VIOLATION FAIL UPDATE
        )
        PARTITIONED BY (day)
        TBLPROPERTIES ('quality' = 'silver')
        AS SELECT at, amount, id FROM STREAM(orders);
        """);

    [Fact]
    public void Flows_meet_in_one_table() => Approve("""
        CREATE STREAMING TABLE everyone;
        CREATE FLOW a AS INSERT INTO everyone BY NAME SELECT id, name FROM STREAM(customers);
        CREATE FLOW b AS INSERT INTO ONCE everyone BY NAME SELECT a AS id, s AS NAME, 'old' AS source FROM nums;
        """);

    [Fact]
    public void A_view_is_bound_anew_for_each_reader_with_its_expectations() => Approve("""
        CREATE TEMPORARY VIEW good (id COMMENT 'the id', who, CONSTRAINT named EXPECT (who IS NOT NULL) ON VIOLATION DROP ROW)
        AS SELECT id, name FROM customers;
        CREATE MATERIALIZED VIEW pairs AS SELECT l.id, r.who FROM good l JOIN good r ON l.id = r.id;
        """);

    [Fact]
    public void Upstream_comes_first_whatever_the_order_of_files() => Approve(
        "USE SCHEMA gold; CREATE MATERIALIZED VIEW last AS SELECT n FROM silver.middle;",
        "USE silver; SET x = 'y'; CREATE MATERIALIZED VIEW middle AS SELECT count(*) AS n FROM first; CREATE TEMPORARY VIEW first AS SELECT id FROM STREAM_less;",
        "CREATE MATERIALIZED VIEW silver.STREAM_less AS SELECT id FROM default.orders;");

    [Fact]
    public void One_cause_is_reported_once() => Problems("LF2002 at 1:45", """
        CREATE MATERIALIZED VIEW a AS SELECT * FROM missing;
        CREATE MATERIALIZED VIEW b AS SELECT x, y + 1 AS z FROM a WHERE q > 3;
        CREATE TEMPORARY VIEW c AS SELECT *, upper(w) AS u FROM b JOIN a USING (x);
        CREATE MATERIALIZED VIEW d (CONSTRAINT ok EXPECT (u <> 0)) AS SELECT u FROM c;
        """);

    [Fact]
    public void A_broken_column_breaks_only_itself() => Problems("LF2001 at 1:48\nLF2001 at 2:38", """
        CREATE MATERIALIZED VIEW a AS SELECT id, upper(nme) AS name FROM customers;
        CREATE MATERIALIZED VIEW b AS SELECT nam, lower(name) AS x, id + 1 AS y FROM a;
        """);

    [Fact]
    public void All_mistakes_of_all_files_in_one_run() => Problems(
        "LF2001 at 1:38\nLF2003 at 2:38\nLF2002 at 1:46",
        "CREATE MATERIALIZED VIEW a AS SELECT nme FROM customers;\nCREATE MATERIALIZED VIEW b AS SELECT upr(name) AS x FROM customers;",
        "CREATE MATERIALIZED VIEW c AS SELECT id FROM custmers;");

    [Fact]
    public void A_table_that_reads_itself_is_a_circle() => Problems("LF3001 at 1:51", """
        CREATE STREAMING TABLE t AS SELECT id FROM STREAM(t);
        """);

    [Fact]
    public void Options_of_streams_are_checked_where_they_stand() => Problems(
        "LF7001 at 1:64\nLF7002 at 2:64\nLF7003 at 3:64\nLF7006 at 4:85\nLF2030 at 5:59\nLF7002 at 6:66", """
        CREATE STREAMING TABLE a AS SELECT id FROM STREAM orders WITH (skipChangeCommit);
        CREATE STREAMING TABLE b AS SELECT id FROM STREAM orders WITH (startingVersion = 'first');
        CREATE STREAMING TABLE c AS SELECT id FROM STREAM orders WITH (ignoreChanges = TRUE);
        CREATE STREAMING TABLE d AS SELECT id FROM STREAM orders WITH (startingVersion = 3, startingTimestamp = '2026-01-01');
        CREATE MATERIALIZED VIEW e AS SELECT id FROM orders WITH (skipChangeCommits);
        CREATE STREAMING TABLE f AS SELECT id FROM read_stream('orders', maxFilesPerTrigger => 0);
        """);

    [Fact]
    public void Options_of_streams_are_part_of_the_plan() => Approve("""
        CREATE STREAMING TABLE a AS SELECT id FROM STREAM orders WITH (SKIPCHANGECOMMITS, MAXBYTESPERTRIGGER = '1g');
        CREATE STREAMING TABLE c AS SELECT s.id FROM STREAM read_stream('orders', startingVersion => 'latest') AS s;
        """);

    [Fact]
    public void What_is_not_done_yet_is_refused_by_name() => Problems("LF2900 at 2:18\nLF2900 at 3:37", """
        CREATE STREAMING TABLE t;
        CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(orders) KEYS (id) SEQUENCE BY at STORED AS BITEMPORAL;
        CREATE STREAMING TABLE u (id BIGINT GENERATED ALWAYS AS IDENTITY) AS SELECT id FROM STREAM(orders);
        """);

    [Fact]
    public void What_is_not_known_is_told_with_the_nearest_name_as_it_may_be_written_there() => Hints("""
        LF2002 Did you mean 'other.events'?
        LF2002 Did you mean 'orders'?
        LF2002 It is neither declared in this pipeline nor found in the lakehouse.
        LF2001 Did you mean 'c.name'?
        LF2001 Columns of c: id, name, country, since.
        LF2001 Did you mean 'o.qty'?
        LF2001 There is neither a table nor a struct column 'elsewhere'; in FROM: o, c.
        """, """
        CREATE MATERIALIZED VIEW a AS SELECT * FROM events;
        CREATE MATERIALIZED VIEW b AS SELECT * FROM other.order;
        CREATE MATERIALIZED VIEW c AS SELECT x.* FROM LIVE.nothing_like_it AS x;
        CREATE MATERIALIZED VIEW d AS SELECT c.nme, c.quantity, p.qty, elsewhere.x FROM orders o JOIN customers c ON o.customer_id = c.id;
        """);

    [Fact]
    public void LIVE_is_left_out_of_names() => Problems("LF1101 at 2:56\nLF1101 at 2:73", """
        CREATE MATERIALIZED VIEW sums AS SELECT country, sum(qty) AS n FROM orders GROUP BY country;
        CREATE MATERIALIZED VIEW both AS SELECT s.n, o.id FROM LIVE.sums s JOIN LIVE.orders o USING (country);
        """);

    [Fact]
    public void STREAM_before_a_query_is_said_of_what_is_so() => Problems("LF2900 at 2:99", """
        CREATE STREAMING TABLE a AS WITH named AS (SELECT id FROM STREAM(orders) WHERE id > 1) SELECT * FROM STREAM named WHERE id < 9;
        CREATE STREAMING TABLE b AS WITH still AS (SELECT id FROM orders), u AS (SELECT 1) SELECT id FROM STREAM still;
        CREATE STREAMING TABLE c AS SELECT id FROM STREAM (SELECT id FROM STREAM orders);
        """);

    [Fact]
    public void IDENTIFIER_is_a_name_that_a_constant_text_spells() => Problems("LF2016 at 4:49\nLF2002 at 5:55", """
        CREATE MATERIALIZED VIEW IDENTIFIER('main.de' || 'fault.sums') AS SELECT IDENTIFIER('country'), IDENTIFIER('su' || 'm')(qty) AS n FROM orders GROUP BY 1;
        CREATE MATERIALIZED VIEW more AS SELECT * FROM IDENTIFIER('`sums`') WHERE IDENTIFIER('sums').n > 1;
        CREATE STREAMING TABLE t; CREATE FLOW f AS INSERT INTO IDENTIFIER('t') BY NAME SELECT id FROM STREAM IDENTIFIER('orders');
        CREATE MATERIALIZED VIEW c AS SELECT IDENTIFIER(country) FROM orders;
        CREATE MATERIALIZED VIEW d AS SELECT id, country FROM IDENTIFIER('orders' || 'x');
        """);

    [Fact]
    public void Names_in_named_struct_are_no_columns() => Problems("LF2023 at 2:44", """
        CREATE MATERIALIZED VIEW a AS SELECT named_struct("qty", qty, "id", id) AS s FROM orders;
        CREATE MATERIALIZED VIEW b AS SELECT upper("qty") AS s FROM orders;
        """);

    [Fact]
    public void A_long_chain_of_datasets_is_no_trouble()
    {
        var chain = Enumerable.Range(0, 1000).Select(i => $"CREATE MATERIALIZED VIEW v{i} AS SELECT id FROM {(i == 999 ? "orders" : $"v{i + 1}")};");
        var result = Compiled.Pipeline(string.Join('\n', chain));
        Assert.False(result.HasErrors, Compiled.Messages(result));
        Assert.Equal("v999", result.Graph.Flows[0].Name);
    }

    private static void Approve(string file, string second = "", string third = "", [System.Runtime.CompilerServices.CallerMemberName] string name = "") =>
        Compiled.Approve(Compiled.Describe(Compiled.Pipeline(file, second, third)), name, Here());

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    private static void Hints(string expected, params string[] files)
    {
        var result = Compiled.Pipeline(files);
        Assert.Equal(expected, string.Join('\n', result.Diagnostics.Where(d => d.IsError).Select(d => $"{d.Code} {d.Hint}")));
    }

    private static void Problems(string expected, params string[] files)
    {
        var result = Compiled.Pipeline(files);
        Assert.True(expected == Compiled.Problems(result), Compiled.Messages(result));
    }
}
