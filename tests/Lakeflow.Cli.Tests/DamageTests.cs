namespace Lakeflow.Cli.Tests;

/// <summary>What people do to a lakehouse between two runs: each has an answer that says what to do, and loses nothing.</summary>
public sealed class DamageTests : IDisposable
{
    private const string Pipeline = """
        CREATE STREAMING TABLE raw AS SELECT * FROM STREAM read_files('in', format => 'json', schema => 'id BIGINT, name STRING, op STRING, seq INT');
        CREATE STREAMING TABLE latest;
        CREATE FLOW latest_flow AS AUTO CDC INTO latest FROM STREAM(raw) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, name);
        CREATE STREAMING TABLE history FLOW AUTO CDC FROM STREAM(raw) KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS (id, name) STORED AS SCD TYPE 2;
        CREATE TEMPORARY VIEW timed AS SELECT id, timestamp_seconds(seq) AS at FROM STREAM(raw);
        CREATE STREAMING TABLE counted AS SELECT window.start, count(*) AS n FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 1 SECOND GROUP BY window(at, '10 seconds');
        """;

    private static readonly string[] Tables = ["raw", "latest", "history", "counted"];

    private readonly CliRig rig = new();

    public DamageTests()
    {
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", Pipeline);
        rig.Write("p/in/1.json", """
            {"id":1,"name":"a","op":"I","seq":1}
            {"id":2,"name":"b","op":"I","seq":1}
            {"id":2,"op":"D","seq":3}
            {"id":3,"name":"c","op":"I","seq":12}
            {"id":3,"name":"c","op":"U","seq":14}

            """);
        Assert.Equal((0, ""), Outcome(rig.Run("run", "p")));
    }

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("raw", "raw/raw")]
    [InlineData("latest", "latest/1/changes")]
    [InlineData("history", "history/1/changes")]
    [InlineData("counted", "counted/counted")]
    public void State_that_somebody_removed_is_missed_and_a_full_refresh_makes_it_anew(string table, string state)
    {
        var before = Rows();
        Directory.Delete(Path.Combine(rig.Folder, "p/lakehouse/_lakeflow/state/main/default", state), recursive: true);
        rig.Write("p/in/2.json", """{"id":3,"name":"d","op":"U","seq":15}""" + "\n");

        var (exit, _, error) = rig.Run("run", "p");

        Assert.Equal(1, exit);
        Assert.Contains($"error LF5076: What flows of main.default.{table} remember is no longer there: main/default/{state}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(before[table], Rows()[table]);
        Assert.Contains("which is gone", rig.Run("state", table, "-C", "p").Out, StringComparison.Ordinal);
        Assert.Contains("\"lost\": true", rig.Run("state", table, "-C", "p", "-o", "json").Out, StringComparison.Ordinal);

        Assert.Equal(0, rig.Run("run", "p", "--full-refresh", string.Join(',', Tables), "--yes").Exit);
        var anew = Rows();
        Directory.Delete(Path.Combine(rig.Folder, "p/lakehouse"), recursive: true);
        Assert.Equal(0, rig.Run("run", "p").Exit);
        Assert.Equal(Rows(), anew);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("history")]
    [InlineData("counted")]
    public void A_table_that_somebody_removed_is_filled_anew(string table)
    {
        var before = Rows();
        Directory.Delete(Path.Combine(rig.Folder, "p/lakehouse/main/default", table), recursive: true);

        Assert.Equal((0, ""), Outcome(rig.Run("run", "p")));

        Assert.Equal(before, Rows());
        Assert.Contains("Nothing new.", rig.Run("run", "p").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_commit_that_was_cut_off_is_told_with_its_path_and_nothing_is_changed_until_it_is_whole()
    {
        var folder = Path.Combine(rig.Folder, "p/lakehouse/main/default/raw");
        var file = Directory.GetFiles(Path.Combine(folder, "_delta_log")).Max(StringComparer.Ordinal)!;
        var whole = File.ReadAllBytes(file);
        var before = Rows();
        File.WriteAllBytes(file, whole[..^20]);
        var (exit, _, error) = rig.Run("run", "p");
        Assert.Equal(3, exit);
        Assert.Contains($"error LF6053: <folder>/p/lakehouse/main/default/raw/_delta_log/{Path.GetFileName(file)} line ", error.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        File.WriteAllBytes(file, whole);
        Assert.Equal((0, ""), Outcome(rig.Run("run", "p")));
        Assert.Equal(before, Rows());
    }

    [Fact]
    public void A_source_that_somebody_removed_and_that_is_made_anew_is_another_one()
    {
        var before = Rows();
        Directory.Delete(Path.Combine(rig.Folder, "p/lakehouse/main/default/raw"), recursive: true);

        var (exit, _, error) = rig.Run("run", "p");

        Assert.Equal(1, exit);
        Assert.Contains("LF5054", error, StringComparison.Ordinal);
        Assert.Equal(before, Rows());
        Assert.Equal(0, rig.Run("run", "p", "--full-refresh", "latest,history,counted").Exit);
        Assert.Equal(before, Rows());
    }

    [Fact]
    public void An_event_file_that_ends_amid_a_line_stops_the_flows_that_need_the_rest_of_it_and_no_other()
    {
        rig.Write("p/in/2.json", """{"id":4,"name":"d","op":"I","seq":20}""" + "\n" + """{"id":5,"na""");

        var (exit, output, error) = rig.Run("run", "p");

        Assert.Equal(1, exit);
        Assert.Contains("LF5071", error, StringComparison.Ordinal);
        Assert.Contains("counted", output, StringComparison.Ordinal);
        Assert.Equal(1 + 5 + 2, Rows()["raw"].Split('\n').Length);
        Assert.DoesNotContain("4,d", Rows()["latest"], StringComparison.Ordinal);

        rig.Write("p/t.lfsql", Pipeline.Replace("STREAM(raw) KEYS", "STREAM(whole) KEYS", StringComparison.Ordinal) + "\nCREATE TEMPORARY VIEW whole AS SELECT * FROM STREAM(raw) WHERE id IS NOT NULL AND seq IS NOT NULL;\n");
        Assert.Equal(0, rig.Run("run", "p").Exit);
        Assert.Contains("4,d", Rows()["latest"], StringComparison.Ordinal);
        Assert.Contains("4,d,20,", Rows()["history"], StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_blanks_quotes_and_umlauts_are_names_like_others()
    {
        rig.Write("p/t.lfsql", """
            CREATE TEMPORARY VIEW `das Feed` AS SELECT id AS `Schlüssel Nr.`, name AS `it's "a" name`, op AS `op,code`, seq AS `seq;x`
            FROM STREAM read_files('in', format => 'json', schema => 'id BIGINT, name STRING, op STRING, seq INT');
            CREATE STREAMING TABLE `Größen "1"` TBLPROPERTIES ('delta.columnMapping.mode' = 'name');
            CREATE FLOW `mein Fluß/it's` AS AUTO CDC INTO `Größen "1"` FROM STREAM(`das Feed`) KEYS (`Schlüssel Nr.`) IGNORE NULL UPDATES
              APPLY AS DELETE WHEN `op,code` = 'D' SEQUENCE BY `seq;x` COLUMNS * EXCEPT (`op,code`, `seq;x`) STORED AS SCD TYPE 2 TRACK HISTORY ON (`it's "a" name`);
            """);
        Assert.Equal((0, ""), Outcome(rig.Run("run", "p")));
        rig.Write("p/in/2.json", """{"id":1,"name":null,"op":"U","seq":2}""" + "\n" + """{"id":1,"name":"ß","op":"U","seq":5}""" + "\n");
        Assert.Equal((0, ""), Outcome(rig.Run("run", "p")));

        Assert.Equal("""
            Schlüssel Nr.,"it's ""a"" name",__START_AT,__END_AT
            1,a,1,5
            1,ß,5,
            2,b,1,3
            3,c,12,

            """.ReplaceLineEndings("\n"), rig.Run("sql", "-C", "p", "-o", "csv", "SELECT * FROM `Größen \"1\"` ORDER BY ALL").Out);
        Assert.Contains("  mein Fluß/it's  ", rig.Run("history", "Größen \"1\"", "-C", "p").Out, StringComparison.Ordinal);
        Assert.Contains("flow mein Fluß/it's: 2 step(s)", rig.Run("state", "Größen \"1\"", "-C", "p").Out, StringComparison.Ordinal);
        Assert.Equal((0, ""), Outcome(rig.Run("run", "p", "--reset-flow", "mein Fluß/it's")));
        Assert.Equal((0, ""), Outcome(rig.Run("run", "p", "--full-refresh", "Größen \"1\"")));
    }

    private static (int Exit, string Error) Outcome((int Exit, string Out, string Error) run) => (run.Exit, run.Error);

    private Dictionary<string, string> Rows() => Tables.ToDictionary(t => t, t => rig.Run("sql", "-C", "p", "-o", "csv", $"SELECT * FROM {t} ORDER BY ALL").Out.TrimEnd('\n'));
}
