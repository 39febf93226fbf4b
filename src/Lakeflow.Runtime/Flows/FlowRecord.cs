using System.Collections.Immutable;

namespace Lakeflow.Runtime.Flows;

/// <summary>What a flow knows about itself, kept in its target's log as the domain <c>lakeflow.flow.&lt;flow id&gt;</c>. The only truth there is.</summary>
/// <param name="Flow">The flow's name, as written.</param>
/// <param name="Generation">Grows by one at each full refresh; the first is 1.</param>
/// <param name="Step">Counts from 1 within a generation, no gaps; 0 right after a full refresh.</param>
/// <param name="PlanFingerprint">Of the definition that made the step; "" at step 0.</param>
/// <param name="Settings">What the step ran with and the fingerprint does not hold.</param>
/// <param name="ReadTo">By <see cref="SourceInfo.Key"/>: for a stream the position after the last row read, for a batch source what was read (identity and version).</param>
/// <param name="State">By state table, the version that belongs to this step.</param>
/// <param name="TargetVersion">The version that the step's commit made, or an earlier one if it was rebased over commits of others.</param>
/// <param name="Counts">Of this step alone.</param>
public sealed record FlowRecord(
    string Flow, int Generation, long Step, string PlanFingerprint,
    ImmutableSortedDictionary<string, string> Settings,
    ImmutableSortedDictionary<string, string> ReadTo,
    ImmutableSortedDictionary<string, long> State,
    long TargetVersion, StepCounts Counts)
{
    public const string DomainPrefix = "lakeflow.flow.";

    /// <summary>The update that the step belongs to.</summary>
    public string UpdateId { get; init; } = "";

    /// <summary>By number in <see cref="FlowInfo.Watermarks"/>, how far its stream has come: the greatest time seen less the delay, microseconds UTC.</summary>
    public ImmutableSortedDictionary<string, long> Watermarks { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The watermark that the step worked with, microseconds UTC; 0 is the beginning.</summary>
    public long Watermark { get; init; }

    /// <summary>Those of the steps before, the last one first: as many as operators over rows that others held back look at.</summary>
    public ImmutableArray<long> EarlierWatermarks { get; init; } = [];

    /// <summary>When the step was committed, microseconds UTC.</summary>
    public long Timestamp { get; init; }

    /// <summary>How long the step took, milliseconds; for the event log.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Before the first step of a generation.</summary>
    public static FlowRecord Start(FlowInfo flow, int generation) => new(
        flow.Name, generation, 0, "",
        ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, string>.Empty,
        ImmutableSortedDictionary<string, long>.Empty, -1, StepCounts.None);

    /// <summary>The flow's name in domains, state folders and file names: stable, without regard to case.</summary>
    public static string IdOf(FlowInfo flow) => flow.Name.ToLowerInvariant();

    /// <summary>The flow's folder among those of its table's state.</summary>
    public static string FolderOf(string flow) => Lakehouse.Segment(flow.ToLowerInvariant());

    public static string DomainOf(FlowInfo flow) => DomainPrefix + IdOf(flow);

    /// <summary>The <c>txn.appId</c> that repeats the step for other engines.</summary>
    public static string AppIdOf(FlowInfo flow, int generation) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{DomainOf(flow)}.{generation}");

    public string ToJson() => FlowRecordJson.Write(this);

    /// <summary>Reads a domain's text. LF5003 if it is not one of ours.</summary>
    public static FlowRecord Parse(string json) => FlowRecordJson.Read(json);
}
