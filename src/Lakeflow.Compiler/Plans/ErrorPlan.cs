using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Plans;

/// <summary>What binding puts where a relation is in error, reported at its cause. Never in a plan without errors.</summary>
/// <param name="Streaming">True if it was asked for as a stream.</param>
public sealed record ErrorPlan(bool Streaming, SourceSpan Origin) : LogicalPlan(Origin)
{
    public override ImmutableArray<PlanColumn> Columns => [];

    public override ImmutableArray<LogicalPlan> Inputs => [];

    public override LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs) => this;

    public override LogicalPlan MapExpressions(Func<Expr, Expr> map) => this;

    public override string Describe() => "<error>";
}
