using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Flows;

/// <summary>State of an update. Language specification §4.1.</summary>
public enum UpdateState
{
    Queued,
    Initializing,
    Resetting,
    SettingUpTables,
    Running,
    Completed,
    Failed,
    Canceled,
}

/// <summary>State of a flow within an update.</summary>
public enum FlowState
{
    Queued,
    Starting,
    Running,
    Completed,
    Failed,

    /// <summary>Something it reads failed.</summary>
    Skipped,

    /// <summary>The update was stopped.</summary>
    Stopped,

    /// <summary>Its sources had nothing new.</summary>
    Idle,

    /// <summary>Not selected.</summary>
    Excluded,
}

/// <summary>Something the user may want to see while an update runs. Raised from the flows' threads.</summary>
/// <param name="Time">When, UTC.</param>
public abstract record UpdateEvent(DateTimeOffset Time);

/// <summary>The update has entered a state.</summary>
public sealed record UpdateProgress(DateTimeOffset Time, string UpdateId, UpdateState State) : UpdateEvent(Time);

/// <summary>A flow has entered a state or moved on. The first one that is RUNNING tells that its first rows are read.</summary>
/// <param name="Counts">Of this update so far, the running step included.</param>
/// <param name="Elapsed">Since the flow started.</param>
/// <param name="Error">Why it failed or is tried again.</param>
/// <param name="Note">What else there is to say: why it was recomputed, that it is tried again.</param>
public sealed record FlowProgress(
    DateTimeOffset Time, FlowInfo Flow, FlowState State, StepCounts Counts, TimeSpan Elapsed, RuntimeError? Error, string? Note) : UpdateEvent(Time)
{
    /// <summary>Rows that the running step has made itself, see <see cref="FlowCounts.Made"/>.</summary>
    public long Made { get; init; }

    /// <summary>How many of them there will be.</summary>
    public long ToMake { get; init; }
}
