using System.Runtime.CompilerServices;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Tests.Binding;

public class ChangesTests
{
    [Fact]
    public void The_rows_of_a_flow_are_stored_columns_then_sequence_and_kind() => Approve("""
        CREATE STREAMING TABLE t (CONSTRAINT paid EXPECT (amount > 0) ON VIOLATION DROP ROW);
        CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(orders) KEYS (id)
          APPLY AS DELETE WHEN country = 'gone' SEQUENCE BY STRUCT(at, qty) COLUMNS (id, amount, tags) STORED AS SCD TYPE 2;
        """);

    [Fact]
    public void Without_a_clause_all_columns_are_stored_and_tracked()
    {
        var (info, table) = One("CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(other.events) KEYS (ID) SEQUENCE BY at STORED AS SCD TYPE 2;");
        Assert.Equal((ScdType.Type2, "id", "at"), (info.Scd, info.Keys.Single(), info.Tracked.Single()));
        Assert.Equal("id STRING, at TIMESTAMP_NTZ, __START_AT TIMESTAMP_NTZ, __END_AT TIMESTAMP_NTZ", table.ToString());
    }

    [Fact]
    public void A_flow_knows_what_other_flows_into_its_target_leave_out()
    {
        var result = Compiled.Pipeline("""
            CREATE STREAMING TABLE t;
            CREATE FLOW first AS AUTO CDC ONCE INTO t FROM customers KEYS (id) SEQUENCE BY id;
            CREATE FLOW live AS AUTO CDC INTO t FROM STREAM(customers) KEYS (id) IGNORE NULL UPDATES ON * EXCEPT (since) SEQUENCE BY id;
            """);
        Assert.False(result.HasErrors, Compiled.Messages(result));
        Assert.Equal([FlowKind.Once, FlowKind.Append], result.Graph.Flows.Select(f => f.Kind));
        Assert.All(result.Graph.Flows, f => Assert.Equal("name country", string.Join(' ', f.Changes!.Partial)));
        Assert.Equal([0, 2], result.Graph.Flows.Select(f => f.Changes!.IgnoreNull.Length));
    }

    [Theory]
    [InlineData("FROM STREAM(orders) KEYS () SEQUENCE BY at", "LF1018", "AUTOCDC_EMPTY_KEYS")]
    [InlineData("FROM STREAM(orders) KEYS (id) IGNORE NULL UPDATES ON () SEQUENCE BY at", "LF1018", "AUTOCDC_IGNORE_NULL_EMPTY_COLUMN_LIST")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at STORED AS BITEMPORAL", "LF2900", "BITEMPORAL")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at TRACK HISTORY ON (qty)", "LF2056", "TRACK HISTORY ON")]
    [InlineData("FROM STREAM(orders) KEYS (id) IGNORE NULL UPDATES SEQUENCE BY at COLUMNS TO UPDATE tags", "LF2056", "COLUMNS TO UPDATE")]
    [InlineData("FROM SNAPSHOT orders KEYS (id) APPLY AS DELETE WHEN qty = 0", "LF2056", "FROM SNAPSHOT")]
    [InlineData("FROM STREAM(orders) KEYS (o.id) SEQUENCE BY at", "LF2052", "AUTOCDC_MULTIPART_COLUMN_IDENTIFIER")]
    [InlineData("FROM STREAM(orders) KEYS (id) APPLY AS DELETE WHEN qty SEQUENCE BY at", "LF2014", "BOOLEAN")]
    [InlineData("FROM STREAM(orders) KEYS (id) APPLY AS DELETE WHEN rand() > 0.5 SEQUENCE BY at", "LF2028", "rand")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY max(at)", "LF2028", "max")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY moment", "LF2001", "moment")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS (amount)", "LF2050", "AUTOCDC_KEY_NOT_IN_SELECTED_SCHEMA")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS * EXCEPT (id)", "LF2050", "AUTOCDC_KEY_NOT_IN_SELECTED_SCHEMA")]
    [InlineData("FROM STREAM(orders) KEYS (nobody) SEQUENCE BY at", "LF2051", "There are: ")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS (id, nobody)", "LF2051", "COLUMNS names 'nobody'")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS * EXCEPT (nobody)", "LF2051", "COLUMNS names 'nobody'")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS (id, qty, ID)", "LF2018", "COLUMNS")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS ()", "LF1018", "brackets")]
    [InlineData("FROM STREAM(orders) KEYS (id) IGNORE NULL UPDATES ON (nobody) SEQUENCE BY at", "LF2051", "IGNORE NULL UPDATES names 'nobody'")]
    [InlineData("FROM STREAM(orders) KEYS (id) IGNORE NULL UPDATES ON (o.qty) SEQUENCE BY at", "LF2052", "AUTOCDC_MULTIPART_COLUMN_IDENTIFIER")]
    [InlineData("FROM STREAM(orders) KEYS (id) IGNORE NULL UPDATES ON (id) SEQUENCE BY at", "LF2055", "AUTOCDC_IGNORE_NULL_EMPTY_COLUMN_LIST")]
    [InlineData("FROM STREAM(orders) KEYS (id) IGNORE NULL UPDATES ON * EXCEPT (qty) SEQUENCE BY at COLUMNS (id, qty)", "LF2055", "AUTOCDC_IGNORE_NULL_EMPTY_COLUMN_LIST")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS (id, qty) STORED AS SCD TYPE 2 TRACK HISTORY ON (at)", "LF2051", "TRACK HISTORY ON names 'at'")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY at COLUMNS (id, qty) COLUMNS TO UPDATE qty", "LF2057", "ARRAY<STRING>")]
    [InlineData("FROM STREAM(orders) KEYS (id) APPLY AS TRUNCATE WHEN qty = 0 SEQUENCE BY at STORED AS SCD TYPE 2", "LF2056", "APPLY AS TRUNCATE WHEN")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY map(id, at)", "LF2054", "AUTOCDC_MICROBATCH_VALIDATION.NON_ORDERABLE_SEQUENCE")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY STRUCT(at, map(id, at))", "LF2054", "AUTOCDC_MICROBATCH_VALIDATION.NON_ORDERABLE_SEQUENCE")]
    [InlineData("FROM STREAM(orders) KEYS (id) SEQUENCE BY NULL", "LF2054", "AUTOCDC_MICROBATCH_VALIDATION.NON_ORDERABLE_SEQUENCE")]
    [InlineData("FROM STREAM(orders) KEYS (tags) SEQUENCE BY at", "LF2059", "cannot be a key")]
    [InlineData("FROM STREAM(orders) KEYS (id) COLUMNS (id, qty)", "LF1014", "SEQUENCE BY")]
    [InlineData("FROM STREAM(orders) SEQUENCE BY at", "LF1014", "KEYS")]
    public void A_clause_that_does_not_work_out_is_refused(string flow, string code, string words)
    {
        var result = Compiled.Pipeline($"CREATE STREAMING TABLE t;\nCREATE FLOW f AS AUTO CDC INTO t {flow};");
        Assert.All(result.Diagnostics, d => Assert.Equal((code, 2), (d.Code, d.At.Line)));
        Assert.Contains(words, Assert.Single(result.Diagnostics).Message);
    }

    [Theory]
    [InlineData("__START_AT")]
    [InlineData("__end_at")]
    [InlineData("__spark_autocdc_row")]
    [InlineData("__lakeflow_row")]
    public void A_source_may_not_have_columns_of_reserved_names(string name)
    {
        var result = Compiled.Pipeline($"CREATE TEMPORARY VIEW w AS SELECT id, at, qty AS {name} FROM STREAM(orders);\nCREATE STREAMING TABLE t;\nCREATE FLOW f AS AUTO CDC INTO t FROM STREAM(w) KEYS (id) SEQUENCE BY at STORED AS SCD TYPE 2;");
        Assert.StartsWith("[AUTOCDC_RESERVED_COLUMN_NAME_PREFIX_CONFLICT]", Assert.Single(result.Diagnostics, d => d.Code == "LF2053").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipelines.cdc.tombstoneGCThresholdInSeconds", "1 hour")]
    [InlineData("pipelines.cdc.tombstoneGCThresholdInSeconds", "-1")]
    [InlineData("pipelines.reset.allowed", "no")]
    [InlineData("delta.enableDeletionVectors", "perhaps")]
    [InlineData("delta.columnMapping.mode", "weird")]
    [InlineData("delta.targetFileSize", "big")]
    [InlineData("delta.logRetentionDuration", "1 month")]
    [InlineData("lakeflow.bloomFilterColumns", "id, nobody")]
    [InlineData("pipelines.trigger.interval", "1 fortnight")]
    [InlineData("pipelines.trigger.interval", "5 m")]
    [InlineData("delta.appendOnly", "true")]
    public void A_property_that_says_what_becomes_of_rows_has_a_value_that_means_something(string property, string value)
    {
        var result = Compiled.Pipeline($"CREATE STREAMING TABLE t TBLPROPERTIES ('{property}' = '{value}');\nCREATE FLOW f AS AUTO CDC INTO t FROM STREAM(orders) KEYS (id) SEQUENCE BY at;");
        Assert.Equal("LF2037", Assert.Single(result.Diagnostics).Code);
    }

    [Theory]
    [InlineData("delta.minReaderVersion", "2")]
    [InlineData("delta.feature.deletionVectors", "supported")]
    [InlineData("delta.enableRowTracking", "true")]
    public void A_property_that_no_table_keeps_is_told(string property, string value)
    {
        var result = Compiled.Pipeline($"CREATE STREAMING TABLE t TBLPROPERTIES ('{property}' = '{value}') AS SELECT id FROM STREAM(orders);");
        Assert.Equal("LF2038", Assert.Single(result.Diagnostics).Code);
    }

    [Theory]
    [InlineData("FROM w")]
    [InlineData("FROM STREAM(w)")]
    public void A_view_without_a_stream_is_no_feed_and_what_to_do_is_said_in_words_of_changes(string from)
    {
        const string View = "CREATE TEMPORARY VIEW w AS SELECT id, at FROM orders;\nCREATE STREAMING TABLE t;\n";
        var result = Compiled.Pipeline($"{View}CREATE FLOW f AS AUTO CDC INTO t {from} KEYS (id) SEQUENCE BY at;");
        Assert.Equal("LF3008", Assert.Single(result.Diagnostics).Code);
        Assert.Contains("AUTO CDC ONCE", Compiled.Messages(result), StringComparison.Ordinal);
        Assert.False(Compiled.Pipeline($"{View}CREATE FLOW f AS AUTO CDC ONCE INTO t {from} KEYS (id) SEQUENCE BY at;").HasErrors);
    }

    [Fact]
    public void A_mistake_in_the_source_is_told_once()
    {
        var result = Compiled.Pipeline("CREATE STREAMING TABLE t;\nCREATE FLOW f AS AUTO CDC INTO t FROM STREAM(nowhere) KEYS (id) SEQUENCE BY at STORED AS SCD TYPE 2;");
        Assert.Equal("LF2002", Assert.Single(result.Diagnostics).Code);
    }

    private static (ChangesInfo Info, Lakeflow.Arrow.Schema Table) One(string flow)
    {
        var result = Compiled.Pipeline("CREATE STREAMING TABLE t;\n" + flow);
        Assert.False(result.HasErrors, Compiled.Messages(result));
        return (result.Graph.Flows.Single().Changes!, result.Graph.Datasets.Single(d => d.Name.Name == "t").Info.Columns);
    }

    private static void Approve(string file, [CallerMemberName] string name = "") => Compiled.Approve(Compiled.Describe(Compiled.Pipeline(file)), name, Here());

    private static string Here([CallerFilePath] string path = "") => path;
}
