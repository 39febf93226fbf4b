namespace Lakeflow.Cli.Tests;

public sealed class StateCommandTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void State_tells_how_far_flows_have_read_and_what_they_keep()
    {
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", """
            CREATE STREAMING TABLE a AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');
            CREATE STREAMING TABLE b AS SELECT id FROM STREAM a;
            """);
        rig.Write("p/in/1.csv", "id\n1\n2\n");
        rig.Run("run", "p");

        Assert.Equal(
            "main.default.b, version 1\n\nflow b: 1 step(s), generation 1, last <day> <clock>\n  read   table main.default.a: version 1, nextFile -1, inSnapshot False\n",
            Day(rig.Run("state", "b", "-C", "p").Out));
        Assert.Contains("  read   csv in: files 1\n  keeps  main/default/a/a/1/files-", rig.Run("state", "a", "-C", "p").Out, StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(rig.Run("state", "a", "-C", "p", "-o", "json").Out);
        var flow = json.RootElement.GetProperty("flows")[0];
        Assert.Equal(1, flow.GetProperty("positions").GetProperty("csv in").GetProperty("files").GetInt32());
        Assert.Equal(1, flow.GetProperty("state")[0].GetProperty("rows").GetInt32());
        Assert.True(flow.GetProperty("state")[0].GetProperty("bytes").GetInt64() > 0);

        static string Day(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\d{4}-\d\d-\d\d", "<day>");
    }

    [Fact]
    public void State_shows_watermarks_and_how_much_is_held()
    {
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", """
            CREATE TEMPORARY VIEW a AS SELECT k, CAST(at AS TIMESTAMP) AS at FROM STREAM read_files('a', format => 'csv', header => true, schema => 'k STRING, at STRING');
            CREATE TEMPORARY VIEW b AS SELECT k, CAST(at AS TIMESTAMP) AS at FROM STREAM read_files('b', format => 'csv', header => true, schema => 'k STRING, at STRING');
            CREATE STREAMING TABLE counts AS SELECT window.start AS day, k, count(*) AS n
            FROM (SELECT * FROM STREAM(a) WATERMARK at DELAY OF INTERVAL 1 DAY UNION ALL SELECT * FROM STREAM(b) WATERMARK at DELAY OF INTERVAL 2 DAYS)
            GROUP BY window(at, '1 day'), k;
            """);
        rig.Write("p/a/1.csv", "k,at\nx,2026-01-01 10:05:00\nx,2026-01-01 10:06:00\nx,2026-01-05 00:00:00\n");
        rig.Write("p/b/1.csv", "k,at\ny,2026-01-01 10:30:00\ny,2026-01-08 00:00:00\n");
        rig.Run("run", "p");

        var text = rig.Run("state", "counts", "-C", "p").Out;
        Assert.Contains("\nflow counts: 2 step(s)", text, StringComparison.Ordinal);
        Assert.Contains("\n  watermark 2026-01-04 <clock> UTC in the last step, streams at 2026-01-04 <clock>, 2026-01-06 <clock>\n", text, StringComparison.Ordinal);
        Assert.Matches(@"\n  keeps  main/default/counts/counts/1/\S+: version \d+, 2 rows, [\d,]+ bytes\n", text);
        using var json = System.Text.Json.JsonDocument.Parse(rig.Run("state", "counts", "-C", "p", "-o", "json").Out);
        var flow = json.RootElement.GetProperty("flows")[0];
        Assert.Equal("2026-01-04T<clock>Z", flow.GetProperty("watermark").GetString());
        Assert.Equal(["2026-01-04T<clock>Z", "2026-01-06T<clock>Z"], flow.GetProperty("watermarks").EnumerateArray().Select(m => m.GetString()));
    }

    [Fact]
    public void State_marks_flows_that_have_left_the_text_and_what_nobody_uses()
    {
        const string Read = "SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT')";
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", $"CREATE STREAMING TABLE a; CREATE FLOW stays AS INSERT INTO a BY NAME {Read}; CREATE FLOW goes AS INSERT INTO a BY NAME {Read};");
        rig.Write("p/in/1.csv", "id\n1\n2\n");
        rig.Run("run", "p");
        Assert.DoesNotContain("no longer", rig.Run("state", "a", "-C", "p").Out, StringComparison.Ordinal);
        Assert.DoesNotContain("no flow uses", rig.Run("state", "a", "-C", "p").Out, StringComparison.Ordinal);

        rig.Write("p/t.lfsql", $"CREATE STREAMING TABLE a; CREATE FLOW stays AS INSERT INTO a BY NAME {Read};");
        var text = rig.Run("state", "a", "-C", "p").Out;
        Assert.Matches(@"\nflow goes: 1 step.*; no longer in the pipeline\n", text);
        Assert.DoesNotMatch(@"\nflow stays: .*; no longer in the pipeline\n", text);
        rig.Run("run", "p", "--full-refresh", "a", "--yes");
        text = rig.Run("state", "a", "-C", "p").Out;
        Assert.DoesNotContain("flow goes", text, StringComparison.Ordinal);
        Assert.Matches(@"\n  left   main/default/a/goes/1/files-\w+: 1 rows, [\d,]+ bytes\n", text);
        Assert.Matches(@"\n  left   main/default/a/stays/1/files-\w+: 1 rows, [\d,]+ bytes\n", text);
        using var json = System.Text.Json.JsonDocument.Parse(rig.Run("state", "a", "-C", "p", "-o", "json").Out);
        Assert.Equal(2, json.RootElement.GetProperty("unowned").GetArrayLength());

        // With mistakes in the text nothing is said of what is gone.
        rig.Write("p/t.lfsql", "CREATE STREAMING");
        Assert.DoesNotContain("no longer", rig.Run("state", "a", "-C", "p").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_removes_the_state_of_generations_that_are_over()
    {
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", "CREATE STREAMING TABLE a AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');\n");
        rig.Write("p/in/1.csv", "id\n1\n2\n");
        rig.Run("run", "p");
        rig.Run("run", "p", "--full-refresh", "a");
        var state = Path.Combine(rig.Folder, "p/lakehouse/_lakeflow/state/main/default/a/a");
        Assert.Equal(["1", "2"], Directory.GetDirectories(state).Select(d => Path.GetFileName(d)!).Order());

        var (exit, output, _) = rig.Run("clean", "-C", "p");

        Assert.Equal(0, exit);
        Assert.StartsWith("Removed the state of a from before its last full refresh (generation 1)\n", output, StringComparison.Ordinal);
        Assert.Equal("2", Path.GetFileName(Assert.Single(Directory.GetDirectories(state))));
        Assert.Contains("Nothing new.", rig.Run("run", "p").Out, StringComparison.Ordinal);
    }
}
