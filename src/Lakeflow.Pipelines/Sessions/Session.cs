using System.Collections.Immutable;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Pipelines;

/// <summary>From text to something that runs: opens, compiles and runs a project, or a query without one.</summary>
public sealed class Session
{
    private readonly ProjectDefaults defaults;
    private readonly PathMap paths;
    private readonly PlanCache? cache;

    private readonly LiveDefinitions? live;
    private readonly Lazy<MemoryBudget> memory;

    private Session(Project? project, string folder, PlanCache? cache, LiveDefinitions? live = null, IReadOnlyDictionary<string, string>? configuration = null)
    {
        Project = project;
        this.live = live;
        this.cache = cache;
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
        if (live is not null) Lakehouse = live.Over(project);
        memory = new(() => MemoryBudget.Of(
            project?.Settings.Configuration ?? configuration ?? ImmutableSortedDictionary<string, string>.Empty,
            project is null ? SpillFolder.Temporary : Lakehouse.SpillFolder(project.Settings.Lakehouse)));
        string[] folders = [.. live is null ? [] : new[] { live.Folder }, .. project is null ? [] : new[] { project.Settings.Lakehouse }];
        Catalog = new LiveCatalog(folders.Length == 0 ? null : Lakehouse, [.. folders], paths);
    }

    public Project? Project { get; }

    public Lakehouse Lakehouse { get; }

    public LiveCatalog Catalog { get; }

    /// <summary>The session time zone.</summary>
    public SessionZone Zone { get; }

    public static Session Of(Project project) => Of(project, PlanCache.Open(project.Settings.Lakehouse));

    /// <summary>A session over a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="cache">Where plans are kept, or null to compile each anew.</param>
    public static Session Of(Project project, PlanCache? cache) => new(project, project.Root, cache);

    /// <summary>A session for queries over plain files.</summary>
    /// <param name="folder">Where relative paths start.</param>
    /// <param name="configuration">Settings of the command line.</param>
    public static Session WithoutProject(string folder, IReadOnlyDictionary<string, string>? configuration = null) =>
        new(null, folder, PlanCache.Open(), configuration: configuration);

    /// <summary>A session whose datasets are typed in, over the tables of a project or over plain files.</summary>
    /// <param name="project">The project, or null.</param>
    /// <param name="folder">Where relative paths start without a project.</param>
    /// <param name="live">What was typed.</param>
    public static Session Live(Project? project, string folder, LiveDefinitions live) =>
        new(project, project?.Root ?? folder, PlanCache.Open(project?.Settings.Lakehouse), live);

    /// <summary>Compiles the project as far as a bound and improved graph, and finds every mistake in it.</summary>
    /// <param name="toCode">Goes on to C#.</param>
    /// <param name="catalog">Answers for the files and tables outside of the project; without it, what is there now does.</param>
    /// <param name="sourceRoot">See <see cref="CompileOptions.SourceRoot"/>.</param>
    /// <param name="variants">See <see cref="CompileOptions.Variants"/>.</param>
    public CompiledSources Check(bool toCode = false, ICatalog? catalog = null, string sourceRoot = "", bool variants = true)
    {
        var bag = new DiagnosticBag();
        var sources = OwnSources(bag);
        // What a file that is no text declares is not to be missed everywhere else.
        var isWhole = !bag.HasErrors || (!sources.IsEmpty && bag.ToImmutable().All(d => !d.IsError || sources.Any(s => s.IsGuessed && s.File == d.At.File)));
        return isWhole ? Compile(sources, isQuery: false, bag, toCode, catalog ?? Catalog, sourceRoot, variants) : new CompiledSources(sources, null, bag.ToImmutable());
    }

    /// <summary>Compiles one query.</summary>
    public CompiledSources CheckQuery(string sql) => Compile([new SourceText("", sql + ViewsBehind(sql, ProjectSources()))], isQuery: true, new DiagnosticBag(), toCode: true, Catalog);

    /// <summary>Makes the project ready to run, from the plan cache if nothing that it depends on has changed.</summary>
    public PreparedPipeline Prepare()
    {
        var bag = new DiagnosticBag();
        var sources = OwnSources(bag);
        if (bag.HasErrors) return new PreparedPipeline(sources, bag.ToImmutable(), [], fromCache: false, () => throw new InvalidOperationException("the sources cannot be read"));
        return Prepare("project", sources, query: null, bag);
    }

    /// <summary>Makes one query ready to run, as <see cref="Prepare()"/>.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="compiling">Told that the plan cache has no answer, before the compiler is asked.</param>
    public PreparedPipeline PrepareQuery(string sql, Action? compiling = null) => Prepare("query", ProjectSources(), sql, new DiagnosticBag(), compiling);

    /// <summary>Tables that a query misses although the project declares them, as the query writes them: no run has made them yet.</summary>
    public IEnumerable<string> Unmade(PreparedPipeline prepared)
    {
        var missing = prepared.Diagnostics.Where(d => d.Code == "LF2002").Select(d => d.Message.Split('\'')[1]).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (missing.Count == 0 || Project is null) return [];
        var options = new ParseOptions(defaults.Configuration);
        var declared = Project.LoadSources(new DiagnosticBag()).SelectMany(source => Parser.ParseScript(source, options, new DiagnosticBag()).Statements).Select(s => s switch
        {
            CreateStreamingTableSyntax table => table.Name,
            CreateMaterializedViewSyntax view => view.Name,
            _ => null,
        }).OfType<NameSyntax>().Select(n => n.Last.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return missing.Where(m => declared.Contains(m[(m.LastIndexOf('.') + 1)..]));
    }

    /// <summary>The texts that declare what is run: the project's, or what was typed with the project's views that it reads.</summary>
    private ImmutableArray<SourceText> OwnSources(DiagnosticBag bag)
    {
        if (live is null) return Project!.LoadSources(bag);
        var views = ViewsBehind(string.Join('\n', live.Texts.Select(t => t.Text)), Project?.LoadSources(new DiagnosticBag()) ?? []);
        return views.Length == 0 ? live.Texts : live.Texts.Add(new SourceText("views", views));
    }

    /// <summary>The texts whose views a query may read: mistakes in the project are not the query's.</summary>
    private ImmutableArray<SourceText> ProjectSources() =>
        [.. live?.Texts ?? [], .. Project?.LoadSources(new DiagnosticBag()).Where(t => !t.IsGuessed) ?? []];

    private PreparedPipeline Prepare(string kind, ImmutableArray<SourceText> texts, string? query, DiagnosticBag bag, Action? compiling = null)
    {
        var plans = cache is null ? null : new PreparedPlans(cache);
        var key = plans is null ? "" : PreparedPlans.KeyOf([kind, query ?? "", .. SettingsParts(), .. texts.SelectMany(t => new[] { t.File, t.Text })]);
        if (plans?.Find(key) is var (plan, image))
        {
            // A person waits for a query: its code is made ready while the catalog is asked, by another processor.
            var ahead = query is null || Environment.ProcessorCount == 1 ? null : CompiledPipeline.LoadAhead(image);
            if (plans.Holds(key, plan, Catalog))
            {
                bag.AddRange(plan.Diagnostics);
                return new PreparedPipeline(
                    query is null ? texts : [new SourceText("", plan.Text)], bag.ToImmutable(), plan.Asked, fromCache: true,
                    () => ahead is null ? CompiledPipeline.Load(image, fromCache: true) : ahead.GetAwaiter().GetResult());
            }

            ahead?.ContinueWith(loaded => loaded.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }

        compiling?.Invoke();
        var text = query is null ? "" : query + ViewsBehind(query, texts);
        var catalog = new RecordingCatalog(Catalog);
        var compiled = Compile(query is null ? texts : [new SourceText("", text)], query is not null, bag, toCode: true, catalog);
        return new PreparedPipeline(compiled.Sources, compiled.Diagnostics, catalog.Asked, fromCache: false, () =>
        {
            var loaded = new RoslynCompiler(cache).Load(compiled.Code);
            plans?.Keep(key, new PreparedPlan(RoslynCompiler.KeyOf(compiled.Code), text, compiled.Result!.Diagnostics, catalog.Asked));
            return loaded;
        });
    }

    /// <summary>All of the settings that reach the compiler or the catalog.</summary>
    private IEnumerable<string> SettingsParts()
    {
        string[] fixedParts = [defaults.Name, defaults.Catalog, defaults.Schema, defaults.TimeZone, Project?.Settings.Lakehouse ?? "", paths.Root];
        foreach (var part in fixedParts) yield return part;
        foreach (var mount in paths.Mounts)
        {
            yield return "mount";
            yield return mount.Prefix;
            yield return mount.Folder;
        }

        foreach (var (name, value) in defaults.Configuration)
        {
            yield return "setting";
            yield return name;
            yield return value;
        }

        yield return "texts";
    }

    /// <summary>The project's views that a query may mean, as text to stand behind it: a view is not stored, so it comes with the query.</summary>
    /// <remarks>Behind, so that places in the query stay what they are. Mistakes in the project are not the query's.</remarks>
    private string ViewsBehind(string sql, ImmutableArray<SourceText> sources)
    {
        var bag = new DiagnosticBag();
        var options = new ParseOptions(defaults.Configuration);
        var views = sources
            .Select(source => Parser.ParseScript(source, options, bag))
            .SelectMany(script => script.Statements.OfType<CreateViewSyntax>().Where(v => !v.IsTemporary || live is not null).Select(v => (v.Name, Text: script.Source.Slice(v.Span))))
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

    /// <summary>Makes the compiler and Roslyn load and jit what this project needs, on a background thread; the next compilation is a quick one.</summary>
    public Task WarmUp() => Task.Run(() =>
    {
        var compiled = Of(Project!, cache: null).Check(toCode: true);
        if (!compiled.HasErrors) RoslynCompiler.Compile(compiled.Code);
    });

    /// <summary>Runs an update of a project that is ready.</summary>
    public UpdateResult Run(PreparedPipeline prepared, UpdateOptions options, IProgress<UpdateEvent>? progress, TimeProvider time, CancellationToken stop)
    {
        using var pipeline = prepared.Load();
        return UpdateRunner.Run(pipeline.Pipeline, Lakehouse, new FileSources(paths) { MayEvolve = true }, paths, options with { Zone = Zone, Memory = memory.Value }, progress, time, stop);
    }

    /// <summary>Runs a project that is ready until it is stopped.</summary>
    public UpdateResult RunContinuously(PreparedPipeline prepared, UpdateOptions options, IProgress<UpdateEvent>? progress, TimeProvider time, CancellationToken stop)
    {
        using var pipeline = prepared.Load();
        return ContinuousRunner.Run(pipeline.Pipeline, Lakehouse, new FileSources(paths) { MayEvolve = true }, paths, options with { Zone = Zone, Memory = memory.Value }, progress, time, stop);
    }

    /// <summary>Runs a query that is ready, and keeps its rows in their order.</summary>
    /// <param name="prepared">The query.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mostRows">Rows to keep, the first ones; the others are only counted. A person reads no million of them.</param>
    /// <param name="stop">Ends it between two batches.</param>
    public QueryResult Query(PreparedPipeline prepared, TimeProvider time, long mostRows, CancellationToken stop)
    {
        var batches = ImmutableArray.CreateBuilder<RecordBatch>();
        try
        {
            var result = Query(prepared, time, Keep, mostRows, null, stop);
            return result with { Batches = batches.ToImmutable() };
        }
        catch
        {
            foreach (var batch in batches) batch.Dispose();
            throw;
        }

        bool Keep(RecordBatch batch)
        {
            batches.Add(batch.WithSchema(batch.Schema));
            return true;
        }
    }

    /// <summary>Runs a query that is ready, and hands its rows on while it runs: see <see cref="QueryRunner.Run"/>.</summary>
    public QueryResult Query(PreparedPipeline prepared, TimeProvider time, Func<RecordBatch, bool> next, long mostRows, Action<FlowCounts>? counts, CancellationToken stop)
    {
        using var pipeline = prepared.Load();
        return QueryRunner.Run(pipeline.Pipeline, Lakehouse, new FileSources(paths), paths, Zone, next, begin: null, time, mostRows, counts, memory.Value, stop);
    }

    /// <summary>Runs a query that is ready, and hands its rows over in their order, as they come.</summary>
    /// <param name="prepared">The query.</param>
    /// <param name="begin">Told the columns, before the first row.</param>
    /// <param name="write">Takes each batch, which is borrowed.</param>
    public void Stream(PreparedPipeline prepared, Action<Schema> begin, Action<RecordBatch> write, TimeProvider time, CancellationToken stop)
    {
        using var pipeline = prepared.Load();
        QueryRunner.Run(
            pipeline.Pipeline, Lakehouse, new FileSources(paths), paths, Zone,
            rows =>
            {
                write(rows);
                return true;
            },
            begin, time, memory: memory.Value, stop: stop);
    }

    private CompiledSources Compile(ImmutableArray<SourceText> sources, bool isQuery, DiagnosticBag bag, bool toCode, ICatalog catalog, string sourceRoot = "", bool variants = true)
    {
        var result = Compilation.Compile(sources, catalog, new CompileOptions(defaults) { IsQuery = isQuery, ToCode = toCode, SourceRoot = sourceRoot, Variants = variants });
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
