using System.Collections.Immutable;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Flows;

/// <summary>What an update is asked to do.</summary>
public sealed record UpdateOptions
{
    /// <summary>Tables to refresh, by any unambiguous name; empty for all. Others keep their rows and are EXCLUDED.</summary>
    public ImmutableArray<string> Refresh { get; init; } = [];

    /// <summary>Tables to empty and to fill from the start.</summary>
    public ImmutableArray<string> FullRefresh { get; init; } = [];

    /// <summary>Empties all tables that may be reset (<c>pipelines.reset.allowed</c>).</summary>
    public bool FullRefreshAll { get; init; }

    /// <summary>Flows that read their sources from the start again, into tables that keep their rows; by name.</summary>
    public ImmutableArray<string> ResetFlows { get; init; } = [];

    /// <summary>Tables whose rows were changed by another engine and are to be taken as they are now.</summary>
    public ImmutableArray<string> Accept { get; init; } = [];

    /// <summary>Tables that another pipeline made, or none, and that are this pipeline's from now on, with their rows and their flows' positions.</summary>
    public ImmutableArray<string> Adopt { get; init; } = [];

    /// <summary>Threads of one flow's pass; 0 for one a processor.</summary>
    public int Workers { get; init; }

    /// <summary>Flows that run side by side. Spark: <c>spark.sql.pipelines.execution.maxConcurrentFlows</c>, 16.</summary>
    public int MaxConcurrentFlows { get; init; } = 16;

    /// <summary>Tries after the first, for faults that may pass by themselves. <c>pipelines.maxFlowRetryAttempts</c>.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>The wait before the first retry; it doubles from one to the next, up to an hour. Spark: 5 s.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    public SessionZone Zone { get; init; } = SessionZone.Utc;

    /// <summary>What breakers may hold, in all flows together.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.OfMachine;

    /// <summary>The project's configuration, for the event log.</summary>
    public ImmutableSortedDictionary<string, string> Configuration { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>False keeps no sample rows of broken rules, neither in records nor in the event log.</summary>
    public bool KeepSamples { get; init; } = true;

    /// <summary>True lets a full refresh go on although files that a table has read are gone.</summary>
    public bool LoseRows { get; init; }

    /// <summary>Which part of a run this is; a pass of a continuous run ends with the step in hand.</summary>
    internal UpdatePart Part { get; init; }

    /// <summary>The id of the run that a pass belongs to; null for a new one.</summary>
    internal string? RunId { get; init; }

    public int WorkersOrDefault => Workers > 0 ? Workers : Environment.ProcessorCount;
}
