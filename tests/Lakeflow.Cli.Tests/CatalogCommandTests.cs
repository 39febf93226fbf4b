namespace Lakeflow.Cli.Tests;

/// <summary>The lock file: made, used without the sources, compared with them.</summary>
public sealed class CatalogCommandTests : IDisposable
{
    private const string LockFile = "shop/lakeflow.lock.json";

    private readonly CliRig rig = new();

    public CatalogCommandTests()
    {
        rig.Write("shop/lakeflow.yml", "name: shop\nmounts:\n  /data: ./data\n");
        rig.Write("shop/data/orders/1.csv", "id,country,gross\n1,no,2.5\n");
        rig.Write("shop/shop.lfsql", """
            CREATE MATERIALIZED VIEW orders AS SELECT id, country, gross FROM read_files('/data/orders', format => 'csv', header => true);
            CREATE MATERIALIZED VIEW by_country AS SELECT country, sum(gross) AS gross FROM orders GROUP BY country;
            CREATE MATERIALIZED VIEW best AS SELECT * FROM by_country WHERE gross > 1;
            CREATE MATERIALIZED VIEW untouched AS SELECT 1 AS one;
            """);
    }

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_snapshot_has_the_same_bytes_every_time_and_says_so()
    {
        Assert.Equal((0, "Wrote <folder>/shop/lakeflow.lock.json: 1 source(s).\n", ""), rig.Run("catalog", "snapshot", "shop"));
        var first = File.ReadAllText(Path.Combine(rig.Folder, LockFile));
        Assert.Contains("""        {"name":"gross","type":"double","nullable":true,"metadata":{}}""", first, StringComparison.Ordinal);
        Assert.EndsWith("}\n", first, StringComparison.Ordinal);

        Assert.StartsWith("Nothing changed", rig.Run("catalog", "snapshot", "shop").Out, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllText(Path.Combine(rig.Folder, LockFile)));
    }

    [Fact]
    public void With_a_lock_file_a_project_is_validated_without_its_sources()
    {
        rig.Run("catalog", "snapshot", "shop");
        Directory.Delete(Path.Combine(rig.Folder, "shop/data"), recursive: true);

        Assert.Equal((0, "No mistakes: 4 datasets, 4 flows, 0 warning(s).\n"), rig.Run("validate", "shop") is var (exit, output, _) ? (exit, output) : default);
        Assert.Equal(2, rig.Run("validate", "shop", "--live").Exit);
    }

    [Fact]
    public void A_table_outside_of_the_project_is_in_the_lock_file_too()
    {
        rig.Write("shop/other/lakeflow.yml", "name: other\nschema: ref\nlakehouse: ../lakehouse\n");
        rig.Write("shop/other/other.lfsql", "CREATE MATERIALIZED VIEW countries (code STRING NOT NULL, name STRING) AS SELECT 'no' AS code, 'Norway' AS name;");
        Assert.Equal(0, rig.Run("run", "shop/other").Exit);
        rig.Write("shop/lakeflow.yml", "name: shop\nlibraries: ['*.lfsql']\nmounts:\n  /data: ./data\n");
        rig.Write("shop/names.lfsql", "CREATE MATERIALIZED VIEW names AS SELECT name FROM ref.countries;");
        Assert.Equal(0, rig.Run("catalog", "snapshot", "shop").Exit);
        Directory.Delete(Path.Combine(rig.Folder, "shop/lakehouse"), recursive: true);

        Assert.Equal(0, rig.Run("validate", "shop").Exit);
        Assert.Contains("\"table\": \"main.ref.countries\"", File.ReadAllText(Path.Combine(rig.Folder, LockFile)), StringComparison.Ordinal);
        Assert.Contains("""{"name":"code","type":"string","nullable":false""", File.ReadAllText(Path.Combine(rig.Folder, LockFile)), StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_that_are_not_in_the_lock_file_are_errors_at_their_place()
    {
        rig.Run("catalog", "snapshot", "shop");
        rig.Write("shop/more.lfsql", """
            CREATE MATERIALIZED VIEW more AS SELECT * FROM read_files('/data/orders', format => 'csv');
            CREATE MATERIALIZED VIEW names AS SELECT * FROM countries;
            """);

        var (exit, _, error) = rig.Run("validate", "shop");

        Assert.Equal(2, exit);
        Assert.Contains("more.lfsql(1,59): error LF0052: lakeflow.lock.json has no schema of '/data/orders' as this query reads it.", error, StringComparison.Ordinal);
        Assert.Contains("more.lfsql(2,49): error LF2002: There is no table or view 'countries'.", error, StringComparison.Ordinal);
        Assert.Contains("nor in lakeflow.lock.json", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_names_the_columns_that_changed_and_the_datasets_that_break()
    {
        rig.Run("catalog", "snapshot", "shop");
        Assert.Equal((0, "All 1 source(s) are as in lakeflow.lock.json.\n", ""), rig.Run("catalog", "check", "shop"));

        rig.Write("shop/data/orders/1.csv", "id,land,gross\nx1,no,2.5\n");
        var (exit, output, error) = rig.Run("catalog", "check", "shop");

        Assert.Equal((1, ""), (exit, error));
        Assert.Equal("""
            /data/orders
              column id INT is now id STRING
              column country STRING is gone
              column land STRING is new

            breaks  orders: shop.lfsql(1,47): error LF2001: There is no column 'country' here. In scope: id, land, gross, _rescued_data.
            breaks  by_country: reads orders
            breaks  best: reads by_country

            """.ReplaceLineEndings("\n"), output);
    }

    [Fact]
    public void Check_tells_a_dataset_that_only_gets_another_type_from_one_that_breaks()
    {
        rig.Run("catalog", "snapshot", "shop");
        rig.Write("shop/data/orders/1.csv", "id,country,gross\nx1,no,2.5\n");

        var (exit, output, _) = rig.Run("catalog", "check", "shop");

        Assert.Equal(1, exit);
        Assert.EndsWith("\n\nchanges  orders: column id INT is now id STRING\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"version\": 2, \"sources\": [] }", "lakeflow.lock.json(1,1): error LF0050: lakeflow.lock.json has the form 2, and this Lakeflow knows up to 1.")]
    [InlineData("{ \"version\": 1,\n<<<<<<< HEAD\n \"sources\": [] }", "lakeflow.lock.json(2,1): error LF0051: lakeflow.lock.json cannot be read: it is no JSON.")]
    [InlineData("{ \"version\": 1 }", "error LF0051")]
    [InlineData("[]", "error LF0051")]
    [InlineData("{ \"version\": 1, \"sources\": [ { \"files\": \"x\", \"columns\": [ {\"name\":\"a\",\"type\":\"long\"} ] } ] }", "error LF0051")]
    [InlineData("{ \"version\": 1, \"sources\": [ { \"table\": \"a.b.c\", \"columns\": [ {\"name\":\"a\",\"type\":\"colour\"} ] } ] }", "error LF0051")]
    public void A_lock_file_that_cannot_be_used_is_refused(string text, string wanted)
    {
        rig.Write(LockFile, text);
        foreach (var command in new[] { new[] { "validate", "shop" }, ["catalog", "check", "shop"] })
        {
            var (exit, _, error) = rig.Run(command);
            Assert.Equal(2, exit);
            Assert.StartsWith(wanted, error[Math.Max(0, error.IndexOf(wanted, StringComparison.Ordinal))..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_lock_file_there_is_nothing_to_check()
    {
        var (exit, _, error) = rig.Run("catalog", "check", "shop");
        Assert.Equal(2, exit);
        Assert.StartsWith("error LF0053: There is no lakeflow.lock.json to compare with.", error, StringComparison.Ordinal);
    }
}
