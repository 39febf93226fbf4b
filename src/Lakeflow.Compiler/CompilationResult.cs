using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Optimizer;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler;

/// <summary>What each stage of a compilation gave, for EXPLAIN and tests.</summary>
/// <param name="Scripts">The files, parsed.</param>
/// <param name="Graph">The pipeline, bound.</param>
/// <param name="Improved">The pipeline with optimized plans; null if there are errors.</param>
/// <param name="Trace">Which rules changed which flow, in order.</param>
/// <param name="Diagnostics">By file and position.</param>
public sealed record CompilationResult(
    IReadOnlyList<ScriptSyntax> Scripts, PipelineGraph Graph, PipelineGraph? Improved, ImmutableArray<RuleTrace> Trace, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.IsError);
}
