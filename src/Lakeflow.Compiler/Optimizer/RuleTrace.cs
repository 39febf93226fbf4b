namespace Lakeflow.Compiler.Optimizer;

/// <summary>A rule that changed a flow's plan.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Round">Which pass over the list of rules, from 1.</param>
/// <param name="Changed">How many nodes it rewrote.</param>
public sealed record RuleTrace(string Flow, string Rule, int Round, int Changed)
{
    public override string ToString() => $"{Flow}: {Rule} ({Changed} in round {Round})";
}
