namespace Lakeflow.Cli.Tests.Processes;

/// <summary><c>lakeflow run --watch</c> as a process: files change, and each line that it writes is waited for.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly CliRig rig = new();

    public WatchTests()
    {
        Save("p/lakeflow.yml", "name: t\nmounts:\n  /d: ../data\n");
        Save("p/t.lfsql", "CREATE STREAMING TABLE orders AS SELECT id FROM STREAM read_files('/d', format => 'csv', header => true, schema => 'id BIGINT');\n");
        Save("p/v.lfsql", "CREATE MATERIALIZED VIEW total AS SELECT sum(id) AS n FROM orders;\n");
        Deliver("1.csv", "id\n1\n2\n");
    }

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Each_change_of_text_data_or_settings_brings_an_update_and_a_mistake_is_waited_out()
    {
        using var tool = new ToolProcess("run", Path.Combine(rig.Folder, "p"), "--watch", "--output", "json");
        Assert.Equal("orders 2, total 1", tool.NextUpdate());

        Deliver("2.csv", "id\n3\n");
        Assert.Equal("orders 1, total 1", tool.NextUpdate());

        Save("p/v.lfsql", "CREATE MATERIALIZED VIEW total AS SELECT id % 2 AS odd, count(*) AS n FROM orders GROUP BY id % 2;\n");
        Assert.Equal("orders 0, total 2", tool.NextUpdate());

        Save("p/v.lfsql", "CREATE MATERIALIZED VIEW total AS SELECT nobody FROM orders;\n");
        Assert.Equal("exit 2", tool.NextUpdate());

        Save("p/lakeflow.yml", "nome: t\n");
        Assert.Equal("exit 2", tool.NextUpdate());

        Save("p/v.lfsql", "CREATE MATERIALIZED VIEW total AS SELECT max(id) AS n FROM orders;\n");
        Save("p/lakeflow.yml", "name: t\nmounts:\n  /d: ../data\n");
        Assert.Equal("orders 0, total 1", tool.NextUpdate());

        Save("p/more.lfsql", "CREATE MATERIALIZED VIEW more AS SELECT * FROM orders;\n");
        Assert.Equal("more 3, orders 0, total 0", tool.NextUpdate());

        if (OperatingSystem.IsWindows()) return; // Ctrl-C is sent by 'kill'
        tool.Signal("-INT");
        Assert.Equal(130, tool.WaitForExit());
        Assert.Contains("LF2001", tool.Errors, StringComparison.Ordinal);
        Assert.Contains("LF0012", tool.Errors, StringComparison.Ordinal);
        Assert.EndsWith("Stopped.\n", tool.Errors, StringComparison.Ordinal);
    }

    private void Deliver(string name, string text) => Save("data/" + name, text);

    /// <summary>As editors do: all at once, so that no half of it is seen.</summary>
    private void Save(string path, string text)
    {
        rig.Write("aside", text);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(rig.Folder, path))!);
        File.Move(Path.Combine(rig.Folder, "aside"), Path.Combine(rig.Folder, path), overwrite: true);
    }
}
