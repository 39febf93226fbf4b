using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Physical;

/// <summary>What a flow remembers from step to step, each by number.</summary>
internal sealed record FlowState(IReadOnlyList<Hold> Holds, IReadOnlyList<StreamPairs> Joins, IReadOnlyList<Watermark> Marks);
