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

    [Fact]
    public void A_reader_that_goes_away_is_no_trouble()
    {
        using var tool = new ToolProcess("sql", "-o", "csv", "SELECT id, repeat('x', 200) AS x FROM range(0, 100000)");
        Assert.Equal("id,x", tool.Out.ReadLine());
        tool.Out.Close();
        Assert.Equal("", tool.Errors);
        tool.WaitForExit();
    }
}
