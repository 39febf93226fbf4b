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
}
