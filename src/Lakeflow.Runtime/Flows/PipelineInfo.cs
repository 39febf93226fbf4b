using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Runtime.Flows;

/// <summary>What the run time must know of a compiled pipeline; the generated code states it as constants.</summary>
/// <param name="Name">The pipeline's name from its project file.</param>
/// <param name="Datasets">Everything declared, views included.</param>
/// <param name="Flows">What moves rows into tables. Views have no flow of their own: they are part of their readers' plans.</param>
public sealed record PipelineInfo(string Name, ImmutableArray<DatasetInfo> Datasets, ImmutableArray<FlowInfo> Flows);

public enum DatasetKind
{
    StreamingTable,
    MaterializedView,
    TemporaryView,
    PersistedView,

    /// <summary><c>CREATE TABLE … FLOW</c>: a plain table written by append flows.</summary>
    FlowTable,
}

/// <summary>A declared dataset.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Columns">Its columns as stored, comments and CHAR/VARCHAR lengths in the fields' metadata.</param>
/// <param name="Origin">Where it was declared.</param>
public sealed record DatasetInfo(QualifiedName Name, DatasetKind Kind, Schema Columns, SourceSpan Origin)
{
    /// <summary>True if only this pipeline's datasets may read it.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>True if the column list was declared, so that a flow may not add columns.</summary>
    public bool HasDeclaredColumns { get; init; }

    public ImmutableArray<string> PartitionColumns { get; init; } = [];

    public string? Comment { get; init; }

    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>False if a full refresh would be an error. Language specification §4.6.</summary>
    public bool MayReset => !string.Equals(Properties.GetValueOrDefault(Selection.ResetAllowed), "false", StringComparison.OrdinalIgnoreCase);

    public bool IsTable => Kind is DatasetKind.StreamingTable or DatasetKind.MaterializedView or DatasetKind.FlowTable;
}

public enum FlowKind
{
    /// <summary>Appends what is new in its streams.</summary>
    Append,

    /// <summary>Runs a batch query once, and again only after a full refresh.</summary>
    Once,

    /// <summary>Makes the target equal to the query's result.</summary>
    Complete,

    /// <summary>Makes those rows of the target that meet a condition equal to the query's result.</summary>
    Replace,

    /// <summary>A query whose rows go to the user and to no table.</summary>
    Query,
}

/// <summary>What moves rows into one dataset.</summary>
/// <param name="Name">Unique in the pipeline; the dataset's name for <c>… AS query</c>.</param>
/// <param name="Target">The dataset written; the default name for <see cref="FlowKind.Query"/>.</param>
/// <param name="Kind">How the rows reach the target.</param>
/// <param name="PlanFingerprint">Hash of query, settings and zone, as hex. Another fingerprint is another flow definition.</param>
/// <param name="Sources">What it reads, by slot.</param>
/// <param name="Output">The columns that <see cref="IFlow.Run"/> writes: those of the target, in its order.</param>
/// <param name="Origin">Where it was declared.</param>
public sealed record FlowInfo(
    string Name, QualifiedName Target, FlowKind Kind, string PlanFingerprint, ImmutableArray<SourceInfo> Sources, Schema Output, SourceSpan Origin)
{
    /// <summary>The target's expectations, then those of the temporary views in the plan.</summary>
    public ImmutableArray<ExpectationInfo> Expectations { get; init; } = [];

    /// <summary>True if the result depends on the time of the update, so that equal sources do not mean an equal result.</summary>
    public bool DependsOnTime { get; init; }

    /// <summary>The assemblies whose <c>[SqlFunction]</c> methods the query calls, each compilation of one with an id of its own: other code may give another result.</summary>
    public ImmutableArray<Guid> CalledCode { get; init; } = [];

    /// <summary>For AUTO CDC, how <see cref="Output"/>, which then holds events, changes the target; else null.</summary>
    public ChangesInfo? Changes { get; init; }

    /// <summary>For REPLACE flows, which rows of the target <see cref="Output"/> takes the place of; else null.</summary>
    public ReplaceInfo? Replaces { get; init; }

    /// <summary>True if the flow may take rows of its target away.</summary>
    public bool ChangesRows => Changes is not null || Replaces is not null;

    /// <summary>What its columns are made from; of flows whose rows stay, else none.</summary>
    public ImmutableArray<ColumnOrigin> Origins { get; init; } = [];

    /// <summary>What the flow remembers of its streams' rows.</summary>
    public ImmutableArray<HoldInfo> Holds { get; init; } = [];

    /// <summary>What it remembers for joins of two streams.</summary>
    public ImmutableArray<StreamJoinInfo> Joins { get; init; } = [];

    /// <summary>The watermarks of its streams, by number; none where nothing is remembered.</summary>
    public ImmutableArray<WatermarkInfo> Watermarks { get; init; } = [];

    /// <summary>Where the rows go that come too late (<c>lakeflow.late.table</c>); null: they are counted only.</summary>
    public QualifiedName? LateTable { get; init; }

    /// <summary><c>pipelines.trigger.interval</c> where the flow was declared, as written; or null.</summary>
    public string? TriggerInterval { get; init; }

    /// <summary>The SQL of the query, for events and EXPLAIN.</summary>
    public string Sql { get; init; } = "";
}

/// <summary>Something a flow reads.</summary>
/// <param name="Slot">Its number in <see cref="FlowRun.Source"/>.</param>
/// <param name="Streaming">True: only what is new since the flow's last step. False: all of it, as it is now.</param>
/// <param name="Columns">The columns to read, in the order in which the generated code takes them.</param>
/// <param name="Predicates">What rules out files and row groups; a hint.</param>
/// <param name="Origin">Where the query names it.</param>
public abstract record SourceInfo(int Slot, bool Streaming, Schema Columns, ImmutableArray<ColumnPredicate> Predicates, SourceSpan Origin)
{
    /// <summary>What the source's position is kept under in the flow record: unique in the flow, stable across compilations.</summary>
    public abstract string Key { get; }
}

/// <summary>A table of this pipeline, or another one in the lakehouse.</summary>
public sealed record TableSourceInfo(
    int Slot, QualifiedName Table, bool Streaming, Schema Columns, ImmutableArray<ColumnPredicate> Predicates, SourceSpan Origin)
    : SourceInfo(Slot, Streaming, Columns, Predicates, Origin)
{
    /// <summary>Version to read (<c>VERSION AS OF</c>), or null for the newest.</summary>
    public long? Version { get; init; }

    /// <summary>Time to read as of, microseconds UTC (<c>TIMESTAMP AS OF</c>), or null.</summary>
    public long? AsOf { get; init; }

    /// <summary>Not null: its changes are read instead of its rows (<c>table_changes</c>).</summary>
    public ChangeRange? Changes { get; init; }

    /// <summary>Of a stream, as <see cref="Connectors.TableStreamOptions"/> reads them.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public override string Key => $"table {Table}".ToLowerInvariant();
}

/// <summary>Versions of a table, both ends included; each end by its number or by its time in microseconds UTC. No upper end is the newest version.</summary>
public sealed record ChangeRange(long? FromVersion, long? FromTime, long? ToVersion, long? ToTime);

/// <summary>A Delta table named by its folder, not by the lakehouse.</summary>
public sealed record PathTableSourceInfo(
    int Slot, string Path, bool Streaming, Schema Columns, ImmutableArray<ColumnPredicate> Predicates, SourceSpan Origin)
    : SourceInfo(Slot, Streaming, Columns, Predicates, Origin)
{
    /// <summary>Of a stream, as <see cref="Connectors.TableStreamOptions"/> reads them.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public override string Key => $"delta {Path}";
}

/// <summary>Files of one format under one path: <c>read_files</c>, <c>cloud_files</c>, <c>csv.`…`</c>.</summary>
/// <param name="Path">As the user wrote it; mounts are applied when it is opened.</param>
/// <param name="Format"><c>csv</c>, <c>json</c>, <c>parquet</c>, <c>text</c> or <c>binaryfile</c>.</param>
/// <param name="Options">The options as written, names in lower case without the <c>cloudFiles.</c> prefix.</param>
/// <param name="FileColumns">All columns the files have, as resolved at compile time; <paramref name="Columns"/> is a part of them and of <c>_metadata</c>.</param>
public sealed record FileSourceInfo(
    int Slot, string Path, string Format, ImmutableSortedDictionary<string, string> Options, Schema FileColumns,
    bool Streaming, Schema Columns, ImmutableArray<ColumnPredicate> Predicates, SourceSpan Origin)
    : SourceInfo(Slot, Streaming, Columns, Predicates, Origin)
{
    public override string Key => $"{Format} {Path}";
}

/// <summary>Rows made by the clock: <c>STREAM read_rate(rowsPerSecond => 10)</c>.</summary>
/// <param name="Options">As <see cref="Connectors.RateRows"/> reads them.</param>
public sealed record RateSourceInfo(
    int Slot, ImmutableSortedDictionary<string, string> Options, Schema Columns, ImmutableArray<ColumnPredicate> Predicates, SourceSpan Origin)
    : SourceInfo(Slot, Streaming: true, Columns, Predicates, Origin)
{
    public override string Key => "rate";
}

/// <summary>The rows of the flow's own target as they are before the step, with <see cref="ChangeLayout.File"/> and <see cref="ChangeLayout.Row"/>.</summary>
public sealed record TargetSourceInfo(int Slot, Schema Columns, ImmutableArray<ColumnPredicate> Predicates, SourceSpan Origin)
    : SourceInfo(Slot, Streaming: false, Columns, Predicates, Origin)
{
    public override string Key => "target";
}

/// <summary>The event log of this pipeline.</summary>
public sealed record EventLogSourceInfo(
    int Slot, Schema Columns, ImmutableArray<ColumnPredicate> Predicates, SourceSpan Origin)
    : SourceInfo(Slot, Streaming: false, Columns, Predicates, Origin)
{
    public override string Key => "event_log";
}

public enum ViolationAction
{
    /// <summary>Count it, keep the row.</summary>
    Warn,
    DropRow,
    FailUpdate,
}

/// <summary>A rule on the rows of a dataset.</summary>
/// <param name="Dataset">The dataset that declares it.</param>
/// <param name="Name">Unique within the dataset.</param>
/// <param name="Condition">As written.</param>
/// <param name="Action">What happens to a row for which the condition is not TRUE.</param>
/// <param name="Origin">Where it stands.</param>
public sealed record ExpectationInfo(QualifiedName Dataset, string Name, string Condition, ViolationAction Action, SourceSpan Origin);
