using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Pipelines.Tests.Caching;

/// <summary>What the plan cache gives is what compiling anew would give, whatever has changed since.</summary>
public sealed class PreparedTests : IDisposable
{
    private const string Query = "SELECT * FROM rates, read_files('/d/in', format => 'csv', header => true) ORDER BY ALL";

    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
    private readonly PlanCache cache;
    private string? target;
    private string[] sets = [];

    public PreparedTests()
    {
        cache = PlanCache.At(Path.Combine(folder, "cache"))!;
        Write("lakeflow.yml", "name: t\nlibraries: ['*.lfsql']\nmounts:\n  /d: ./data\nconfiguration:\n  low: '0'\ntargets:\n  other:\n    configuration: { low: '5' }\n");
        Write("t.lfsql", "CREATE VIEW rates AS SELECT 2 * ${low} AS rate;\nCREATE MATERIALIZED VIEW kept AS SELECT * FROM read_files('/d/in', format => 'csv', header => true);\n");
        Write("data/in/a.csv", "id,n\n1,2\n");
        Write("elsewhere/in/a.csv", "key,n\n1,2\n");
        Age("data/in/a.csv");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Everything that compiling depends on: each alone makes the plan another one.</summary>
    public static TheoryData<string> Changes => [.. Inputs.Keys];

    private static readonly Dictionary<string, Action<PreparedTests>> Inputs = new()
    {
        ["the text"] = t => t.Replace("t.lfsql", "2 *", "3 *"),
        ["a comment, which moves places"] = t => t.Replace("t.lfsql", "CREATE VIEW", "-- rates\nCREATE VIEW"),
        ["a file's name"] = t => File.Move(t.At("t.lfsql"), t.At("u.lfsql")),
        ["another file of the project"] = t => t.Write("u.lfsql", "CREATE VIEW more AS SELECT 1 AS one;"),
        ["a header"] = t => t.Write("data/in/a.csv", "no,n\n1,2\n"),
        ["a header of the same length, in the same moment"] = t => t.Write("data/in/a.csv", "no,n\n1,2\n", old: false),
        ["a type that is inferred, the size being the same"] = t => t.Write("data/in/a.csv", "id,n\n1,x\n"),
        ["a new file with one more column"] = t => t.Write("data/in/b.csv", "id,n,more\n3,4,5\n"),
        ["a folder that makes a column"] = t => t.Write("data/in/day=3/b.csv", "id,n\n3,4\n"),
        ["a file that is gone"] = t => File.Delete(t.At("data/in/a.csv")),
        ["a mount"] = t => t.Replace("lakeflow.yml", "./data", "./elsewhere"),
        ["a setting of the project file"] = t => t.Replace("lakeflow.yml", "low: '0'", "low: '1'"),
        ["a setting of the command line"] = t => t.sets = ["low=7"],
        ["the target"] = t => t.target = "other",
        ["the time zone"] = t => t.sets = ["spark.sql.session.timeZone=Europe/Berlin"],
        ["the default schema"] = t => t.Append("lakeflow.yml", "schema: s\n"),
        ["the pipeline's name"] = t => t.Replace("lakeflow.yml", "name: t", "name: u"),
        ["the lakehouse"] = t => t.Append("lakeflow.yml", "lakehouse: ./house\n"),
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_of_an_input_is_seen_and_no_change_is_not(string input)
    {
        Assert.False(PrepareProject().FromCache);
        Assert.True(PrepareProject().FromCache);
        Inputs[input](this);
        Assert.False(PrepareProject().FromCache);
    }

    [Fact]
    public void Whatever_changes_the_rows_are_those_of_compiling_anew()
    {
        var names = Inputs.Keys.Where(k => k != "a file's name").ToArray();
        Prop.ForAll(Gen.ArrayOf(Gen.Elements(names), 4).ToArbitrary(), changes =>
        {
            using var test = new PreparedTests();
            foreach (var change in changes)
            {
                var (found, again, anew) = (test.Rows(test.cache), test.Rows(test.cache), test.Rows(null));
                Assert.Equal(anew, found);
                Assert.Equal(anew, again);
                if (change != "a file that is gone" || File.Exists(test.At("data/in/a.csv"))) Inputs[change](test);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(6));
    }

    [Fact]
    public void New_files_with_the_same_columns_change_no_plan()
    {
        PrepareProject();
        Write("data/in/b.csv", "id,n\n3,4\n");
        Assert.True(PrepareProject().FromCache);
        Assert.Equal(Rows(null), Rows(cache));
    }

    [Fact]
    public void A_table_of_the_lakehouse_counts_with_its_columns_and_not_with_its_rows()
    {
        Update("CREATE MATERIALIZED VIEW kept AS SELECT 1 AS id;");
        Write("t.lfsql", "CREATE TEMPORARY VIEW nothing AS SELECT 1 AS one;");
        const string Sql = "SELECT * FROM main.default.kept";
        Assert.False(Prepare(Sql).FromCache);
        Assert.True(Prepare(Sql).FromCache);

        Update("CREATE MATERIALIZED VIEW kept AS SELECT id FROM range(5);");
        Write("t.lfsql", "CREATE TEMPORARY VIEW nothing AS SELECT 1 AS one;");
        Assert.False(Prepare(Sql).FromCache); // INT became BIGINT
        Assert.True(Prepare(Sql).FromCache);

        Update("CREATE MATERIALIZED VIEW kept AS SELECT id FROM range(9);");
        Write("t.lfsql", "CREATE TEMPORARY VIEW nothing AS SELECT 1 AS one;");
        Assert.True(Prepare(Sql).FromCache);

        Directory.Delete(At("lakehouse/main/default/kept"), recursive: true);
        Assert.True(PrepareQuery(Sql, cache).HasErrors);
    }

    [Fact]
    public void A_folder_that_becomes_a_Delta_table_is_seen()
    {
        Update("CREATE MATERIALIZED VIEW kept AS SELECT 1 AS id;");
        var sql = $"SELECT * FROM delta.`{At("copy").Replace('\\', '/')}`";
        Copy(At("lakehouse/main/default/kept"), At("copy"));
        Assert.False(Prepare(sql).FromCache);
        Assert.True(Prepare(sql).FromCache);
        Directory.Delete(At("copy"), recursive: true);
        Update("CREATE MATERIALIZED VIEW kept AS SELECT 'x' AS name;");
        Copy(At("lakehouse/main/default/kept"), At("copy"));
        Assert.False(Prepare(sql).FromCache);
    }

    [Fact]
    public void Warnings_are_shown_each_time_and_mistakes_are_never_kept()
    {
        Write("t.lfsql", "SET nothing;\nCREATE MATERIALIZED VIEW kept AS SELECT id, \"id\" AS word FROM range(3);");
        var first = PrepareProject();
        var second = PrepareProject();
        Assert.True(second.FromCache);
        Assert.Equal(["LF1102", "LF2023"], second.Diagnostics.Select(d => d.Code));
        Assert.Equal(first.Diagnostics.AsEnumerable(), second.Diagnostics);
        Assert.Equal(Open(null).Check(toCode: true).Diagnostics.AsEnumerable(), second.Diagnostics);

        Write("t.lfsql", "CREATE MATERIALIZED VIEW kept AS SELECT nobody;");
        for (var i = 0; i < 2; i++)
        {
            var broken = Open(cache).Prepare();
            Assert.True(broken.HasErrors);
            Assert.False(broken.FromCache);
        }
    }

    [Fact]
    public void Every_question_of_the_catalog_is_recorded()
    {
        // A question with an answer by default would pass the recording by, and the plan would rest on what nobody looks at again.
        var map = typeof(RecordingCatalog).GetInterfaceMap(typeof(Lakeflow.Compiler.Catalog.ICatalog));
        Assert.All(map.TargetMethods, m => Assert.Equal(typeof(RecordingCatalog), m.DeclaringType));
    }

    [Fact]
    public void The_clock_is_not_kept()
    {
        const string Sql = "SELECT unix_micros(current_timestamp()) AS now";
        Prepare(Sql);
        var (first, second) = (Rows(cache, Sql), Rows(cache, Sql));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void An_entry_whose_assembly_is_gone_or_damaged_is_compiled_anew()
    {
        PrepareProject();
        foreach (var file in new DirectoryInfo(At("cache/plans")).GetFiles())
        {
            Assert.True(PrepareProject().FromCache);
            var bytes = File.ReadAllBytes(file.FullName);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file.FullName, bytes);
            Assert.False(PrepareProject().FromCache);
        }
    }

    /// <summary>Adds a line; a second time it is there.</summary>
    private void Append(string path, string line)
    {
        var text = File.ReadAllText(At(path));
        if (!text.Contains(line, StringComparison.Ordinal)) Write(path, text + line);
    }

    /// <summary>Prepares and loads, which is when an entry is written.</summary>
    private PreparedPipeline PrepareProject()
    {
        var prepared = Open(cache).Prepare();
        if (!prepared.HasErrors) prepared.Load().Dispose();
        return prepared;
    }

    private PreparedPipeline Prepare(string sql)
    {
        var prepared = PrepareQuery(sql, cache);
        Assert.False(prepared.HasErrors, string.Join('\n', prepared.Diagnostics));
        prepared.Load().Dispose();
        return prepared;
    }

    private PreparedPipeline PrepareQuery(string sql, PlanCache? plans) => Open(plans).PrepareQuery(sql);

    /// <summary>The columns and rows of a query, or its mistakes, or what its data are refused for.</summary>
    private string Rows(PlanCache? plans, string sql = Query)
    {
        var session = Open(plans);
        var prepared = session.PrepareQuery(sql);
        if (prepared.HasErrors) return string.Join('\n', prepared.Diagnostics);
        try
        {
            using var result = session.Query(prepared, TimeProvider.System, long.MaxValue, default);
            return $"{result.Columns}\n{string.Join('\n', result.Batches.SelectMany(b => Enumerable.Range(0, b.Length).Select(i => RowJson.Whole(b, i))))}";
        }
        catch (RuntimeError error)
        {
            return error.ToDiagnostic().ToString();
        }
    }

    private void Update(string text)
    {
        Write("t.lfsql", text);
        var session = Open(cache);
        Assert.Equal(UpdateState.Completed, session.Run(session.Prepare(), new UpdateOptions { Workers = 1, FullRefreshAll = true }, null, TimeProvider.System, default).State);
    }

    private Session Open(PlanCache? plans)
    {
        var bag = new DiagnosticBag();
        var project = Project.Open(folder, target, sets, bag);
        Assert.True(project is not null, string.Join('\n', bag.ToImmutable()));
        return Session.Of(project, plans);
    }

    private string At(string path) => Path.Combine(folder, path);

    private void Replace(string path, string from, string to) => Write(path, File.ReadAllText(At(path)).Replace(from, to, StringComparison.Ordinal));

    /// <param name="path">Below the project's folder.</param>
    /// <param name="text">What to write.</param>
    /// <param name="old">True gives the file a time that is long past, so that its size and time tell what it holds.</param>
    private void Write(string path, string text, bool old = true)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
        if (old) Age(path);
    }

    private int age;

    private void Age(string path) => File.SetLastWriteTimeUtc(At(path), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(age++));

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
    }
}
