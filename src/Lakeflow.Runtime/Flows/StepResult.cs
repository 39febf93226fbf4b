namespace Lakeflow.Runtime.Flows;

/// <summary>What came of trying a step.</summary>
/// <param name="Record">The record that was committed, or null if there was nothing to do.</param>
/// <param name="Version">The target's version.</param>
/// <param name="HasMore">True if the sources have more than the step took.</param>
/// <param name="Reason">For a materialized view, why it was computed or left (<c>DATA_HAS_CHANGED</c> …).</param>
internal sealed record StepResult(FlowRecord? Record, long Version, bool HasMore, string? Reason);
