namespace Lakeflow.Cli.Tests.Processes;

/// <summary>The tool itself as a process: how it ends when it is told to, and when nobody listens any more.</summary>
public sealed class StopTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public void Stopped_by_a_signal_it_ends_with_130_and_the_table_as_it_was(string signal)
    {
        if (OperatingSystem.IsWindows()) return; // signals are sent by 'kill'
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", "CREATE MATERIALIZED VIEW t AS SELECT id, sha2(CAST(id AS STRING), 512) AS x FROM range(0, 3000000000);\n");
        using var tool = new ToolProcess("run", Path.Combine(rig.Folder, "p"));
        while (tool.Out.ReadLine() is { } line && !line.EndsWith("RUNNING", StringComparison.Ordinal))
        {
        }

        tool.Signal(signal);
        var output = tool.Out.ReadToEnd();
        Assert.Equal("", tool.Errors);
        Assert.Equal(130, tool.WaitForExit());
        Assert.Contains("Stopped. What was committed stays", output, StringComparison.Ordinal);
        var table = Path.Combine(rig.Folder, "p/lakehouse/main/default/t");
        Assert.Equal(["00000000000000000000.json"], Directory.GetFiles(Path.Combine(table, "_delta_log")).Select(f => Path.GetFileName(f)!));
        Assert.Empty(Directory.GetFiles(table));
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public void A_continuous_run_takes_files_as_they_come_and_ends_well_at_a_signal(string signal)
    {
        if (OperatingSystem.IsWindows()) return; // signals are sent by 'kill'
        rig.Write("p/lakeflow.yml", "name: t\ncontinuous: true\nconfiguration: { pipelines.trigger.interval: 100 milliseconds }\n");
        rig.Write("p/t.lfsql", "CREATE STREAMING TABLE t AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');\n");
        rig.Write("p/in/1.csv", "id\n1\n");
        using var tool = new ToolProcess("run", Path.Combine(rig.Folder, "p"));
        Until(tool, "COMPLETED read 1 ");
        // A file that is being written is not one to read: it comes into the folder whole.
        rig.Write("p/in/_2.csv", "id\n2\n3\n");
        File.Move(Path.Combine(rig.Folder, "p/in/_2.csv"), Path.Combine(rig.Folder, "p/in/2.csv"));
        Until(tool, "COMPLETED read 2 ");

        tool.Signal(signal);
        var output = tool.Out.ReadToEnd();
        Assert.Equal("", tool.Errors);
        Assert.Equal(0, tool.WaitForExit());
        Assert.Contains("3 rows  version 2", output, StringComparison.Ordinal);
        Assert.Contains("COMPLETED", rig.Run("runs", "-C", "p").Out, StringComparison.Ordinal);
        Assert.Equal("n\n3\n", rig.Run("sql", "-C", "p", "-o", "csv", "SELECT count(*) AS n FROM t").Out);
    }

    [Theory]
    [InlineData("*", ", rescuedDataColumn => ''")]
    [InlineData("* EXCEPT (_rescued_data)", "")]
    public void A_column_that_files_gain_makes_a_run_compile_anew_and_go_on(string columns, string options)
    {
        rig.Write("p/lakeflow.yml", "name: t\ncontinuous: true\nconfiguration: { pipelines.trigger.interval: 100 milliseconds }\n");
        rig.Write("p/t.lfsql", $"CREATE STREAMING TABLE t AS SELECT {columns} FROM STREAM read_files('in', format => 'csv', header => true{options});\n");
        rig.Write("p/in/1.csv", "id\n1\n");
        using (var tool = new ToolProcess("run", Path.Combine(rig.Folder, "p")))
        {
            Until(tool, "COMPLETED read 1 ");
            rig.Write("p/in/_2.csv", "id,city\n2,Oslo\n3,Rome\n");
            File.Move(Path.Combine(rig.Folder, "p/in/_2.csv"), Path.Combine(rig.Folder, "p/in/2.csv"));
            Until(tool, "has columns that the schema does not have: city. Compiled anew");
            Until(tool, "COMPLETED read 2 ");
        }

        Assert.Equal("id,city\n1,\n2,Oslo\n3,Rome\n", rig.Run("sql", "-C", "p", "-o", "csv", "SELECT * FROM t ORDER BY id").Out);
    }

    [Fact]
    public void A_continuous_run_that_was_killed_is_shown_as_died()
    {
        rig.Write("p/lakeflow.yml", "name: t\ncontinuous: true\nconfiguration: { pipelines.trigger.interval: 100 milliseconds }\n");
        rig.Write("p/t.lfsql", "CREATE STREAMING TABLE t AS SELECT id FROM STREAM read_files('in', format => 'csv', header => true, schema => 'id BIGINT');\n");
        rig.Write("p/in/1.csv", "id\n1\n");
        using (var tool = new ToolProcess("run", Path.Combine(rig.Folder, "p")))
        {
            // Its first pass is in the log once it has taken up the second file.
            Until(tool, "COMPLETED read 1 ");
            rig.Write("p/in/_2.csv", "id\n2\n3\n");
            File.Move(Path.Combine(rig.Folder, "p/in/_2.csv"), Path.Combine(rig.Folder, "p/in/2.csv"));
            Until(tool, "COMPLETED read 2 ");
            Assert.Contains("RUNNING", rig.Run("runs", "-C", "p").Out, StringComparison.Ordinal);
        }

        Assert.Contains("DIED", rig.Run("runs", "-C", "p").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_trouble()
    {
        using var tool = new ToolProcess("sql", "-o", "csv", $"SELECT id, repeat('x', 200) AS x FROM range(0, {Endless})");
        Assert.Equal("id,x", tool.Out.ReadLine());
        Assert.StartsWith("0,xxx", tool.Out.ReadLine(), StringComparison.Ordinal);
        tool.Out.Close();
        Assert.Equal("", tool.Errors);
        Assert.Equal(0, tool.WaitForExit());
    }

    [Fact]
    public void Output_that_takes_no_more_is_told_at_the_end_and_the_update_is_whole()
    {
        if (!File.Exists("/dev/full")) return; // what a full disk is like, only Linux has
        rig.Write("p/lakeflow.yml", "name: t\n");
        rig.Write("p/t.lfsql", "CREATE MATERIALIZED VIEW t AS SELECT id FROM range(0, 3);\n");
        using (var tool = new StartedProcess(["sh", "-c", "exec \"$@\" > /dev/full", "sh", .. ToolProcess.Command("run", Path.Combine(rig.Folder, "p"))]))
        {
            Assert.Equal(3, tool.WaitForExit());
            Assert.StartsWith("error LF0003: The output could not be written to its end: ", tool.Errors, StringComparison.Ordinal);
            Assert.Single(tool.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Contains("Nothing new", rig.Run("run", "p").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_cannot_be_written_are_told_as_such()
    {
        if (!File.Exists("/dev/full")) return; // what a full disk is like, only Linux has
        using var tool = new StartedProcess(["sh", "-c", "exec \"$@\" > /dev/full", "sh", .. ToolProcess.Command("sql", "-o", "csv", "SELECT id FROM range(100000)")]);
        Assert.Equal(3, tool.WaitForExit());
        Assert.StartsWith("error LF0003: The output could not be written to its end: ", tool.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_come_in_order_while_the_query_runs_and_an_interrupt_ends_it_with_130()
    {
        if (OperatingSystem.IsWindows()) return; // signals are sent by 'kill'
        using var tool = new ToolProcess("sql", "-o", "json", "SELECT id FROM range(0, 1000000000000)");
        for (var i = 0; i < 50_000; i++) Assert.Equal($$"""{"id":{{i.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}""", tool.Out.ReadLine());
        tool.Signal("-INT");
        while (tool.Out.ReadLine() is not null)
        {
        }

        Assert.Equal(130, tool.WaitForExit());
        Assert.Equal("Stopped.\n", tool.Errors);
    }

    /// <summary>Rows that no run comes to the end of, where it can notice that its reader is gone.</summary>
    private static string Endless => OperatingSystem.IsWindows() ? "100000" : "1000000000000";

    private static void Until(ToolProcess tool, string text)
    {
        while (tool.Out.ReadLine() is { } line && !line.Contains(text, StringComparison.Ordinal))
        {
        }
    }
}
