using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Oracle;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Sql.Tests;

/// <summary>Compiles queries over tables in memory, many in one assembly, and runs them in several ways.</summary>
/// <param name="zone">The id of the session time zone.</param>
internal sealed class SqlEngine(string zone = "UTC")
{
    private int queries;

    /// <summary>The id of the session time zone.</summary>
    public string Zone { get; set; } = zone;

    /// <summary>What queries read. A query keeps the tables that were there when it was added.</summary>
    public TestTables Tables { get; set; } = TestTables.None;

    /// <summary>Adds a table; its rows come from the oracle.</summary>
    public void AddTable(string name, string sql)
    {
        var result = Compile(sql, optimize: false);
        if (result.HasErrors) throw new FormatException($"table {name}: {result.Diagnostics.First(d => d.IsError)}");
        var plan = result.Graph.Flows[0].Plan;
        Tables = Tables.With(name, new TestTable(new Schema(plan.Columns.Select(c => new Field(c.Name, c.Type)).ToImmutableArray()), Interpret(plan)));
    }

    public CompilationResult Compile(string sql, bool optimize) => Compilation.Compile(
        [new SourceText("", sql)], Tables, new CompileOptions(new ProjectDefaults("slt", "main", "test") { TimeZone = Zone }) { IsQuery = true, Optimize = optimize });

    /// <summary>A query as it stands now, to be built and run.</summary>
    public SqlQuery Query(PipelineGraph graph)
    {
        var constants = new RunConstants(1_700_000_000_000_000, SessionZone.Find(Zone)!);
        return new SqlQuery(graph.Flows[0] with { Name = $"query{++queries}" }, Tables, constants);
    }

    public IReadOnlyList<object?[]> Interpret(LogicalPlan plan) =>
        new Interpreter(new RunConstants(1_700_000_000_000_000, SessionZone.Find(Zone)!), source => Tables.Rows((TableSource)source)).Run(plan);

    /// <summary>The C# of queries.</summary>
    /// <exception cref="InvalidOperationException">The planner refuses one (LF4xxx).</exception>
    public static IReadOnlyList<GeneratedFile> Emit(IEnumerable<SqlQuery> queries)
    {
        var bag = new DiagnosticBag();
        var graph = new PipelineGraph("slt", [], [.. queries.Select(q => q.Flow)]);
        var physical = PhysicalPlanner.Plan(graph, null, "UTC", bag);
        if (bag.HasErrors) throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
        return CSharpEmitter.Emit(physical);
    }

    /// <summary>Compiles queries, in one go.</summary>
    public static CompiledPipeline Build(IEnumerable<SqlQuery> queries) => new RoslynCompiler().Load(Emit(queries));
}

/// <summary>A compiled query with all that a run needs.</summary>
/// <param name="Flow">Its plan, under a name of its own.</param>
/// <param name="Tables">What it reads.</param>
/// <param name="Constants">The clock and the zone.</param>
internal sealed record SqlQuery(Flow Flow, TestTables Tables, RunConstants Constants)
{
    /// <summary>Runs the query; the rows in order.</summary>
    public List<object?[]> Run(IPipeline pipeline, int workers = 1, Random? slices = null, MemoryBudget? memory = null)
    {
        var at = pipeline.Info.Flows.Select((f, i) => (f.Name, i)).First(f => f.Name == Flow.Name).i;
        var code = pipeline.CreateFlows()[at];
        using var rows = new BatchBuffer(code.Info.Output, workers);
        using var run = new FlowRun(code.Info, Constants, workers, slot => Tables.Open((TableSourceInfo)code.Info.Sources[slot], slices), rows.Worker, CancellationToken.None, memory);
        code.Run(run);
        using var all = rows.Concat();
        return [.. Enumerable.Range(0, all.Length).Select(r => all.Columns.Select(c => c.GetValue(r)).ToArray())];
    }
}
