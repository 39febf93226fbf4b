namespace Lakeflow.Cli.Tests;

/// <summary>Two pipelines over one lakehouse: each its tables.</summary>
public sealed class OwnerCommandTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_table_of_another_pipeline_is_told_with_what_to_do_and_nothing_is_lost()
    {
        Project("shop", "CREATE STREAMING TABLE orders AS SELECT id FROM STREAM read_files('/in', format => 'csv', header => true, schema => 'id BIGINT');\n");
        Project("store", "CREATE MATERIALIZED VIEW orders AS SELECT 7 AS id;\n");
        rig.Write("in/1.csv", "id\n1\n2\n");
        Assert.Equal(0, rig.Run("run", "shop").Exit);

        var (exit, _, error) = rig.Run("run", "store");

        Assert.Equal(2, exit);
        Assert.Equal(
            "error LF5067: [TABLE_OF_ANOTHER_PIPELINE] The lakehouse has a table of another owner: main.default.orders (of the pipeline shop). "
            + "This is the pipeline store; nothing was changed. Name another lakehouse, catalog or schema. "
            + "If the table is to be this pipeline's from now on: --adopt main.default.orders\n  help: docs/diagnostics/LF5067.md\n",
            error);
        Assert.Equal("id\n1\n2\n", rig.Run("sql", "-C", "shop", "-o", "csv", "SELECT id FROM orders ORDER BY id").Out);
        Assert.Contains("Nothing new.", rig.Run("run", "shop").Out, StringComparison.Ordinal);

        // Taken over it is still a streaming table, and as a view it would begin anew: two things to say.
        Assert.Contains("LF5065", rig.Run("run", "store", "--adopt", "orders").Error, StringComparison.Ordinal);
        Assert.Equal(0, rig.Run("run", "store", "--adopt", "orders", "--full-refresh", "orders", "--yes").Exit);
        Assert.Equal("id\n7\n", rig.Run("sql", "-C", "store", "-o", "csv", "SELECT id FROM orders").Out);
        Assert.Contains("main.default.orders (of the pipeline store)", rig.Run("run", "shop").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_leaves_the_tables_of_other_pipelines()
    {
        Project("shop", "CREATE MATERIALIZED VIEW orders AS SELECT 1 AS id;\n");
        Project("store", "CREATE MATERIALIZED VIEW sales AS SELECT * FROM main.default.orders;\nCREATE MATERIALIZED VIEW old AS SELECT 2 AS id;\n");
        rig.Run("run", "shop");
        Assert.Equal(0, rig.Run("run", "store").Exit);
        Project("store", "CREATE MATERIALIZED VIEW sales AS SELECT * FROM main.default.orders;\n");

        var (exit, output, _) = rig.Run("clean", "-C", "store", "--yes");

        Assert.Equal(0, exit);
        Assert.Equal("main.default.orders is another pipeline's and stays\nNot declared by the pipeline:\n  main.default.old\nRemoved main.default.old\n", output);
        Assert.Equal("id\n1\n", rig.Run("sql", "-C", "shop", "-o", "csv", "SELECT * FROM orders").Out);
    }

    private void Project(string name, string sql)
    {
        rig.Write($"{name}/lakeflow.yml", $"name: {name}\nlibraries: [\"*.lfsql\"]\nlakehouse: ../lakehouse\nmounts:\n  /in: ../in\n");
        rig.Write($"{name}/{name}.lfsql", sql);
        Directory.CreateDirectory(Path.Combine(rig.Folder, "in"));
    }
}
