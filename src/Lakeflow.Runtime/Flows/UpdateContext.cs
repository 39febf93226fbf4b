using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Runtime.Flows;

/// <summary>What all flows of an update share.</summary>
/// <param name="Pipeline">The compiled pipeline's description.</param>
/// <param name="Lakehouse">Where the tables are.</param>
/// <param name="Files">Finds and reads files.</param>
/// <param name="Paths">Turns paths of queries into paths here.</param>
/// <param name="Time">The clock: retries, commits, events.</param>
internal sealed record UpdateContext(
    PipelineInfo Pipeline, Lakehouse Lakehouse, IFileSources Files, PathMap Paths, UpdateOptions Options, Selection Selection,
    RunConstants Constants, string UpdateId, TimeProvider Time, CancellationToken Stop)
{
    private readonly ConcurrentDictionary<QualifiedName, Lock> turns = new();

    /// <summary>Held by the step of a flow that reads what other flows have written to its target: such flows go one after another.</summary>
    public Lock TurnOf(QualifiedName target) => turns.GetOrAdd(target, _ => new Lock());

    /// <summary>By table, in words, the columns that have other names since this update.</summary>
    public ConcurrentDictionary<QualifiedName, string> Renamed { get; } = new();

    /// <summary>By flow and generation, the state tables in which it remembers rows of its streams.</summary>
    public ConcurrentDictionary<(string Flow, int Generation), ImmutableArray<KeptTable>> KeptTables { get; } = new();

    public DatasetInfo Dataset(QualifiedName name) => Pipeline.Datasets.First(d => d.Name == name);

    /// <summary>What stops a step between two batches. A continuous run ends with its steps; any other gives up the one in hand, which costs nothing but time.</summary>
    public CancellationToken StepStop => Options.Part == UpdatePart.Whole ? Stop : CancellationToken.None;

    /// <summary>Microseconds UTC.</summary>
    public long Now => Micros(Time.GetUtcNow());

    public static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
