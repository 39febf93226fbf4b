namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Tables as sources, from SQL to rows.</summary>
public sealed class TableSourceTests
{
    private const string Orders = """
        CREATE STREAMING TABLE orders AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');
        """;

    [Fact]
    public void A_table_of_another_project_is_read_by_its_path_as_a_stream_and_as_it_is()
    {
        using var other = new PipelineRig(Orders);
        other.Write("in/1.csv", "id\n1\n2\n");
        other.Run();
        using var rig = new PipelineRig($"""
            CREATE STREAMING TABLE taken AS SELECT id FROM STREAM delta.`{other.TablePath("orders")}`;
            CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM '{other.TablePath("orders")}';
            """);

        rig.Run();
        other.Write("in/2.csv", "id\n3\n");
        other.Run();
        rig.Run();

        Assert.Equal(("1, 2, 3", "3"), (rig.Rows("taken"), rig.Rows("counted")));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void What_a_query_names_by_another_path_is_not_read_again()
    {
        using var other = new PipelineRig(Orders);
        using var rig = new PipelineRig();
        var (table, files) = (other.TablePath("orders"), 0);
        rig.Write("in/first.csv", "id\n50\n");
        foreach (var (folder, path) in new[] { ("in", table), ("in/", table + "/"), ("in/*", table + "/"), ("in/*.csv", Path.Combine(table, "../orders")), ("in", table) })
        {
            // A source without anything new changes its name beside one that has something.
            foreach (var hasFile in new[] { false, true })
            {
                other.Write($"in/{files}.csv", $"id\n{files}\n");
                other.Run();
                if (hasFile) rig.Write($"in/{files}.csv", $"id\n{files}\n");
                files++;
                rig.Sql($"""
                    CREATE STREAMING TABLE taken AS SELECT id FROM STREAM read_files('{folder}', format => 'csv', header => true, schema => 'id BIGINT')
                    UNION ALL SELECT 100 + id FROM STREAM delta.`{path}`;
                    """);
                rig.Run();
            }
        }

        Assert.Equal("1, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 3, 5, 50, 7, 9", rig.Rows("taken"));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void A_streams_options_reach_the_run()
    {
        using var rig = new PipelineRig(Orders + """
            CREATE STREAMING TABLE small AS SELECT id FROM STREAM orders WITH (MAXFILESPERTRIGGER = 1, startingVersion = 2);
            CREATE STREAMING TABLE later AS SELECT id FROM STREAM read_stream('orders', startingVersion => 'latest');
            """);
        rig.Write("in/1.csv", "id\n1\n");
        rig.Run();
        rig.Write("in/2.csv", "id\n2\n");
        rig.Run();

        Assert.Equal(("2", "2"), (rig.Rows("small"), rig.Rows("later")));
    }

    [Fact]
    public void A_full_refresh_of_the_source_stops_its_reader_which_is_told_what_it_may_do()
    {
        using var rig = new PipelineRig(Orders + "CREATE STREAMING TABLE taken AS SELECT id FROM STREAM orders;");
        rig.Write("in/1.csv", "id\n1\n");
        rig.Run();
        rig.Run(new() { FullRefresh = ["orders"] });
        Assert.Equal("LF5053", rig.Fail().Code);
        Assert.Equal("1", rig.Rows("taken"));

        rig.Sql(Orders + "CREATE STREAMING TABLE taken AS SELECT id FROM STREAM orders WITH (SKIPCHANGECOMMITS);");
        rig.Write("in/2.csv", "id\n2\n");
        rig.Run();

        // The commit that emptied the table is passed over; the rows that came after it are new ones to the stream.
        Assert.Equal("1, 1, 2", rig.Rows("taken"));
    }

    [Fact]
    public void A_stream_of_changes_begins_with_the_rows_that_are_there_and_goes_on_with_what_happens_to_them()
    {
        using var rig = new PipelineRig("""
            CREATE STREAMING TABLE orders TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')
            AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');
            CREATE STREAMING TABLE happened AS SELECT _change_type AS what, id, _commit_version AS v FROM STREAM orders AS o WITH (readChangeFeed);
            CREATE MATERIALIZED VIEW changes AS SELECT _change_type AS what, count(*) AS n FROM table_changes('orders', 1) GROUP BY 1;
            """);
        rig.Write("in/1.csv", "id\n1\n2\n");
        rig.Run();
        Assert.Equal("insert 1 1, insert 2 1", rig.Rows("happened"));

        rig.Write("in/2.csv", "id\n3\n");
        rig.Run();
        Assert.Equal("insert 1 1, insert 2 1, insert 3 2", rig.Rows("happened"));

        // The source begins anew: its rows were deleted and come again, and the stream of changes goes on.
        rig.Run(new() { FullRefresh = ["orders"], Refresh = ["happened", "changes"] });
        Assert.Equal(
            "delete 1 3, delete 2 3, delete 3 3, insert 1 1, insert 1 4, insert 2 1, insert 2 4, insert 3 2, insert 3 4", rig.Rows("happened"));
        Assert.Equal("delete 3, insert 6", rig.Rows("changes"));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void A_rate_gives_every_row_once()
    {
        var start = DateTimeOffset.UtcNow.AddSeconds(-2).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        using var rig = new PipelineRig($"""
            CREATE STREAMING TABLE ticks AS SELECT value, timestamp FROM STREAM read_rate(rowsPerSecond => 1000, startTimestamp => '{start}', maxRowsPerTrigger => 500);
            CREATE MATERIALIZED VIEW seen AS
              SELECT count(*) >= 2000 AS enough, count(DISTINCT value) = count(*) AS once, min(value) AS least, max(value) = count(*) - 1 AS whole FROM ticks;
            """);
        rig.Run();
        rig.Run();

        Assert.Equal("True True 0 True", rig.Rows("seen"));
    }

    [Fact]
    public void What_a_parquet_file_has_beyond_the_schema_is_rescued()
    {
        using var other = new PipelineRig("CREATE MATERIALIZED VIEW wide AS SELECT id, name, at FROM VALUES (1, 'ann', DATE'2026-01-02'), (2, NULL, NULL) AS v(id, name, at);");
        other.Run();
        using var rig = new PipelineRig($"""
            CREATE STREAMING TABLE narrow AS SELECT id, _rescued_data:name AS name, _rescued_data IS NULL AS none
            FROM STREAM read_files('{other.TablePath("wide")}/*.parquet', format => 'parquet', schema => 'id BIGINT', rescuedDataColumn => '_rescued_data');
            """);
        rig.Run();

        Assert.Equal("1 ann False, 2 NULL True", rig.Rows("narrow"));
    }
}
