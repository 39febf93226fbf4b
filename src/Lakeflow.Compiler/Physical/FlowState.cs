using System.Collections.Immutable;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Physical;

/// <summary>What a flow remembers from step to step, each by number.</summary>
/// <param name="Fields">See <see cref="ColumnOrigins.OfKept"/>.</param>
internal sealed record FlowState(
    IReadOnlyList<Hold> Holds, IReadOnlyList<StreamPairs> Joins, IReadOnlyList<Watermark> Marks, ImmutableDictionary<int, ImmutableArray<ColumnOrigin>> Fields);
