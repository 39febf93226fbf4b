using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Flows;

/// <summary>How an update ended.</summary>
public sealed record UpdateResult(string UpdateId, UpdateState State, ImmutableArray<FlowOutcome> Flows, TimeSpan Elapsed)
{
    /// <summary>Trouble that did not touch any table: the event log could not be written; or null.</summary>
    public RuntimeError? Warning { get; init; }

    /// <summary>True if no flow found anything to do.</summary>
    public bool NothingNew => State == UpdateState.Completed && Flows.All(f => f.State is FlowState.Idle or FlowState.Excluded);
}

/// <summary>How a flow ended.</summary>
/// <param name="Counts">The sum over its committed steps in this update.</param>
/// <param name="Steps">Commits made.</param>
/// <param name="Version">The target's version after the last of them, or -1.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Reason">Why a materialized view was computed, or why it was not.</param>
public sealed record FlowOutcome(
    FlowInfo Flow, FlowState State, StepCounts Counts, int Steps, long Version, TimeSpan Elapsed, RuntimeError? Error, string? Reason)
{
    /// <summary>An exception that no layer expected: a bug in Lakeflow, shown as LF0001 at the door.</summary>
    public Exception? Unexpected { get; init; }
}
