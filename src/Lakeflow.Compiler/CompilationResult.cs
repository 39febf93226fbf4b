using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Optimizer;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler;

/// <summary>What each stage of a compilation gave, for EXPLAIN and tests.</summary>
/// <param name="Scripts">The files, parsed.</param>
/// <param name="Graph">The pipeline, bound.</param>
/// <param name="Improved">The pipeline with plans that can run, optimized if that was asked for; null if there are errors.</param>
/// <param name="Trace">Which rules changed which flow, in order.</param>
/// <param name="Diagnostics">By file and position.</param>
public sealed record CompilationResult(
    IReadOnlyList<ScriptSyntax> Scripts, PipelineGraph Graph, PipelineGraph? Improved, ImmutableArray<RuleTrace> Trace, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>The pipeline cut into pipes and breakers; null unless <see cref="CompileOptions.ToCode"/> was asked for.</summary>
    public PhysicalPipeline? Physical { get; init; }

    /// <summary>The C#, one file a flow in the order of <see cref="PipelineGraph.Flows"/>, then the pipeline's; empty if there are errors.</summary>
    public ImmutableArray<GeneratedFile> Code { get; init; } = [];

    public bool HasErrors => Diagnostics.Any(d => d.IsError);
}
