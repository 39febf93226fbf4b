namespace Lakeflow.Cli.Tests;

/// <summary>Queries and pipelines over many times the memory that they may take, with answers that are known.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    // 300,007 groups of three rows: the rows of group k are k, k + n and k + 2n.
    [InlineData("SELECT count(*), sum(c), sum(s), max(d) FROM (SELECT id % 300007 AS k, count(*) AS c, sum(id) AS s, count(DISTINCT id % 2) AS d FROM range(900021) GROUP BY 1)", "300007,900021,405018450210,2")]
    [InlineData("SELECT count(*), count(DISTINCT t), max(size(l)) FROM (SELECT concat('a key of some length ', id % 50021) AS t, collect_list(id) AS l FROM range(200084) GROUP BY 1)", "50021,50021,4")]
    [InlineData("SELECT count(*), sum(x.id), count(y.k) FROM range(400000) x LEFT JOIN (SELECT id * 2 AS k, repeat('x', 40) AS t FROM range(150000)) y ON x.id = y.k", "400000,79999800000,150000")]
    [InlineData("SELECT count(*), count(x.id), count(y.k) FROM range(300000) x FULL JOIN (SELECT id * 2 AS k, repeat('x', 40) AS t FROM range(200000)) y ON x.id = y.k", "350000,300000,200000")]
    [InlineData("SELECT count(*), sum(id) FROM range(400000) WHERE id NOT IN (SELECT id * 2 FROM range(200000))", "200000,40000000000")]
    [InlineData("SELECT count(*), sum(n), max(n) FROM (SELECT row_number() OVER (PARTITION BY id % 30011 ORDER BY id DESC) AS n FROM range(300110))", "300110,1650605,10")]
    [InlineData("SELECT id FROM range(1000003) ORDER BY (id * 7919) % 1000003 DESC LIMIT 2 OFFSET 500000", "829337\n170666")]
    [InlineData("SELECT count(*) FROM (SELECT id % 200003 FROM range(500000) UNION SELECT id + 100000 FROM range(300000))", "400000")]
    public void A_small_budget_changes_no_answer(string sql, string answer)
    {
        var (exit, output, error) = rig.Run("sql", "-o", "csv", "--set", "lakeflow.memory=2MB", "--set", "lakeflow.spill.folder=" + Folder, sql);
        Assert.Equal("", error);
        Assert.Equal(0, exit);
        Assert.Equal(answer, output[(output.IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimEnd('\n'));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void What_is_spilled_is_told_by_the_run_and_in_the_event_log()
    {
        rig.Write("p/lakeflow.yml", "name: t\nconfiguration:\n  lakeflow.memory: 1MB\n");
        rig.Write("p/t.lfsql", "CREATE MATERIALIZED VIEW t AS SELECT id % 100003 AS k, count(*) AS c FROM range(300009) GROUP BY 1;\n");
        var (exit, output, error) = rig.Run("run", "p");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(" spilled ", output, StringComparison.Ordinal);
        Assert.Contains("num_spilled_bytes", rig.Run("logs", "-C", "p", "--details").Out, StringComparison.Ordinal);
        Assert.Contains("100003,300009", rig.Run("sql", "-C", "p", "-o", "csv", "SELECT count(*), sum(c) FROM t").Out, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Folder, "p/lakehouse/_lakeflow/spill")));
    }

    [Fact]
    public void A_limit_that_is_reached_ends_the_run_and_leaves_the_table_as_it_was()
    {
        rig.Write("p/lakeflow.yml", "name: t\nconfiguration:\n  lakeflow.memory: 1MB\n  lakeflow.spill.limit: 300KB\n");
        rig.Write("p/t.lfsql", "CREATE MATERIALIZED VIEW t AS SELECT id % 100003 AS k, count(*) AS c FROM range(300009) GROUP BY 1;\n");
        var (exit, _, error) = rig.Run("run", "p");
        Assert.Equal(1, exit);
        Assert.Contains("LF5021", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Folder, "p/lakehouse/_lakeflow/spill")));
        Assert.Equal("count(*)\n0\n", rig.Run("sql", "-C", "p", "-o", "csv", "SELECT count(*) FROM t").Out);
    }

    [Fact]
    public void One_partition_that_is_too_large_is_told()
    {
        var (exit, _, error) = rig.Run("sql", "--set", "lakeflow.memory=1MB", "--set", "lakeflow.spill.folder=" + Folder, "SELECT row_number() OVER (ORDER BY id) FROM range(300000)");
        Assert.Equal(1, exit);
        Assert.Contains("LF5020", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void What_is_no_size_is_wrong_use()
    {
        var (exit, _, error) = rig.Run("sql", "--set", "lakeflow.memory=a lot", "SELECT 1");
        Assert.Equal(2, exit);
        Assert.Contains("LF5024", error, StringComparison.Ordinal);
    }

    private string Folder
    {
        get
        {
            var folder = Path.Combine(rig.Folder, "spill");
            Directory.CreateDirectory(folder);
            return folder;
        }
    }
}
