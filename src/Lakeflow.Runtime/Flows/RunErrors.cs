using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Flows;

/// <summary>LF5001–LF5099 of a run: what can go wrong between reading a source and committing a target. One method a code.</summary>
public static class RunErrors
{
    public static RuntimeError BrokenRecord(string text, Exception cause) => new(
        "LF5050", $"A flow's record in its target's log cannot be read: {Short(text)}",
        "It was written by a newer Lakeflow, or changed by hand. A full refresh of the table starts it anew.", inner: cause);

    public static RuntimeError AnotherRunAdvanced(string flow, Exception? cause) => new(
        "LF5051", $"Another run advanced the flow {flow} while this one was working; this run's step was dropped and nothing was doubled.",
        "Wait for the other run to end, then run again.", inner: cause);

    public static RuntimeError ForeignChange(string table, long version, string operation) => new(
        "LF5052", Text($"Version {version} of {table} was not written by this pipeline and takes rows away ({operation}); the flow cannot tell which input the rows in it stand for."),
        $"Start the table anew with --full-refresh {table}, or go on from its present rows with --accept {table}.");

    public static RuntimeError ChangedSource(string table, long version, string operation) => new(
        "LF5053", Text($"A data update or delete was detected in the source {table} at version {version} ({operation}); a stream only takes appended rows."),
        "Read it with skipChangeCommits, read it in batch through a materialized view, or full-refresh the table below it.",
        errorClass: "DELTA_SOURCE_TABLE_IGNORE_CHANGES");

    public static RuntimeError OtherSourceTable(string table) => new(
        "LF5054", $"The source {table} is another table than the one the stream began with: it was dropped and made again.",
        "Full-refresh the table below it.", errorClass: "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE");

    public static RuntimeError SourceLogGap(string table, long wanted, Exception cause) => new(
        "LF5055", Text($"The source {table} no longer has version {wanted}, which the stream has not read yet."),
        "Its log was cleaned up. Full-refresh the table below it, and keep delta.logRetentionDuration above the time between two runs.", inner: cause);

    public static RuntimeError NoSuchTable(string table) => new(
        "LF5056", $"There is no table {table} in the lakehouse.", "Run the pipeline that makes it first.", errorClass: "TABLE_OR_VIEW_NOT_FOUND");

    public static RuntimeError ResetNotAllowed(string table) => new(
        "LF5057", $"{table} must not be reset: its property pipelines.reset.allowed is false.",
        "Leave it out of --full-refresh, or change the property.", errorClass: "TABLE_NOT_RESETTABLE");

    public static RuntimeError UnknownSelection(string name, IEnumerable<string> known) => new(
        "LF5058", $"The pipeline has no table '{name}' to refresh.", $"It has: {string.Join(", ", known)}.");

    public static RuntimeError UnknownFlow(string name, IEnumerable<string> known) => new(
        "LF5058", $"The pipeline has no flow '{name}'.", $"It has: {string.Join(", ", known)}.");

    public static RuntimeError ConflictingSelection(string what) => new(
        "LF5059", what, "Name each table once, and use --full-refresh-all alone.", errorClass: "CONFLICTING_PIPELINE_REFRESH_OPTIONS");

    public static RuntimeError NullInNotNull(string table, string column, long rows, string sample, string? place) => new(
        "LF5012", Text($"Column {column} of {table} is NOT NULL, and {rows} row(s) have no value for it; first: {sample}{(place is null ? "" : $" from {place}")}."),
        "Nothing of this step was written. Add an expectation that drops such rows, or let the column be NULL.",
        errorClass: "DELTA_NOT_NULL_CONSTRAINT_VIOLATED");

    /// <param name="left">What a full refresh would bring back: <see cref="LostRows.WhatIsLeft"/>.</param>
    public static RuntimeError PartitionsChanged(string table, string left) => new(
        "LF5060", $"The partition columns of {table} are not those it was made with. {left}",
        $"Start the table anew with --full-refresh {table}.", errorClass: "CANNOT_UPDATE_PARTITION_COLUMNS");

    /// <param name="left">As above.</param>
    public static RuntimeError SchemaChanged(string table, string column, DataType stored, DataType wanted, string left) => new(
        "LF5061", $"Column {column} of {table} is {stored} in the table and {wanted} in the pipeline. {left}",
        $"Cast it in the query, or start the table anew with --full-refresh {table}.");

    /// <param name="left">As above.</param>
    public static RuntimeError ColumnNeeded(string table, string column, string left) => new(
        "LF5061", $"Column {column} of {table} is NOT NULL in the table, and the pipeline no longer has it. {left}",
        $"Keep the column, or start the table anew with --full-refresh {table}.");

    /// <param name="left">As above.</param>
    public static RuntimeError KindChanged(string table, string was, string now, string left) => new(
        "LF5065", $"{table} is {was} in the lakehouse and {now} in the pipeline. {left}",
        $"Say --full-refresh {table} to begin it anew as {now}, or give one of the two another name.", errorClass: "CANNOT_SWITCH_TABLE_KIND");

    /// <param name="pipeline">The pipeline that wants to write.</param>
    /// <param name="tables">Tables by their full names, with whose they are; null if no pipeline made them.</param>
    public static RuntimeError OtherPipeline(string pipeline, IReadOnlyList<(string Table, string? Owner)> tables) => new(
        "LF5067",
        $"The lakehouse has {(tables.Count == 1 ? "a table" : "tables")} of another owner: {string.Join(", ", tables.Take(5).Select(t => $"{t.Table} ({(t.Owner is null ? "made by no pipeline" : $"of the pipeline {t.Owner}")})"))}"
        + $"{(tables.Count > 5 ? Text($" and {tables.Count - 5} more") : "")}. This is the pipeline {pipeline}; nothing was changed.",
        $"Name another lakehouse, catalog or schema. If {(tables.Count == 1 ? "the table is" : "the tables are")} to be this pipeline's from now on: --adopt {string.Join(",", tables.Select(t => t.Table))}",
        errorClass: "TABLE_OF_ANOTHER_PIPELINE");

    /// <param name="left">As above.</param>
    public static RuntimeError AmbiguousRename(string table, IEnumerable<string> gone, IEnumerable<string> fresh, string left) => new(
        "LF5080", $"In {table} the column(s) {string.Join(", ", gone)} are gone and {string.Join(", ", fresh)} are new, and are made from the same: the queries do not tell which one is called what now. {left}",
        $"Say so with the table property '{Renames.PropertyPrefix}<new name>' = '<old name>', or '' for a column that begins empty.");

    public static RuntimeError BadRename(string table, string property, string value, string why) => new(
        "LF5081", $"The property '{property}' = '{value}' of {table} cannot be followed: {why}.",
        $"Write '{Renames.PropertyPrefix}<new name>' = '<old name>', or leave the property out.");

    public static RuntimeError SourceColumnChanged(string table, string column, DataType wanted, DataType? stored) => new(
        "LF5069", stored is null ? $"The source {table} no longer has a column {column}." : $"Column {column} of the source {table} is {stored}, and was {wanted} when the pipeline was compiled.",
        "It was altered since. Compiling the pipeline anew shows what its columns are now; nothing was lost.")
    {
        WantsNewPlan = true,
    };

    public static RuntimeError NotADisk(string path, Exception cause) => new(
        "LF5062", $"{path} cannot be read or written: {cause.Message}",
        "The tables keep their last versions. Look at free space and permissions.", inner: cause);

    public static RuntimeError LostRows(string table, IReadOnlyList<string> gone) => new(
        "LF5063", Text($"A full refresh of {table} would lose rows: {gone.Count} file(s) that it has read are gone: {string.Join(", ", gone.Take(5))}{(gone.Count > 5 ? ", …" : "")}."),
        "Say --yes to go on without them.");

    public static RuntimeError NoStartingVersion(string table, long wanted, long newest) => new(
        "LF5064", Text($"The stream is to begin with version {wanted} of {table}, whose newest version is {newest}."),
        "Give a startingVersion that is there, or 'latest'.", errorClass: "DELTA_VERSION_NOT_FOUND");

    public static RuntimeError NothingSince(string table, DateTimeOffset wanted, DateTimeOffset newest) => new(
        "LF5064", Text($"The stream is to begin at {wanted:yyyy-MM-dd HH:mm:ss.fff}, after the newest version of {table}, which is of {newest:yyyy-MM-dd HH:mm:ss.fff} (UTC)."),
        "Give a startingTimestamp before that, or startingVersion = 'latest'.", errorClass: "DELTA_TIMESTAMP_GREATER_THAN_COMMIT");

    public static RuntimeError BadInterval(string table, string text) => new(
        "LF5066", $"'{text}' is no interval for {TriggerInterval.Property} of {table}.", "Write a whole number and a unit: '10 seconds', '1 hour'; at most 30 days.");

    public static RuntimeError StateLost(string table, string state, Exception cause) => new(
        "LF5076", $"What flows of {table} remember is no longer there: {state}, which the table's last commit names.",
        $"Put the folder back, or start the table anew with --full-refresh {table} --yes, which reads what its sources still have.", inner: cause);

    public static RuntimeError UnmappedPath(string path) => new(
        "LF7100", $"The path {path} is not on this machine, and the project maps no folder to it.",
        $"Add to lakeflow.yml under 'mounts:' the line '{PathMap.SuggestedPrefix(path)}: ./data'.");

    /// <summary>What the runner shows for a failure beneath it; our own mistakes pass through as they are.</summary>
    public static RuntimeError? Wrap(Exception failure) => failure switch
    {
        RuntimeError error => error,
        DataFault fault => new RuntimeError(fault.Code, fault.Message, fault.Hint, retryable: fault.IsRetryable, inner: fault),
        IOException io => NotADisk("A file", io),
        OutOfMemoryException full => SpillErrors.OutOfMemory(full),
        UnauthorizedAccessException denied => NotADisk("A file", denied),
        _ => null,
    };

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
