using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Functions;

/// <summary>Whole updates of a pipeline that calls the methods of <see cref="ShopFunctions"/>.</summary>
public sealed class UserMethodUpdateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Expectations_call_them_and_a_failure_is_that_of_the_flow_at_its_place()
    {
        var result = Update("""
            CREATE MATERIALIZED VIEW kept (CONSTRAINT loud EXPECT (shout(name) <> 'B!') ON VIOLATION DROP ROW)
            AS SELECT * FROM VALUES (1, 'a'), (2, 'b'), (3, NULL) AS v(id, name);
            CREATE MATERIALIZED VIEW broken AS
            SELECT id,
                   picky(-id, name) AS p
            FROM kept;
            """);
        Assert.Equal(UpdateState.Failed, result.State);
        var kept = result.Flows.Single(f => f.Flow.Target.Name == "kept");
        Assert.Equal((0, 1, 2), (kept.Counts.Read, kept.Counts.Written, kept.Counts.Dropped));
        var error = result.Flows.Single(f => f.Flow.Target.Name == "broken").Error!;
        Assert.Equal(("LF5013", "t.lfsql", 5, 8), (error.Code, error.At.File, error.At.Line, error.At.Column));
        Assert.Contains("ShopFunctions.Picky(-1, \"a\") failed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_over_one_that_differs_at_each_call_is_never_up_to_date()
    {
        const string sql = "CREATE MATERIALIZED VIEW v AS SELECT count_up() AS n; CREATE MATERIALIZED VIEW w AS SELECT shout('a') AS n;";
        Assert.Equal(UpdateState.Completed, Update(sql).State);
        var again = Update(sql);
        Assert.Equal([("v", true), ("w", false)], again.Flows.Select(f => (f.Flow.Target.Name, f.Steps > 0)).Order());
    }

    [Fact]
    public void Outside_of_a_build_the_function_is_unknown_and_the_message_says_where_it_lives()
    {
        File.WriteAllText(Path.Combine(folder, "shop.csproj"), "<Project />");
        Write("CREATE MATERIALIZED VIEW v AS SELECT my_own(1) AS n;");
        var found = Assert.Single(Open().Check().Diagnostics);
        Assert.Equal(("LF2003", ProjectErrors.FunctionsOfBuild), (found.Code, found.Hint));
        Assert.Equal(ProjectErrors.FunctionsOfBuild, Assert.Single(Open().Check(catalog: new LockedCatalog(SchemaLock.Empty)).Diagnostics).Hint);
        Assert.Null(Assert.Single(Open().Check(catalog: new LockedCatalog(SchemaLock.Empty, UserCode.Functions)).Diagnostics).Hint);
        File.Delete(Path.Combine(folder, "shop.csproj"));
        Assert.Null(Assert.Single(Open().Check().Diagnostics).Hint);
    }

    private UpdateResult Update(string sql)
    {
        Write(sql);
        var session = Open();
        var checkedSources = session.Check(toCode: true, new LockedCatalog(SchemaLock.Empty, UserCode.Functions));
        Assert.False(checkedSources.HasErrors, string.Join('\n', checkedSources.Diagnostics));
        using var compiled = UserCode.Load(checkedSources.Code);
        return UpdateRunner.Run(compiled.Pipeline, session.Lakehouse, new FileSources(session.Project!.Paths), session.Project.Paths, new UpdateOptions { Workers = 1 });
    }

    private Session Open() => Session.Of(Project.Open(folder, null, [], new DiagnosticBag())!, cache: null);

    private void Write(string sql)
    {
        File.WriteAllText(Path.Combine(folder, "lakeflow.yml"), "name: t\n");
        File.WriteAllText(Path.Combine(folder, "t.lfsql"), sql);
    }
}
