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

    [Fact]
    public void The_commands_on_its_page_run_from_an_empty_folder()
    {
        var commands = DocsPage.Read("watch.md").Blocks.Where(b => b.Language == "").SelectMany(b => b.Text.Split('\n')).Where(l => l.StartsWith("lakeflow ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1..]).ToList();
        Assert.Equal(3, commands.Count);
        Assert.Equal(0, rig.Run(commands[0]).Exit);
        string[] Here(string[] words) => [.. words.Select(w => w == "shop" ? Path.Combine(rig.Folder, w) : w)];
        using (var tool = new ToolProcess(Here(commands[1])))
        {
            var said = new List<string>();
            while (tool.Out.ReadLine() is { } line)
            {
                said.Add(line);
                if (line.Contains("Watching for changes", StringComparison.Ordinal)) break;
            }

            Assert.Contains(said, l => l.Contains("orders COMPLETED read 5 written 4", StringComparison.Ordinal));
            Assert.Contains("Watching for changes", said[^1], StringComparison.Ordinal);
        }

        using var json = new ToolProcess(Here(commands[2]));
        Assert.StartsWith("best_customers 0, orders 0", json.NextUpdate(), StringComparison.Ordinal);
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
