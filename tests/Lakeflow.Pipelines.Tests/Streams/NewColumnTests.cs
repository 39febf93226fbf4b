using System.Globalization;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Files that gain a column after the pipeline was compiled: language specification §1.10, <c>schemaEvolutionMode</c>.</summary>
public sealed class NewColumnTests : IDisposable
{
    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("csv", "id,v\n1,a\n", "id,v,city\n2,b,Oslo\n3,c,Rome\n")]
    [InlineData("csv", "id,v\n1,a\n", "id,v,city\n2,b,Oslo\n3,c,Rome\n", ", rescuedDataColumn => ''")]
    [InlineData("json", "{\"id\":1,\"v\":\"a\"}\n", "{\"id\":2,\"v\":\"b\",\"city\":\"Oslo\"}\n{\"id\":3,\"v\":\"c\",\"city\":\"Rome\"}\n")]
    [InlineData("json", "{\"id\":1,\"v\":\"a\"}\n", "{\"id\":2,\"v\":\"b\",\"city\":\"Oslo\"}\n{\"id\":3,\"v\":\"c\",\"city\":\"Rome\"}\n", ", schemaEvolutionMode => 'addNewColumnsWithTypeWidening'")]
    public void The_flow_fails_once_and_goes_on_with_the_column(string format, string before, string after, string options = "")
    {
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('in', format => '{format}'{options});");
        rig.Write("in/1", before);
        rig.Run();
        var failed = Late(() => rig.Write("in/2", after));
        Assert.Equal(("LF7021", true), (failed.Flows.Single().Error!.Code, failed.Flows.Single().Error!.WantsNewPlan));
        Assert.Equal(1, rig.Table("t").RowCount);

        rig.Run();
        Assert.Equal(1, rig.Table("t").Schema.Fields.Count(f => f.Name == "city"));
        rig.Sql($"CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('in', format => '{format}'{options}); CREATE MATERIALIZED VIEW seen AS SELECT id, v, city{(options.Contains("''", StringComparison.Ordinal) ? "" : ", _rescued_data IS NULL AS tidy")} FROM t;");
        rig.Run();
        var tidy = options.Contains("''", StringComparison.Ordinal) ? "" : " True";
        Assert.Equal($"1 a NULL{tidy}, 2 b Oslo{tidy}, 3 c Rome{tidy}", rig.Rows("seen"));
        Assert.True(rig.Run().NothingNew);
    }

    [Fact]
    public void A_parquet_file_brings_its_columns_too()
    {
        using var other = new PipelineRig("""
            CREATE MATERIALIZED VIEW a AS SELECT 1 AS id;
            CREATE MATERIALIZED VIEW b AS SELECT 2 AS id, 'Oslo' AS city;
            """);
        other.Run();
        rig.Sql("CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('in', format => 'parquet');");
        Take("a");
        rig.Run();
        Assert.Equal("LF7021", Late(() => Take("b")).Flows.Single().Error!.Code);
        rig.Run();
        rig.Sql("CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('in', format => 'parquet'); CREATE MATERIALIZED VIEW seen AS SELECT id, city FROM t;");
        rig.Run();
        Assert.Equal("1 NULL, 2 Oslo", rig.Rows("seen"));

        void Take(string table)
        {
            Directory.CreateDirectory(Path.Combine(rig.Folder, "in"));
            foreach (var file in Directory.EnumerateFiles(other.TablePath(table), "*.parquet")) File.Copy(file, Path.Combine(rig.Folder, "in", table + ".parquet"));
        }
    }

    [Theory]
    [InlineData("schemaEvolutionMode => 'rescue'", null, "1 NULL, 2 Oslo")]
    [InlineData("schemaEvolutionMode => 'none', rescuedDataColumn => '_rescued_data'", null, "1 NULL, 2 Oslo")]
    [InlineData("schemaEvolutionMode => 'failOnNewColumns'", "LF7021", "1 NULL")]
    [InlineData("dropFieldIfAllNull => true", null, "1 NULL, 2 NULL")]
    public void Other_modes_keep_their_schema_and_what_inference_passes_over_ends_no_run(string options, string? code, string rows)
    {
        var sql = string.Create(CultureInfo.InvariantCulture, $"CREATE STREAMING TABLE t AS SELECT id, _rescued_data:city AS city FROM STREAM read_files('in', format => 'json', {options});");
        rig.Sql(sql);
        rig.Write("in/1.json", "{\"id\":1}\n");
        rig.Run();
        var late = Late(() => rig.Write("in/2.json", options.StartsWith("drop", StringComparison.Ordinal) ? "{\"id\":2,\"city\":null}\n" : "{\"id\":2,\"city\":\"Oslo\"}\n"));
        Assert.Equal(code, late.Flows.Single().Error?.Code);
        Assert.Equal(rows, rig.Rows("t"));
    }

    [Fact]
    public void Of_very_many_files_the_newest_are_among_those_that_are_looked_at()
    {
        for (var i = 0; i < 1100; i++) rig.Write(string.Create(CultureInfo.InvariantCulture, $"in/{i:0000}.json"), "{\"id\":1}\n");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(rig.Folder, "in"))) File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        rig.Sql("CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('in', format => 'json', maxFilesPerTrigger => 2000);");
        rig.Run();
        Assert.Equal("LF7021", Late(() => rig.Write("in/9999.json", "{\"id\":2,\"city\":\"Oslo\"}\n")).Flows.Single().Error!.Code);
        rig.Run();
        Assert.Contains("city", rig.Table("t").Schema.Fields.Select(f => f.Name));
        Assert.Equal(1101, rig.Table("t").RowCount);
    }

    /// <summary>An update of a pipeline that was compiled before something happened to its files.</summary>
    private UpdateResult Late(Action happens)
    {
        var session = rig.Open();
        var compiled = session.Prepare();
        happens();
        return session.Run(compiled, new UpdateOptions { Workers = 2, MaxRetries = 0 }, null, TimeProvider.System, default);
    }
}
