using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Runtime.Diagnostics.Severity;

namespace Lakeflow.Compiler.Diagnostics;

/// <summary>LF3xxx – the datasets and flows do not fit together.</summary>
internal static class GraphErrors
{
    public static Diagnostic Cycle(SourceSpan at, string downstream, string upstream, IEnumerable<string> path, SourceSpan declared) => new Diagnostic(
        "LF3001", Error, at, $"{downstream} reads {upstream}, which in turn needs {downstream}: {string.Join(" → ", path)}.",
        "Break the circle: one of them must not read the other.").Beside(declared);

    public static Diagnostic DuplicateDataset(SourceSpan at, string name, SourceSpan first) => new Diagnostic(
        "LF3002", Error, at, $"'{name}' is already declared at {first}.", "Rename one of them.").Beside(first);

    public static Diagnostic DuplicateFlow(SourceSpan at, string name, SourceSpan first) => new Diagnostic(
        "LF3003", Error, at, $"There is already a flow '{name}', at {first}.",
        "Name the flow differently; the flow of CREATE … AS is named like its table.").Beside(first);

    public static Diagnostic DatasetWithoutFlow(SourceSpan at, string name) => new(
        "LF3004", Error, at, $"[PIPELINE_DATASET_WITHOUT_FLOW] Nothing fills '{name}'.", "Add AS SELECT …, or a CREATE FLOW … AS INSERT INTO it.");

    public static Diagnostic StreamInMaterializedView(SourceSpan at, string name) => new(
        "LF3005", Error, at, $"[INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_MATERIALIZED_VIEW] The materialized view '{name}' reads a stream.",
        "Leave out STREAM, or declare a STREAMING TABLE.");

    public static Diagnostic StreamInPersistedView(SourceSpan at, string name) => new(
        "LF3006", Error, at, $"[INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_PERSISTED_VIEW] The view '{name}' reads a stream.",
        "Leave out STREAM, or declare a TEMPORARY VIEW.");

    public static Diagnostic StreamInOnceFlow(SourceSpan at, string name) => new(
        "LF3007", Error, at, $"[INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_ONCE_FLOW] The flow '{name}' runs once, but reads a stream.",
        "Leave out STREAM, or ONCE.");

    public static Diagnostic StreamInReplaceWhere(SourceSpan at, string name) => new(
        "LF3007", Error, at, $"The flow '{name}' computes its part of the table anew in each update, but reads a stream.",
        "Leave out STREAM.");

    public static Diagnostic BatchIntoStreamingTable(SourceSpan at, string flow, string target) => new(
        "LF3008", Error, at, $"[INVALID_FLOW_QUERY_TYPE.BATCH_RELATION_FOR_STREAMING_TABLE] The flow '{flow}' into the streaming table '{target}' reads no stream.",
        "Write STREAM before a source, or declare a MATERIALIZED VIEW; to load once, write INSERT INTO ONCE.");

    public static Diagnostic SeveralFlows(SourceSpan at, string name, SourceSpan first) => new Diagnostic(
        "LF3009", Error, at, $"[MATERIALIZED_VIEW_WITH_MULTIPLE_QUERIES] The materialized view '{name}' already has its query, at {first}.",
        "Use UNION ALL in its query, or a STREAMING TABLE with several flows.").Beside(first);

    public static Diagnostic UnknownTarget(SourceSpan at, string name, IEnumerable<string> known) => new(
        "LF3010", Error, at, $"The flow's target '{name}' is not declared in this pipeline.",
        Nearest.To(name, known) is { } near ? $"Did you mean '{near}'?" : $"Declare it: CREATE STREAMING TABLE {name};");

    public static Diagnostic TargetIsNoTable(SourceSpan at, string name, string kind) => new(
        "LF3011", Error, at, $"'{name}' is a {kind}; a flow may only fill a streaming table.");

    public static Diagnostic PersistedReadsTemporary(SourceSpan at, string view, string temporary, SourceSpan declared) => new Diagnostic(
        "LF3012", Error, at, $"[INVALID_TEMP_OBJ_REFERENCE] The view '{view}' outlives the temporary view '{temporary}' that it reads.",
        $"Make '{view}' temporary too, or '{temporary}' a plain view.").Beside(declared);

    public static Diagnostic BatchReadOfStreamingView(SourceSpan at, string view, SourceSpan declared) => new Diagnostic(
        "LF3013", Error, at, $"[INCOMPATIBLE_STREAMING_VIEW_READ] The view '{view}' reads a stream, and is read here as if it did not.",
        $"Write STREAM({view}).").Beside(declared);

    public static Diagnostic ChangesWithoutStream(SourceSpan at, string flow, string target) => new(
        "LF3008", Error, at, $"[INVALID_FLOW_QUERY_TYPE.BATCH_RELATION_FOR_STREAMING_TABLE] The AUTO CDC flow '{flow}' into '{target}' reads no stream.",
        "Write STREAM before the source inside the view; or AUTO CDC ONCE to load once, or AUTO CDC FROM SNAPSHOT where the source tells all rows there are.");

    public static Diagnostic StreamReadOfBatchView(SourceSpan at, string view, SourceSpan declared) => new Diagnostic(
        "LF3014", Error, at, $"[INCOMPATIBLE_BATCH_VIEW_READ] The view '{view}' reads no stream, so STREAM does not fit.",
        "Leave out STREAM, or write STREAM before the source inside the view.").Beside(declared);

    public static Diagnostic StreamingAggregate(SourceSpan at, string what, string target) => new(
        "LF3015", Error, at, $"{what} over a stream into '{target}' never ends: every new row may change any group.",
        "Say how late rows may be and group by time: FROM STREAM t WATERMARK at DELAY OF INTERVAL 10 MINUTES GROUP BY window(at, '1 hour'); "
        + "or declare a MATERIALIZED VIEW without STREAM: CREATE MATERIALIZED VIEW … AS SELECT … GROUP BY ….");

    public static Diagnostic ChainedState(SourceSpan at, string target) => new(
        "LF3034", Error, at, $"In the flow into '{target}', rows that were held back for one operator are grouped again, by nothing that says when a group is complete.",
        "Group by window(window_time(w), …) of the windows below, or by a window of a joined stream's time to whose rows ON sets an upper bound on the other stream's time; "
        + "or put the first result into a streaming table of its own, and stream that with a WATERMARK.");

    public static Diagnostic StreamJoinWithoutKey(SourceSpan at) => new(
        "LF3035", Error, at, "Two streams are joined without an equality: every row of one would have to be kept for every row of the other.",
        "Say which columns are equal: ON a.id = b.id AND b.at BETWEEN a.at AND a.at + INTERVAL 1 HOUR; or read one side without STREAM.");

    public static Diagnostic StreamJoinWithoutWatermark(SourceSpan at, string kind, string side, string other) => new(
        "LF3036", Error, at, $"A {kind} join of two streams needs a watermark on the {side} one: without it a {other} row may match for ever.",
        "Write FROM STREAM t WATERMARK at DELAY OF INTERVAL 10 MINUTES, and bound the time in ON.");

    public static Diagnostic StreamJoinWithoutBound(SourceSpan at, string kind, string side, string other, string time, string otherTime) => new(
        "LF3037", Error, at, $"A {kind} join of two streams needs a last time at which a {side} row can match a {other} one: nothing in its condition bounds '{time}' of the {side} stream.",
        $"Add it to ON, for example: AND r.{time} <= l.{otherTime} + INTERVAL 1 HOUR, where r is the {side} stream and l the {other} one.");

    public static Diagnostic StreamJoinKind(SourceSpan at, string kind) => new(
        "LF3038", Error, at, $"A {kind} join of two streams is not possible.",
        kind == "LEFT ANTI"
            ? "Write LEFT JOIN … WHERE r.id IS NULL, with a watermark on the right stream and a bound on its time in ON; or read the right side without STREAM."
            : "Write LEFT SEMI JOIN, or read the right side without STREAM.");

    public static Diagnostic NotOverStream(SourceSpan at, string what, string? hint = null) => new(
        "LF3016", Error, at, $"{what} may not stand over a stream.", hint);

    public static Diagnostic NotAPipelineStatement(SourceSpan at, string kind) => new(
        "LF3017", Error, at, $"[PIPELINE_SQL_GRAPH_ELEMENT_REGISTRATION_ERROR] {kind} is no statement of a pipeline.",
        kind switch
        {
            "SELECT" or "EXPLAIN" => "A pipeline file declares tables, views and flows; run this with `lakeflow sql`.",
            "CREATE TABLE … AS" => "Declare a MATERIALIZED VIEW, or a STREAMING TABLE.",
            _ => "Rows come into tables by flows; those of AUTO CDC and REPLACE WHERE change the ones that are there, and `lakeflow optimize` and `lakeflow vacuum` look after files.",
        });

    public static Diagnostic EmptyPipeline(SourceSpan at) => new(
        "LF3018", Error, at, "The pipeline declares no table: there is nothing to run.", "Add a CREATE STREAMING TABLE or CREATE MATERIALIZED VIEW.");

    public static Diagnostic BadPartitioning(SourceSpan at, string problem, string? hint = null) => new("LF3019", Error, at, problem, hint);

    public static Diagnostic ClauseNotHere(SourceSpan at, string clause, string where, string? hint = null) => new(
        "LF3020", Error, at, $"{clause} has no place in {where}.", hint);

    public static Diagnostic ClauseIgnored(SourceSpan at, string clause, string why) => new(
        "LF3021", Warning, at, $"{clause} has no effect: {why}");

    public static Diagnostic OnePartName(SourceSpan at, string what, string name, string errorClass) => new(
        "LF3023", Error, at, $"[{errorClass}] {what} has a name of one part, not '{name}'.");

    public static Diagnostic GeneratedGiven(SourceSpan at, string column, string target) => new(
        "LF3024", Error, at, $"'{column}' of {target} is generated, so the query may not yield it.", "Leave it out of the query.");

    public static Diagnostic StreamOfMaterializedView(SourceSpan at, string name) => new(
        "LF3025", Warning, at, $"'{name}' is a materialized view: its rows change in place, and a stream of them stops at the first change.",
        "Leave out STREAM and declare a MATERIALIZED VIEW.");

    public static Diagnostic FlowsDiffer(SourceSpan at, string column, string target, string first, string second) => new(
        "LF3026", Error, at, $"Another flow gives '{column}' of {target} the type {first}; here it is {second}.", $"Declare the columns of {target}, or cast.");

    public static Diagnostic NoColumns(SourceSpan at, string target) => new(
        "LF3027", Error, at, $"The query yields no column for {target}.");

    public static Diagnostic StreamOptionsDiffer(SourceSpan at, string table, SourceSpan first) => new Diagnostic(
        "LF3028", Error, at, $"The flow already streams {table} with other options, at {first}; it has one position in a table.",
        "Give both the same options, or make two flows.").Beside(first);

    public static Diagnostic ResettableUpstream(SourceSpan at, string table, string upstream) => new(
        "LF3029", Error, at,
        $"[INVALID_RESETTABLE_DEPENDENCY] '{table}' may not be reset, but streams '{upstream}', which may: after a full refresh of that one it could not go on.",
        $"Set 'pipelines.reset.allowed' = 'false' on '{upstream}' too, or take it off '{table}'.");

    public static Diagnostic BadName(SourceSpan at, string name, string problem) => new(
        "LF3040", Error, at, $"'{name}' cannot be the name of a dataset: {problem}.", "A table's files lie in a folder of its name.");

    /// <summary>The diagnostic with a second place that belongs to it.</summary>
    internal static Diagnostic Beside(this Diagnostic diagnostic, SourceSpan other) => diagnostic with { Also = other };
}
