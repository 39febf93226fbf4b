using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer;

/// <summary>A rewrite of plans that keeps their answers.</summary>
/// <remarks>Law: optimizing may remove an error, never add one. No rule moves a row or a filter across an <see cref="Expect"/>.</remarks>
public interface IRule
{
    /// <summary>The name for <c>--without-rule</c> and the trace.</summary>
    string Name => GetType().Name;

    /// <summary>True if <see cref="Apply"/> wants the root of a plan and walks by itself; else the driver walks, inputs first.</summary>
    bool IsWholePlan => false;

    /// <summary>The node rewritten, or null for "not mine".</summary>
    LogicalPlan? Apply(LogicalPlan node);
}
