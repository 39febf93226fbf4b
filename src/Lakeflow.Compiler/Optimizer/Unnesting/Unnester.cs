using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Optimizer.Unnesting;

/// <summary>Turns every subquery that reads the row around it into a join. Not a rule that may be left out: what comes after knows no other row.</summary>
/// <remarks>
/// <code>
/// Filter EXISTS (subquery of t.k)        Join LeftSemi on s.k = t.k
///   Scan t                          →      Scan t
///                                          Scan s
/// </code>
/// Where the conditions that read the outer row can be taken out of the subquery, they become the join's (<see cref="PullUp"/>).
/// Otherwise the subquery is computed once for each distinct combination of the outer values that it reads, which are joined back
/// (<see cref="DomainJoin"/>, after Neumann and Kemper, "Unnesting Arbitrary Queries"). What neither can do is refused (LF2900) at its place.
/// </remarks>
public static class Unnester
{
    /// <param name="graph">As bound.</param>
    /// <param name="bag">Takes LF2900.</param>
    public static PipelineGraph Unnest(PipelineGraph graph, DiagnosticBag bag) => graph with
    {
        Flows = [.. graph.Flows.Select(flow => flow with { Plan = Unnest(flow.Plan, bag) })],
    };

    /// <summary>One plan.</summary>
    public static LogicalPlan Unnest(LogicalPlan plan, DiagnosticBag bag) => new PlanUnnester(bag, ColumnIds.After(plan)).Unnest(plan);
}
