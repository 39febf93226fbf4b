using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
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

namespace Lakeflow.Sql.Tests;

/// <summary>Compiles queries over tables in memory, all of a file in one assembly, and runs them in several ways.</summary>
internal sealed class SqlEngine
{
    private static readonly ProjectDefaults Defaults = new("slt", "main", "test");
    private static readonly RunConstants Constants = new(1_700_000_000_000_000, SessionZone.Utc);

    private readonly TestTables tables = new();
    private readonly List<Flow> flows = [];

    /// <summary>Adds a table; its rows come from the oracle.</summary>
    public void AddTable(string name, string sql)
    {
        var result = Compile(sql, optimize: false);
        if (result.HasErrors) throw new FormatException($"table {name}: {result.Diagnostics.First(d => d.IsError)}");
        var plan = result.Graph.Flows[0].Plan;
        tables.Add(name, plan, Interpret(plan));
    }

    public CompilationResult Compile(string sql, bool optimize) => Compilation.Compile(
        [new SourceText("", sql)], tables, new CompileOptions(Defaults) { IsQuery = true, Optimize = optimize });

    /// <summary>Notes a query for <see cref="Build"/> and gives its flow's name.</summary>
    public string Add(PipelineGraph graph)
    {
        var name = $"query{flows.Count + 1}";
        flows.Add(graph.Flows[0] with { Name = name });
        return name;
    }

    /// <summary>Compiles everything noted, in one go.</summary>
    public IPipeline Build()
    {
        var bag = new DiagnosticBag();
        var graph = new PipelineGraph("slt", [], [.. flows]);
        var physical = PhysicalPlanner.Plan(graph, null, "UTC", bag);
        if (bag.HasErrors) throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
        return new RoslynCompiler().Load(CSharpEmitter.Emit(physical)).Pipeline;
    }

    /// <summary>Runs a compiled query; the rows in order.</summary>
    public List<object?[]> Run(IPipeline pipeline, string flow, int workers, Random? slices)
    {
        var at = pipeline.Info.Flows.Select((f, i) => (f.Name, i)).First(f => f.Name == flow).i;
        var code = pipeline.CreateFlows()[at];
        using var rows = new BatchBuffer(code.Info.Output, workers);
        var run = new FlowRun(code.Info, Constants, workers, slot => tables.Open((TableSourceInfo)code.Info.Sources[slot], slices), rows.Worker, CancellationToken.None);
        code.Run(run);
        using var all = rows.Concat();
        return [.. Enumerable.Range(0, all.Length).Select(r => all.Columns.Select(c => c.GetValue(r)).ToArray())];
    }

    public IReadOnlyList<object?[]> Interpret(LogicalPlan plan) =>
        new Interpreter(Constants, source => tables.Rows((TableSource)source)).Run(plan);
}
