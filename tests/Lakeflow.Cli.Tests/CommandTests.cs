namespace Lakeflow.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void What_is_to_be_tried_can_be_copied_to_a_shell_whatever_the_name()
    {
        var quoted = OperatingSystem.IsWindows() ? "\"my shop & more\"" : "'my shop & more'";
        Assert.Equal((0, $"Made <folder>/my shop & more\nTry:  lakeflow run {quoted}\n", ""), rig.Run("init", "my shop & more"));
        if (!OperatingSystem.IsWindows()) Assert.EndsWith("Try:  lakeflow run 'bob'\\''s'\n", rig.Run("init", "bob's").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_project_runs_at_once_and_the_second_run_finds_nothing_new()
    {
        Assert.Equal((0, "Made <folder>/shop\nTry:  lakeflow run shop\n", ""), rig.Run("init", "shop"));

        var (exit, output, error) = rig.Run("run", "shop");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("<clock> orders COMPLETED read 5 written 4 dropped 1 failed 2\n", output, StringComparison.Ordinal);
        Assert.Contains("""
              main.shop.orders: rule has_customer failed for 1 of 5 rows (kept, but counted)
                e.g. {"id":3,"customer":null,"country":"NO","gross":42.0,"at":"2026-01-01T10:05:00Z"}  from /Volumes/main/raw/orders/2026-01-01.json:3
            """.ReplaceLineEndings("\n"), output.Replace("<clock>", "10:05:00", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("duckdb -c \"SELECT * FROM read_parquet(['<folder>/shop/lakehouse/main/shop/best_customers/", output, StringComparison.Ordinal);

        var second = rig.Run("run", "shop");
        Assert.Equal(0, second.Exit);
        Assert.EndsWith("Nothing new. 3 flows looked, nothing was committed (<time>).\n", second.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_is_the_only_one_read()
    {
        rig.Run("init", "shop");
        rig.Run("run", "shop");
        rig.Write("shop/data/orders/2026-01-03.json", """{"id": 6, "customer": "dora", "country": "no", "gross": 1.5, "at": "2026-01-03T08:00:00Z"}""");

        var (exit, output, _) = rig.Run("run", "shop");

        Assert.Equal(0, exit);
        Assert.Contains("orders COMPLETED read 1 written 1", output, StringComparison.Ordinal);
        Assert.Equal("country,orders,gross\nNO,4,183.9\nSE,1,80.0\n", rig.Run("sql", "-C", "shop", "-o", "csv", "SELECT * FROM sales_by_country ORDER BY country").Out);
        Assert.Equal(3, rig.Run("history", "orders", "-C", "shop").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(3, rig.Run("runs", "-C", "shop").Out.Split('\n').Length);
        Assert.Contains("because of DATA_HAS_CHANGED", rig.Run("logs", "-C", "shop").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_laid_together_and_old_ones_deleted_on_request()
    {
        rig.Run("init", "shop");
        rig.Run("run", "shop");
        rig.Write("shop/data/orders/2026-01-03.json", """{"id": 6, "customer": "dora", "country": "no", "gross": 1.5, "at": "2026-01-03T08:00:00Z"}""");
        rig.Run("run", "shop");

        Assert.Contains("2 files (", rig.Run("optimize", "orders", "-C", "shop").Out, StringComparison.Ordinal);
        Assert.EndsWith("nothing to lay together.\n", rig.Run("optimize", "orders", "-C", "shop").Out, StringComparison.Ordinal);
        Assert.Contains("would be deleted.", rig.Run("vacuum", "orders", "-C", "shop", "--dry-run").Out, StringComparison.Ordinal);
        Assert.Contains("orders: 0 files (0 bytes) deleted.", rig.Run("vacuum", "orders", "-C", "shop", "--retain", "30d").Out, StringComparison.Ordinal);
        Assert.Contains("LF6079", rig.Run("vacuum", "orders", "-C", "shop", "--retain", "5").Error, StringComparison.Ordinal);
        Assert.Equal(2, rig.Run("vacuum", "orders", "-C", "shop", "--retain", "soon").Exit);
        Assert.Equal("5\n", rig.Run("sql", "-C", "shop", "-o", "csv", "SELECT count(*) FROM orders").Out.Split('\n', 2)[1]);
    }

    [Fact]
    public void A_new_project_has_a_test_that_passes_and_a_wrong_answer_shows_both_sides()
    {
        rig.Run("init", "shop");

        var (exit, output, error) = rig.Run("test", "shop");

        Assert.Equal((0, ""), (exit, error));
        Assert.EndsWith("1 passed, 0 failed\n", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "shop/lakehouse")));

        rig.Write("shop/tests/wrong.test", "# name: wrong\n\nquery\nSELECT 1, 'a'\n----\n2  a\n");
        var wrong = rig.Run("test", "shop", "--only", "wrong");
        Assert.Equal(1, wrong.Exit);
        Assert.Contains("  tests/wrong.test(3): the answer differs\n    - 2  a\n    + 1  a\n", wrong.Out, StringComparison.Ordinal);

        Assert.Equal(0, rig.Run("test", "shop", "--only", "wrong", "--fill").Exit);
        Assert.Equal("# name: wrong\n\nquery\nSELECT 1, 'a'\n----\n1  a\n", File.ReadAllText(Path.Combine(rig.Folder, "shop/tests/wrong.test")));
        Assert.Equal(2, rig.Run("test", "shop", "--only", "nothing like it").Exit);
    }

    [Fact]
    public void Validate_finds_all_mistakes_in_all_files_and_runs_nothing()
    {
        rig.Run("init", "shop");
        rig.Write("shop/pipeline/more.lfsql", "CREATE MATERIALIZED VIEW a AS SELECT contry FROM orders;\nCREATE MATERIALIZED VIEW b AS SELECT id FROM ordrs;\n");

        var (exit, output, error) = rig.Run("dry-run", "shop");

        Assert.Equal((2, "2 error(s), 0 warning(s).\n"), (exit, output));
        Assert.Contains("pipeline/more.lfsql(1,38): error LF20", error, StringComparison.Ordinal);
        Assert.Contains("pipeline/more.lfsql(2,46): error LF20", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "shop/lakehouse")));
        Assert.Equal(2, rig.Run("run", "shop").Exit);
    }

    [Fact]
    public void A_failed_flow_is_told_with_its_place_and_what_depends_on_it_is_skipped()
    {
        rig.Run("init", "shop");
        rig.Write("shop/pipeline/more.lfsql", "CREATE MATERIALIZED VIEW a AS SELECT id, 1 / (id - 3) AS x FROM orders;\nCREATE MATERIALIZED VIEW b AS SELECT x FROM a;\n");

        var (exit, output, error) = rig.Run("run", "shop");

        Assert.Equal(1, exit);
        Assert.Contains("a FAILED", output, StringComparison.Ordinal);
        Assert.Contains("b SKIPPED failed before it: a", output, StringComparison.Ordinal);
        Assert.Contains("pipeline/more.lfsql(1,42): error LF", error, StringComparison.Ordinal);
        Assert.Contains("[DIVIDE_BY_ZERO]", error, StringComparison.Ordinal);
        Assert.Equal("id\n1\n2\n3\n5\n", rig.Run("sql", "-C", "shop", "-o", "csv", "SELECT id FROM orders ORDER BY id").Out);
    }

    [Fact]
    public void Json_output_is_one_event_a_line()
    {
        rig.Run("init", "shop");

        var (exit, output, _) = rig.Run("run", "shop", "--output", "json");

        Assert.Equal(0, exit);
        var events = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement).ToList();
        Assert.Contains(events, e => e.GetProperty("event").GetString() == "flow_progress" && e.GetProperty("state").GetString() == "COMPLETED");
        Assert.Equal("COMPLETED", events[^1].GetProperty("state").GetString());
    }

    [Fact]
    public void Queries_read_plain_files_without_a_project()
    {
        rig.Write("in.csv", "id,name\n1,ada\n2,brian\n");
        rig.Write("in.json", "{\"id\": 2, \"x\": 1.5}\n");

        Assert.Equal((0, "id,name\n2,brian\n", ""), rig.Run("sql", "-o", "csv", "SELECT id, name FROM 'in.csv' WHERE id > 1"));
        Assert.Equal((0, "{\"name\":\"brian\",\"x\":1.5}\n", ""), rig.Run("sql", "-o", "json", "SELECT c.name, j.x FROM 'in.csv' c JOIN 'in.json' j ON c.id = j.id"));
        Assert.Equal("n\n─\n3\n(1 row)\n", rig.Run("sql", "SELECT 1 + 2 AS n").Out);
    }

    [Fact]
    public void Queries_of_a_project_may_read_its_published_views()
    {
        rig.Run("init", "shop");
        rig.Write("shop/pipeline/views.lfsql", "CREATE VIEW nordic AS SELECT id FROM orders WHERE country = 'NO';\nCREATE VIEW nordic_count AS SELECT count(*) AS n FROM nordic;\n");
        Assert.Equal(0, rig.Run("run", "shop").Exit);
        Assert.Equal((0, "n\n3\n", ""), rig.Run("sql", "-C", "shop", "-o", "csv", "SELECT n FROM nordic_count"));
    }

    [Fact]
    public void The_graph_is_drawn_three_ways()
    {
        rig.Run("init", "shop");
        Assert.Equal("""
            orders            streaming table
            sales_by_country  materialized view  <- orders
            best_customers    materialized view  <- orders

            """.ReplaceLineEndings("\n"), rig.Run("graph", "-C", "shop").Out);
        Assert.StartsWith("flowchart LR\n", rig.Run("graph", "-C", "shop", "--format", "mermaid").Out, StringComparison.Ordinal);
        Assert.Contains("\"pipeline\": \"shop\"", rig.Run("graph", "-C", "shop", "--format", "json").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_shows_plan_and_code()
    {
        rig.Run("init", "shop");
        var output = rig.Run("explain", "orders", "-C", "shop", "--code").Out;
        Assert.Contains("Expect", output, StringComparison.Ordinal);
        Assert.Contains("class Orders", output, StringComparison.Ordinal);
        Assert.Contains("LF0030", rig.Run("explain", "ordrs", "-C", "shop").Error, StringComparison.Ordinal);
        Assert.Equal("""
            best_customers -> main.shop.best_customers
            1. groups: Aggregate sum(gross) AS gross by customer
               Scan main.shop.orders [customer, gross] pruned by customer IS NOT NULL
               → Filter customer IS NOT NULL
            2. rows of the flow
               read groups
               → Filter gross > 100.0D

            """.ReplaceLineEndings("\n"), rig.Run("explain", "best_customers", "-C", "shop", "--plan", "physical").Out);
    }

    [Fact]
    public void Old_versions_of_a_table_can_be_shown()
    {
        rig.Run("init", "shop");
        rig.Run("run", "shop");
        Assert.EndsWith("(0 rows)\n", rig.Run("show", "orders", "-C", "shop", "--version", "0").Out, StringComparison.Ordinal);
        Assert.EndsWith("(2 rows)\n", rig.Run("show", "orders", "-C", "shop", "-n", "2").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_asks_before_it_removes_what_is_no_longer_declared()
    {
        rig.Run("init", "shop");
        rig.Run("run", "shop");
        File.Delete(Path.Combine(rig.Folder, "shop/pipeline/sales.lfsql"));

        var asked = rig.Run("clean", "-C", "shop");
        Assert.Equal(2, asked.Exit);
        Assert.Contains("LF0031", asked.Error, StringComparison.Ordinal);
        Assert.Contains("Removed main.shop.sales_by_country", rig.Run("clean", "-C", "shop", "--yes").Out, StringComparison.Ordinal);
        Assert.Equal("Nothing to remove: every table in the lakehouse is declared.\n", rig.Run("clean", "-C", "shop").Out);
    }

    [Fact]
    public void Wrong_use_has_its_own_exit_code()
    {
        Assert.Equal(2, rig.Run("rum").Exit);
        Assert.Equal(2, rig.Run("run").Exit);
        Assert.Contains("LF0010", rig.Run("run").Error, StringComparison.Ordinal);
        rig.Run("init", "shop");
        Assert.Contains("LF0032", rig.Run("init", "shop").Error, StringComparison.Ordinal);
        var unknown = rig.Run("run", "shop", "--refresh", "nope");
        Assert.Equal(2, unknown.Exit);
        Assert.Contains("LF5058", unknown.Error, StringComparison.Ordinal);
    }
}
