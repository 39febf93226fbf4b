using System.Globalization;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>The options of streams of tables from SQL to rows, one with another, and with runs that end in between.</summary>
public sealed class TableStreamOptionTests : IDisposable
{
    private const string Orders = """
        CREATE STREAMING TABLE orders TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')
        AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');
        """;

    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("maxFilesPerTrigger = 1", 4, "1, 2, 3, 4", 2, "1, 2, 3, 4, 5, 6")]
    [InlineData("maxBytesPerTrigger = '1b'", 4, "1, 2, 3, 4", 2, "1, 2, 3, 4, 5, 6")]
    [InlineData("maxFilesPerTrigger = 3, startingVersion = 3", 1, "3, 4", 1, "3, 4, 5, 6")]
    [InlineData("maxFilesPerTrigger = 1, startingVersion = 2, skipChangeCommits", 3, "2, 3, 4", 2, "2, 3, 4, 5, 6")]
    [InlineData("startingVersion = 'LATEST', maxBytesPerTrigger = '1k'", 1, "", 1, "5, 6")]
    [InlineData("maxFilesPerTrigger = 2, maxBytesPerTrigger = '1b', startingVersion = 0", 4, "1, 2, 3, 4", 2, "1, 2, 3, 4, 5, 6")]
    public void Where_to_begin_counts_once_and_how_much_to_take_in_every_run(string options, int steps, string rows, int laterSteps, string laterRows)
    {
        rig.Sql(Orders);
        for (var i = 1; i <= 4; i++) Order(i);
        rig.Sql(Orders + $"CREATE STREAMING TABLE taken AS SELECT id FROM STREAM orders WITH ({options});");
        Assert.Equal(steps, Taken(rig.Run()));
        Assert.Equal(rows, rig.Rows("taken"));

        for (var i = 5; i <= 6; i++) Order(i, "orders");
        Assert.Equal(laterSteps, Taken(rig.Run()));
        Assert.Equal(laterRows, rig.Rows("taken"));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void A_time_to_begin_at_is_that_of_a_commit_to_the_millisecond()
    {
        rig.Sql(Orders);
        for (var i = 1; i <= 3; i++) Order(i);
        var third = Snapshot.Open(new LocalStore(rig.TablePath("orders")), 3).Timestamp;
        rig.Sql(Orders + $"""
            CREATE STREAMING TABLE at AS SELECT id FROM STREAM orders WITH (startingTimestamp = '{Time(third)}');
            CREATE STREAMING TABLE later AS SELECT id FROM STREAM orders WITH (startingTimestamp = '{Time(third.AddMilliseconds(-1))}', maxFilesPerTrigger = 1);
            CREATE STREAMING TABLE told AS SELECT _change_type AS what, id FROM STREAM orders WITH (readChangeFeed, startingTimestamp = '{Time(third)}');
            CREATE MATERIALIZED VIEW some AS SELECT id FROM table_changes('orders', '{Time(third.AddMilliseconds(-1))}', '{Time(third)}');
            """);
        rig.Run();
        Assert.Equal(("3", "3", "insert 3", "3"), (rig.Rows("at"), rig.Rows("later"), rig.Rows("told"), rig.Rows("some")));
        rig.Sql(Orders + $"CREATE STREAMING TABLE never AS SELECT id FROM STREAM orders WITH (startingTimestamp = '{Time(third.AddDays(1))}');");
        Assert.Equal("LF5064", rig.Fail().Code);
    }

    [Fact]
    public void A_change_feed_is_taken_version_by_version_from_where_it_is_told_to_begin()
    {
        rig.Sql(Orders);
        for (var i = 1; i <= 3; i++) Order(i);
        const string Told = "CREATE STREAMING TABLE told AS SELECT _change_type AS what, id, _commit_version AS v FROM STREAM orders WITH (readChangeFeed, startingVersion = 2, maxFilesPerTrigger = 1);";
        rig.Sql(Orders + Told);
        Assert.Equal(2, Taken(rig.Run(), "told"));
        Order(4, "orders");
        rig.Run(new() { FullRefresh = ["orders"], Refresh = ["told"] });
        // What is deleted and written again in versions 5 and 6 comes after what was there.
        Assert.Equal(
            "delete 1 5, delete 2 5, delete 3 5, delete 4 5, insert 1 6, insert 2 2, insert 2 6, insert 3 3, insert 3 6, insert 4 4, insert 4 6", rig.Rows("told"));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void Options_may_change_between_runs()
    {
        rig.Sql(Orders);
        Order(1);
        rig.Sql(Orders + "CREATE STREAMING TABLE taken AS SELECT id FROM STREAM orders;");
        rig.Run();
        rig.Run(new() { FullRefresh = ["orders"] });
        Order(2, "orders");
        Assert.Equal(("LF5053", "DELTA_SOURCE_TABLE_IGNORE_CHANGES"), (rig.Fail().Code, rig.Fail().ErrorClass));
        rig.Sql(Orders + "CREATE STREAMING TABLE taken AS SELECT id FROM STREAM orders WITH (skipChangeCommits, startingVersion = 0, maxFilesPerTrigger = 1);");
        rig.Run();
        // Where to begin is of no matter any more: the flow has begun.
        Assert.Equal("1, 1, 2", rig.Rows("taken"));
    }

    [Theory]
    [InlineData("maxFilesPerTrigger = 0", "LF7002")]
    [InlineData("maxFilesPerTrigger = 'some'", "LF7002")]
    [InlineData("maxBytesPerTrigger = '3 apples'", "LF7002")]
    [InlineData("skipChangeCommits = 'perhaps'", "LF7002")]
    [InlineData("startingVersion = -1", "LF7002")]
    [InlineData("startingTimestamp = 'noon'", "LF7002")]
    [InlineData("startingVersion = 1, startingTimestamp = '2026-01-01'", "LF7006")]
    [InlineData("skipChangeCommits, readChangeFeed", "LF7006")]
    [InlineData("readChangeFed", "LF7001")]
    [InlineData("ignoreDeletes", "LF7003")]
    [InlineData("withEventTimeOrder", "LF7003")]
    public void A_value_that_makes_no_sense_is_refused_where_it_stands(string option, string code)
    {
        rig.Write("in/1.csv", "id\n1\n");
        rig.Sql(Orders + $"\nCREATE STREAMING TABLE taken AS SELECT id FROM STREAM orders\n  WITH ({option});");
        var found = Assert.Single(rig.Open().Prepare().Diagnostics, d => d.IsError);
        Assert.Equal(code, found.Code);
        Assert.Equal(4, found.At.Line);
    }

    [Fact]
    public void A_version_that_is_not_there_and_changes_that_were_not_recorded_are_errors_of_the_run()
    {
        rig.Sql(Orders);
        Order(1);
        rig.Sql(Orders + "CREATE STREAMING TABLE taken AS SELECT id FROM STREAM orders WITH (startingVersion = 99);");
        Assert.Equal("LF5064", rig.Fail().Code);
        var plain = Orders.Replace("TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')", "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'false')", StringComparison.Ordinal);
        rig.Sql(plain);
        Order(2);
        rig.Sql(plain + "CREATE STREAMING TABLE told AS SELECT _change_type AS what FROM STREAM orders WITH (readChangeFeed, startingVersion = 1);");
        Assert.Equal("LF6074", rig.Fail().Code);
        rig.Sql(plain + "CREATE MATERIALIZED VIEW story AS SELECT _change_type AS what FROM table_changes('orders', 1, 1);");
        rig.Run();
        Assert.Equal("insert", rig.Rows("story"));
        rig.Sql(plain + "CREATE MATERIALIZED VIEW story AS SELECT _change_type AS what FROM table_changes('orders', 7);");
        Assert.Equal("LF6051", rig.Fail().Code);
    }

    [Fact]
    public void Tables_that_Spark_has_written_are_streamed_by_the_same_rules()
    {
        var golden = Path.GetFullPath(Path.Combine(Root(), "../shared/conformance/delta-golden"));
        if (!Directory.Exists(golden)) return; // the reference tables are not part of the repository
        string[] tables = ["table-with-columnmapping-mode-name", "dv-with-columnmapping", "v2-checkpoint-json", "v2-checkpoint-parquet", "snapshot-data3", "data-reader-timestamp_ntz-id-mode"];
        rig.Sql(string.Concat(tables.Select((t, i) => $"""
            CREATE STREAMING TABLE s{i} TBLPROPERTIES ('delta.columnMapping.mode' = 'name') AS SELECT * FROM STREAM delta.`{golden}/{t}/delta` WITH (maxFilesPerTrigger = 1);
            CREATE MATERIALIZED VIEW b{i} TBLPROPERTIES ('delta.columnMapping.mode' = 'name') AS SELECT * FROM delta.`{golden}/{t}/delta`;

            """)));
        rig.Run();
        for (var i = 0; i < tables.Length; i++)
        {
            Assert.NotEqual("", rig.Rows($"b{i}"));
            Assert.Equal(rig.Rows($"b{i}"), rig.Rows($"s{i}"));
        }

        Assert.True(rig.Run().NothingNew);

        var merged = $"delta.`{golden}/basic-with-inserts-merge/delta`";
        rig.Sql($"CREATE STREAMING TABLE m AS SELECT * FROM STREAM {merged} WITH (startingVersion = 0);");
        Assert.Equal("LF5053", rig.Fail().Code);
        rig.Sql($"CREATE STREAMING TABLE m AS SELECT * FROM STREAM {merged} WITH (startingVersion = 0, skipChangeCommits, maxFilesPerTrigger = 1);");
        rig.Run();
        Assert.NotEqual("", rig.Rows("m"));
    }

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static int Taken(Lakeflow.Runtime.Flows.UpdateResult result, string table = "taken") => result.Flows.Single(f => f.Flow.Name == table).Steps;

    /// <summary>One more file, which becomes one commit of one row.</summary>
    private void Order(int number, string? only = null)
    {
        rig.Write(string.Create(CultureInfo.InvariantCulture, $"in/{number}.csv"), string.Create(CultureInfo.InvariantCulture, $"id\n{number}\n"));
        rig.Run(only is null ? null : new() { Refresh = [only] });
    }
}
