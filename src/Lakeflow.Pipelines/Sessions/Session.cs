using System.Collections.Immutable;
using System.Text;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Pipelines;

/// <summary>From text to something that runs: opens, compiles and runs a project, or a query without one.</summary>
public sealed class Session
{
    private readonly ProjectDefaults defaults;
    private readonly PathMap paths;

    private Session(Project? project, string folder)
    {
        Project = project;
        paths = project?.Paths ?? new PathMap(folder.Replace('\\', '/'), []);
        var zone = project?.Settings.Configuration.GetValueOrDefault("spark.sql.session.timeZone") ?? "UTC";
        Zone = SessionZone.Find(zone) ?? SessionZone.Utc;
        defaults = project is null
            ? new ProjectDefaults("query") { TimeZone = Zone.Id }
            : new ProjectDefaults(project.Settings.Name, project.Settings.Catalog, project.Settings.Schema)
            {
                Configuration = project.Settings.Configuration,
                TimeZone = Zone.Id,
            };
        Lakehouse = project?.OpenLakehouse() ?? Lakehouse.InFolder(Path.Combine(folder, "lakehouse"));
        Catalog = new LiveCatalog(project?.Settings.Lakehouse, paths);
    }

    public Project? Project { get; }

    public Lakehouse Lakehouse { get; }

    public LiveCatalog Catalog { get; }

    /// <summary>The session time zone.</summary>
    public SessionZone Zone { get; }

    public static Session Of(Project project) => new(project, project.Root);

    /// <summary>A session for queries over plain files.</summary>
    /// <param name="folder">Where relative paths start.</param>
    public static Session WithoutProject(string folder) => new(null, folder);

    /// <summary>Compiles the project as far as a bound and improved graph, and finds every mistake in it.</summary>
    public CompiledSources Check(bool toCode = false)
    {
        var bag = new DiagnosticBag();
        var sources = Project!.LoadSources(bag);
        return bag.HasErrors ? new CompiledSources(sources, null, bag.ToImmutable()) : Compile(sources, isQuery: false, bag, toCode);
    }

    /// <summary>Compiles one query.</summary>
    public CompiledSources CheckQuery(string sql)
    {
        var bag = new DiagnosticBag();
        if (Project is not null) sql += ViewsBehind(sql);
        return Compile([new SourceText("", sql)], isQuery: true, bag, toCode: true);
    }

    /// <summary>The project's views that a query may mean, as text to stand behind it: a view is not stored, so it comes with the query.</summary>
    /// <remarks>Behind, so that places in the query stay what they are. Mistakes in the project are not the query's.</remarks>
    private string ViewsBehind(string sql)
    {
        var bag = new DiagnosticBag();
        var options = new ParseOptions(defaults.Configuration);
        var views = Project!.LoadSources(bag)
            .Select(source => Parser.ParseScript(source, options, bag))
            .SelectMany(script => script.Statements.OfType<CreateViewSyntax>().Where(v => !v.IsTemporary).Select(v => (v.Name, Text: script.Source.Slice(v.Span))))
            .ToList();
        var behind = new StringBuilder();
        for (var text = sql; ;)
        {
            var meant = views.Where(v => text.Contains(v.Name.Last.Text, StringComparison.OrdinalIgnoreCase)).ToList();
            if (meant.Count == 0) return behind.ToString();
            // A view may read views.
            text = string.Concat(meant.Select(v => ";\n" + v.Text));
            behind.Append(text);
            views.RemoveAll(meant.Contains);
        }
    }

    /// <summary>Runs an update of a checked project.</summary>
    public UpdateResult Run(CompiledSources compiled, UpdateOptions options, IProgress<UpdateEvent>? progress, TimeProvider time, CancellationToken stop)
    {
        using var pipeline = Load(compiled);
        return UpdateRunner.Run(pipeline.Pipeline, Lakehouse, new FileSources(paths), paths, options with { Zone = Zone }, progress, time, stop);
    }

    /// <summary>Runs a checked query; the rows come in their order.</summary>
    public QueryResult Query(CompiledSources compiled, TimeProvider time, long mostRows, CancellationToken stop)
    {
        using var pipeline = Load(compiled);
        return QueryRunner.Run(pipeline.Pipeline, Lakehouse, new FileSources(paths), paths, Zone, time, mostRows, stop);
    }

    private static CompiledPipeline Load(CompiledSources compiled) => new RoslynCompiler(PlanCache.Open()).Load(compiled.Code);

    private CompiledSources Compile(ImmutableArray<SourceText> sources, bool isQuery, DiagnosticBag bag, bool toCode)
    {
        var result = Compilation.Compile(sources, Catalog, new CompileOptions(defaults) { IsQuery = isQuery, ToCode = toCode });
        bag.AddRange(result.Diagnostics);
        return new CompiledSources(sources, result, bag.ToImmutable()) { Physical = result.Physical, Code = result.Code };
    }
}

/// <summary>A project's or query's text and what became of it.</summary>
/// <param name="Sources">The files.</param>
/// <param name="Result">The compiler's stages; null if the files could not be read.</param>
/// <param name="Diagnostics">All that was found, by place.</param>
public sealed record CompiledSources(ImmutableArray<SourceText> Sources, CompilationResult? Result, ImmutableArray<Diagnostic> Diagnostics)
{
    public PhysicalPipeline? Physical { get; init; }

    public ImmutableArray<GeneratedFile> Code { get; init; } = [];

    public bool HasErrors => Diagnostics.Any(d => d.IsError);
}
