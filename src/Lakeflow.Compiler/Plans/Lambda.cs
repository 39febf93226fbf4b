using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Plans;

/// <summary>An argument that is a function itself: <c>x -> x + 1</c>. Its body may also read columns of the row.</summary>
/// <param name="Parameters">In order; their ids are unique in the plan.</param>
/// <param name="Body">Reads parameters through <see cref="LambdaVariable"/>.</param>
public sealed record Lambda(ImmutableArray<PlanColumn> Parameters, Expr Body, SourceSpan Origin) : Expr(Body.Type, Body.Nullable, Origin)
{
    public override ImmutableArray<Expr> Children => [Body];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Body = children[0] };
}

/// <summary>The value of a lambda's parameter, inside its body.</summary>
public sealed record LambdaVariable(PlanColumn Parameter, SourceSpan Origin) : Expr(Parameter.Type, Parameter.Nullable, Origin)
{
    public override ImmutableArray<Expr> Children => [];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this;
}
