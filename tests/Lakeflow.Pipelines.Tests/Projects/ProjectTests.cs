using Lakeflow.Pipelines;
using Lakeflow.Runtime.CommandLine;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Projects;

public sealed class ProjectTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_project_is_found_from_a_folder_below_it()
    {
        Write("lakeflow.yml", "name: shop\n");
        Directory.CreateDirectory(Path.Combine(folder, "a/b"));

        var project = Open("a/b", out _)!;

        Assert.Equal(folder, project.Root);
        Assert.Equal(("shop", "main", "default"), (project.Settings.Name, project.Settings.Catalog, project.Settings.Schema));
        Assert.Equal(Path.Combine(folder, "lakehouse"), project.Settings.Lakehouse);
    }

    [Fact]
    public void No_project_says_where_it_was_looked_for() => Assert.Equal("LF0010", Errors(".").Single().Code);

    [Fact]
    public void All_mistakes_of_the_file_are_found_at_once_each_with_its_place()
    {
        Write("lakeflow.yml", "name: shop\nlibrarys:\n  - a\nlibraries: b\nschema: x\nschema2: y\nconfiguration:\n  a: [1]\n");

        var errors = Errors(".");

        Assert.Equal(
            ["LF0012 2:1", "LF0013 4:12", "LF0012 6:1", "LF0013 8:6"],
            errors.Select(e => $"{e.Code} {e.At.Line}:{e.At.Column}"));
        Assert.Equal("Did you mean 'libraries'?", errors[0].Hint);
        Assert.Equal("Did you mean 'schema'?", errors[2].Hint);
    }

    [Fact]
    public void Broken_yaml_has_a_place()
    {
        Write("lakeflow.yml", "name: \"shop\nschema: x\n");
        var error = Errors(".").Single();
        Assert.Equal("LF0011", error.Code);
        Assert.False(error.At.IsNone);
    }

    [Fact]
    public void A_target_overrides_and_set_wins_over_both()
    {
        Write("lakeflow.yml", """
            name: shop
            schema: dev
            configuration: { a: 1, b: 1, c: 1 }
            targets:
              prod:
                schema: live
                configuration: { b: 2, c: 2 }
                lakehouse: ./prod
            """);

        var bag = new DiagnosticBag();
        var project = Project.Open(folder, "prod", ["c=3"], bag)!;

        Assert.Equal("live", project.Settings.Schema);
        Assert.Equal("a=1 b=2 c=3", string.Join(" ", project.Settings.Configuration.Select(c => $"{c.Key}={c.Value}")));
        Assert.Equal(Path.Combine(folder, "prod"), project.Settings.Lakehouse);
        Assert.Null(Project.Open(folder, "prd", [], bag));
        Assert.Equal("Did you mean 'prod'?", bag.ToImmutable().Single().Hint);
    }

    [Fact]
    public void Sparks_project_file_is_read_as_it_is()
    {
        Write("spark-pipeline.yml", $$"""
            name: shop
            storage: {{new Uri(Path.Combine(folder, "state"))}}
            catalog: main
            database: sales
            schema: ignored
            libraries:
              - glob: { include: transformations/** }
            configuration:
              start_date: "2024-01-01"
            """);
        Write("transformations/a/one.sql", "SELECT 1;");
        Write("transformations/two.py", "");

        var project = Open(".", out var bag)!;

        Assert.Equal("sales", project.Settings.Schema);
        Assert.Equal(Path.Combine(folder, "state"), project.Settings.Lakehouse);
        Assert.Equal("2024-01-01", project.Settings.Configuration["start_date"]);
        Assert.Equal(["transformations/a/one.sql"], project.LoadSources(bag).Select(s => s.File));
    }

    [Fact]
    public void Storage_elsewhere_is_refused()
    {
        Write("spark-pipeline.yml", "name: shop\nstorage: s3://bucket/state\n");
        Assert.Equal("LF0019", Errors(".").Single().Code);
    }

    [Fact]
    public void Sources_come_by_path_each_once_and_never_from_the_lakehouse()
    {
        Write("lakeflow.yml", "name: shop\nlibraries: ['silver', '*.lfsql', '**/*.lfsql']\n");
        foreach (var file in (string[])["b.lfsql", "a.sql", "silver/c.lfsql", "silver/d.sql", "lakehouse/x.lfsql", ".git/y.lfsql"]) Write(file, "");

        var project = Open(".", out var bag)!;

        Assert.Equal(["b.lfsql", "silver/c.lfsql", "silver/d.sql"], project.LoadSources(bag).Select(s => s.File));
        Assert.False(bag.HasErrors);
    }

    [Fact]
    public void A_pattern_without_files_is_an_error_at_its_place()
    {
        Write("lakeflow.yml", "name: shop\nlibraries:\n  - gold/**\n");
        var project = Open(".", out var bag)!;
        project.LoadSources(bag);
        Assert.Equal("LF0017 3:5", bag.ToImmutable().Select(d => $"{d.Code} {d.At.Line}:{d.At.Column}").Single());
    }

    [Fact]
    public void A_program_is_built_with_folders_elsewhere_as_the_project_file_writes_them()
    {
        var away = Path.Combine(Path.GetTempPath(), "lakeflow-away");
        Write("lakeflow.yml", $"name: shop\nlakehouse: ../tables\nmounts:\n  /in: ./in\n  /beside: ../beside\n  /own: ~/own\n  /away: {away}\n  /here: {Path.Combine(folder, "here")}\n");
        Write("one.lfsql", "CREATE MATERIALIZED VIEW one AS SELECT 1 AS n;");
        var project = Open(".", out _)!;

        var host = project.HostIn("shop", Session.Of(project, cache: null).Check(toCode: true));

        Assert.Equal("../tables", host.Lakehouse);
        Assert.Equal([$"/away={away}", "/beside=../beside", "/here=here", "/in=in", "/own=~/own"], host.Mounts.Select(m => $"{m.Prefix}={m.Folder}"));
        // Where it runs, they mean what they mean to the project.
        var settings = new PipelineSettings(host.TimeZone) { Mounts = host.Mounts.ToDictionary(m => m.Prefix, m => m.Folder) };
        Assert.All((string[])["/away/x", "/beside/x", "/here/x", "/in/x", "/own/x"], path => Assert.Equal(project.Paths.ToLocal(path), settings.PathsFrom(folder).ToLocal(path)));
    }

    [Theory]
    [InlineData("/Volumes/main/raw/orders/*.json", "/data/raw/orders/*.json")]
    [InlineData("dbfs:/Volumes/main/raw/x", "/data/raw/x")]
    [InlineData("/Volumes/main/raw/eu/x", "/eu/x")]
    [InlineData("/Volumes/main/rawer/x", null)]
    [InlineData("s3://bucket/x", null)]
    [InlineData("abfss://c@a.dfs.core.windows.net/x", null)]
    [InlineData("dbfs:/FileStore/x", null)]
    [InlineData("in/x.csv", "/project/in/x.csv")]
    [InlineData("./in/x.csv", "/project/in/x.csv")]
    [InlineData("/here/x.csv", "/here/x.csv")]
    public void The_longest_mount_wins_and_what_is_elsewhere_needs_one(string path, string? local)
    {
        var map = new PathMap("/project", [new("/Volumes/main/raw", "/data/raw"), new("/Volumes/main/raw/eu", "/eu")]);
        Assert.Equal(local, map.ToLocal(path));
    }

    [Theory]
    [InlineData("s3://bucket/landing/orders/*.json", "s3://bucket/landing")]
    [InlineData("/Volumes/main/shop/raw/orders", "/Volumes/main/shop/raw")]
    [InlineData("dbfs:/FileStore/x/y", "dbfs:/FileStore/x")]
    public void A_mount_is_proposed_for_the_place_not_for_the_file(string path, string prefix) =>
        Assert.Equal(prefix, PathMap.SuggestedPrefix(path));

    private Project? Open(string below, out DiagnosticBag bag)
    {
        bag = new DiagnosticBag();
        return Project.Open(Path.Combine(folder, below), null, [], bag);
    }

    private IReadOnlyList<Diagnostic> Errors(string below)
    {
        Assert.Null(Open(below, out var bag));
        return bag.ToImmutable();
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
