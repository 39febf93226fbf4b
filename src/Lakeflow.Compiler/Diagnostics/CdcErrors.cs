using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Runtime.Diagnostics.Severity;

namespace Lakeflow.Compiler.Diagnostics;

/// <summary>LF205x and LF303x – an AUTO CDC flow does not work out.</summary>
internal static class CdcErrors
{
    public static Diagnostic KeyNotStored(SourceSpan at, string key, IEnumerable<string> stored) => new(
        "LF2050", Error, at, $"[AUTOCDC_KEY_NOT_IN_SELECTED_SCHEMA] The key '{key}' is not among the stored columns: {string.Join(", ", stored)}.",
        "Let COLUMNS keep it.");

    public static Diagnostic ColumnsNotFound(SourceSpan at, string clause, string missing, IEnumerable<string> available) => new(
        "LF2051", Error, at, $"[AUTOCDC_COLUMNS_NOT_FOUND_IN_SCHEMA] {clause} names '{missing}', which is not there. There are: {string.Join(", ", available)}.",
        Nearest.To(missing, available) is { } near ? $"Did you mean '{near}'?" : null);

    public static Diagnostic SeveralParts(SourceSpan at, string clause, string name) => new(
        "LF2052", Error, at, $"[AUTOCDC_MULTIPART_COLUMN_IDENTIFIER] {clause} takes whole columns, not '{name}'.", "Name the column without table or field.");

    public static Diagnostic ReservedName(SourceSpan at, string name, string why) => new(
        "LF2053", Error, at, $"[AUTOCDC_RESERVED_COLUMN_NAME_PREFIX_CONFLICT] The source may not have a column '{name}': {why}", "Rename it in a temporary view, and read that.");

    public static Diagnostic SequenceWithoutOrder(SourceSpan at, DataType type) => new(
        "LF2054", Error, at, $"[AUTOCDC_MICROBATCH_VALIDATION.NON_ORDERABLE_SEQUENCE] SEQUENCE BY needs values with an order; {type} has none.",
        "Use a number, a time or a text, or STRUCT(…) of such.");

    public static Diagnostic SequenceIsNoColumn(SourceSpan at) => new(
        "LF2054", Error, at, "SEQUENCE BY of a REPLACE USING flow names a column that is stored: what comes is compared with what the table has.", "Give the expression a name in the query.");

    public static Diagnostic NothingToIgnore(SourceSpan at) => new(
        "LF2055", Error, at, "[AUTOCDC_IGNORE_NULL_EMPTY_COLUMN_LIST] IGNORE NULL UPDATES covers no column: keys are never covered.", "Name a column that is no key, or leave the clause out.");

    public static Diagnostic ClausesClash(SourceSpan at, string clause, string with, string? hint = null) => new(
        "LF2056", Error, at, $"{clause} does not go with {with}.", hint);

    public static Diagnostic ListedColumnsType(SourceSpan at, DataType type) => new(
        "LF2057", Error, at, $"COLUMNS TO UPDATE needs a column of type ARRAY<STRING>, which names what an event sets; this is {type}.");

    public static Diagnostic HistoryColumn(SourceSpan at, string target, string column, DataType wanted, DataType? found) => new(
        "LF2058", Error, at, found is null
            ? $"The column list of {target} lacks '{column}', which SCD TYPE 2 writes."
            : $"Column '{column}' of {target} is {found}, but SEQUENCE BY gives {wanted}.",
        $"Declare {column} {wanted}.");

    public static Diagnostic KeyType(SourceSpan at, string key, DataType type) => new(
        "LF2059", Error, at, $"'{key}' is {type}, which cannot be a key.", "Use a number, a text, a time or BOOLEAN; several columns may make up a key.");

    public static Diagnostic MixedFlows(SourceSpan at, string target, SourceSpan other) => new Diagnostic(
        "LF3030", Error, at, $"'{target}' has AUTO CDC flows and other ones; a table is filled by one kind.",
        "To load older rows first, use AUTO CDC ONCE with a low sequence.").Beside(other);

    public static Diagnostic FlowsDisagree(SourceSpan at, string target, string what, SourceSpan first) => new Diagnostic(
        "LF3031", Error, at, $"The AUTO CDC flows into '{target}' differ in {what}; they share the history of its keys, so they must agree.").Beside(first);

    public static Diagnostic NotIntoPlainTable(SourceSpan at, string target) => new(
        "LF3032", Error, at, $"[MANAGED_TABLE_DOES_NOT_SUPPORT_CDC] '{target}' is a plain table; AUTO CDC fills streaming tables.", $"Declare it: CREATE STREAMING TABLE {target}.");

    public static Diagnostic NotReplaced(SourceSpan at, string target, bool isPlain) => new(
        "LF3039", Error, at, $"'{target}' is {(isPlain ? "a plain table" : "a materialized view")}; REPLACE flows fill streaming tables.", $"Declare it: CREATE STREAMING TABLE {target}.");

    public static Diagnostic StreamOfChangedTable(SourceSpan at, string name) => new(
        "LF3033", Warning, at, $"'{name}' is filled by AUTO CDC or a REPLACE flow: its rows change in place, and a stream of them stops at the first change.",
        "Leave out STREAM and declare a MATERIALIZED VIEW, or read its changes: WITH (readChangeFeed).");
}
