using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Optimizer;
using Lakeflow.Compiler.Optimizer.Unnesting;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler;

/// <summary>The whole compiler, top to bottom. Every stage's result is kept, so EXPLAIN and tests can show it.</summary>
public static class Compilation
{
    public static CompilationResult Compile(IReadOnlyList<SourceText> sources, ICatalog catalog, CompileOptions options)
    {
        var work = new Task<CompilationResult>(() => Run(sources, catalog, options));
        var thread = new Thread(() => work.RunSynchronously(), DeepWork.StackSize) { Name = "compile" };
        thread.Start();
        return work.GetAwaiter().GetResult();
    }

    private static CompilationResult Run(IReadOnlyList<SourceText> sources, ICatalog catalog, CompileOptions options)
    {
        var bag = new DiagnosticBag();
        var trace = ImmutableArray.CreateBuilder<RuleTrace>();

        var scripts = Parser.Parse(sources, new ParseOptions(options.Defaults.Configuration), bag);         // LF1xxx
        var graph = options.IsQuery
            ? Binder.BindQuery(scripts.Single(), catalog, options.Defaults, bag)
            : Binder.Bind(scripts, catalog, options.Defaults, bag);                                        // LF2xxx
        GraphRules.Check(graph, bag);                                                                      // LF3xxx
        if (bag.HasErrors) return new CompilationResult(scripts, graph, null, [], bag.ToImmutable());

        var flat = Unnester.Unnest(graph, bag);                                                            // LF2900
        if (bag.HasErrors) return new CompilationResult(scripts, graph, null, [], bag.ToImmutable());

        var improved = options.Optimize ? PlanOptimizer.Optimize(flat, options, trace) : flat;
        var planned = new CompilationResult(scripts, graph, improved, trace.ToImmutable(), bag.ToImmutable());
        if (!options.ToCode) return planned;

        var physical = PhysicalPlanner.Plan(improved, graph, options.Defaults.TimeZone, bag);               // LF4xxx
        planned = planned with { Physical = physical, Diagnostics = bag.ToImmutable() };
        return bag.HasErrors ? planned : planned with { Code = CSharpEmitter.Emit(physical, options.SourceRoot, options.Variants) };
    }
}
