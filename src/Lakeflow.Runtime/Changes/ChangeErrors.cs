using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Changes;

/// <summary>LF507x: what can go wrong when events are applied. Nothing of the step is written.</summary>
public static class ChangeErrors
{
    public static RuntimeError NullKey(string table, string column, long rows, string sample) => new(
        "LF5070", Text($"{rows} event(s) for {table} have no value for the key {column}; first: {sample}."),
        "Nothing of this step was written. Filter such events out in a temporary view, or drop them with an expectation.",
        errorClass: "AUTOCDC_MICROBATCH_VALIDATION.NULL_KEY");

    public static RuntimeError EmptyKey(string table, string column, long rows, string sample) => new(
        "LF5070", Text($"{rows} event(s) for {table} have an empty text as the key {column}, and the table is partitioned by it: a partition's empty text is NULL; first: {sample}."),
        "Nothing of this step was written. Give such events another key in a temporary view, or do not partition by the key: CLUSTER BY takes any text.",
        errorClass: "AUTOCDC_MICROBATCH_VALIDATION.NULL_KEY");

    public static RuntimeError NullSequence(string table, long rows, string sample) => new(
        "LF5071", Text($"{rows} event(s) for {table} have no value to sequence them by; first: {sample}."),
        "Nothing of this step was written. Filter such events out in a temporary view, or give them a value there.",
        errorClass: "AUTOCDC_MICROBATCH_VALIDATION.NULL_SEQUENCE");

    /// <param name="left">What a full refresh would take away and bring back, if known.</param>
    public static RuntimeError Drift(string table, string what, string was, string now, string? left) => new(
        "LF5072", $"{table} was filled with {what} {was}, and is now to be filled with {now}; the history of its keys does not fit.{(left is null ? "" : " " + left)}",
        $"Start the table anew with --full-refresh {table}.");

    /// <param name="left">As above.</param>
    public static RuntimeError UnknownRows(string table, string? left) => new(
        "LF5073", $"{table} has rows that AUTO CDC did not write, so nothing is known of the order of their changes.{(left is null ? "" : " " + left)}",
        $"Start the table anew with --full-refresh {table}, or load the rows with a flow AUTO CDC ONCE.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
