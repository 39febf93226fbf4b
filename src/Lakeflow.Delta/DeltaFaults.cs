using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>LF605x to LF619x – a Delta table or its store does not do what was asked. One method a code.</summary>
internal static class DeltaFaults
{
    public static DataFault NotATable(string location) => new(
        "LF6050", $"There is no Delta table at {location}: it has no _delta_log with a commit in it.");

    public static DataFault NoSuchVersion(string location, long version, long earliest, long latest) => new(
        "LF6051",
        Text($"The table at {location} has no version {version} to read; versions {earliest} to {latest} can be read."),
        version < earliest ? "Log entries older than delta.logRetentionDuration are cleaned up." : null);

    public static DataFault LogGap(string location, long missing) => new(
        "LF6052",
        Text($"The log of the table at {location} is not whole: version {missing} is missing between others."),
        "A commit file was deleted or not copied. Bring it back, or restore the table from a copy.");

    public static DataFault BrokenCommit(string file, int line, Exception cause) => new(
        "LF6053", Text($"{file} line {line} is no Delta action: {cause.Message}"),
        "Restore the file from a copy. Without it the table would have a gap, so do not delete it.", inner: cause);

    public static DataFault Incomplete(string location, long version, string what) => new(
        "LF6054", Text($"Version {version} of the table at {location} has no {what}: its log is not whole."));

    public static DataFault UnknownReaderFeature(string location, IEnumerable<string> features) => new(
        "LF6055",
        $"The table at {location} cannot be read: it uses {string.Join(", ", features)}, which Lakeflow does not know.",
        "Drop the feature from the table with the engine that wrote it, or read it there.");

    public static DataFault UnsupportedWriterFeature(string location, IEnumerable<string> features) => new(
        "LF6056",
        $"The table at {location} can be read but not written: it uses {string.Join(", ", features)}, which Lakeflow does not write.",
        "Write it with the engine that owns it, or write to a table of Lakeflow's own.");

    public static DataFault BrokenSchema(string why) => new("LF6057", $"The table's schema text cannot be read: {why}");

    public static DataFault UnknownType(string column, string type) => new(
        "LF6057", $"Column {column} has the type '{type}', which Lakeflow does not know.");

    public static DataFault NoVersionAt(string location, DateTimeOffset asked, DateTimeOffset earliest, DateTimeOffset latest) => new(
        "LF6058",
        Text($"The table at {location} has no version as of {asked:yyyy-MM-dd HH:mm:ss.fff}: its versions are from {earliest:yyyy-MM-dd HH:mm:ss.fff} to {latest:yyyy-MM-dd HH:mm:ss.fff} (UTC)."));

    public static DataFault BrokenCheckpoint(string file, Exception cause) => new(
        "LF6059",
        $"The checkpoint {file} cannot be read: {cause.Message}",
        "If the commits before it are still there, delete it: the log is then read from them.",
        inner: cause);

    public static DataFault CannotRead(string file, Exception cause) => new(
        "LF6060",
        cause is FileNotFoundException or DirectoryNotFoundException ? $"{file} is not there." : $"{file} cannot be read: {cause.Message}",
        cause is FileNotFoundException or DirectoryNotFoundException ? "It was deleted while it was still needed, or the table was copied without it." : null,
        retryable: cause is IOException and not (FileNotFoundException or DirectoryNotFoundException),
        inner: cause);

    public static DataFault PathOutside(string location, string path) => new(
        "LF6060", $"The log of the table at {location} names the file {path}, which lies outside of the table.");

    public static DataFault BrokenDeletionVector(string file, string why) => new(
        "LF6061", $"The deletion vector of {file} cannot be read: {why}.");

    public static DataFault TableExists(string location) => new(
        "LF6062", $"There is a Delta table at {location} already.");

    public static DataFault AppendOnly(string location) => new(
        "LF6063",
        $"Rows of the table at {location} cannot be removed: its property delta.appendOnly is true.",
        "Set delta.appendOnly to false first.");

    public static DataFault Constraints(string location, string what) => new(
        "LF6064",
        $"The table at {location} cannot be written: it has {what}, which Lakeflow does not check.",
        "Drop it, or write the table with the engine that set it.");

    public static DataFault TypeMismatch(string column, DataType table, DataType rows) => new(
        "LF6065",
        $"Column {column} is {table} in the table and {rows} in the rows to write.",
        "Cast the column in the query, or make the table anew.");

    public static DataFault UnknownColumn(string column, IEnumerable<string> columns) => new(
        "LF6066",
        $"The rows to write have a column {column}, which the table has not.",
        $"The table has: {string.Join(", ", columns)}. Schema merging would add it.");

    public static DataFault NullInNotNull(string column, string where) => new(
        "LF6067", $"Column {column} is NOT NULL and {where} has no value for it.");

    /// <summary>The format cannot tell it from NULL.</summary>
    public static DataFault EmptyInNotNull(string column, string where) => new(
        "LF6067",
        $"Column {column} is NOT NULL and {where} has an empty text for it; the table is partitioned by {column}, and a partition's empty text is NULL.",
        "Give it another value, or do not partition by it.");

    public static DataFault CannotWrite(string file, Exception cause) => new(
        "LF6069",
        $"{file} cannot be written: {cause.Message}",
        "The table keeps its last version. Look at free space and permissions.",
        inner: cause);

    public static DataFault BadPartitionValue(string file, string column, DataType type, string value) => new(
        "LF6070", $"{file} has the partition value '{value}' for column {column}, which is no {type}.");

    public static DataFault BadPartitionColumn(string column, string why) => new(
        "LF6071", $"The table cannot be partitioned by {column}: {why}.");

    public static DataFault BadProperty(string property, string value, string wanted) => new(
        "LF6072", $"The table property {property} is '{value}'; {wanted} is wanted.");

    public static DataFault CannotConvert(string file, string column, DataType stored, DataType wanted) => new(
        "LF6073", $"{file} has {stored} in column {column}, which cannot be read as the table's {wanted}.");

    public static DataFault NoChangeFeed(string location, long version) => new(
        "LF6074",
        Text($"The table at {location} did not record row changes at version {version}: its property delta.enableChangeDataFeed was not true."),
        "Begin at a version after the property was set. Changes made before it are not kept.");

    public static DataFault BadChangeRange(string location, long from, long to) => new(
        "LF6051", Text($"There are no changes from version {from} to {to} of the table at {location}: the first is after the last."));

    public static DataFault ReservedColumn(string column) => new(
        "LF6075",
        $"A table with a change data feed cannot have a column {column}: the feed has one of that name.",
        "Rename the column, or set delta.enableChangeDataFeed to false.");

    public static DataFault OutsideReplaced(string location, string where) => new(
        "LF6076",
        $"The rows that replace a part of the table at {location} must lie in that part, and {where} does not.",
        "Filter the rows by the same condition.");

    public static DataFault ManyMatches(string location, string key) => new(
        "LF6077",
        $"Rows to merge into the table at {location} have the key {key} more than once: which of them is to win is not said.",
        "Keep one row a key, the newest for instance.");

    public static DataFault CannotChangeColumn(string location, string column, string why) => new(
        "LF6078", $"Column {column} of the table at {location} cannot be changed so: {why}.");

    public static DataFault ShortRetention(string location, TimeSpan asked, TimeSpan least) => new(
        "LF6079",
        Text($"Files of the table at {location} are kept for {least.TotalHours:0.##} hours, so they cannot be deleted after {asked.TotalHours:0.##}."),
        "Readers and streams may need them. If none does, set the table property delta.deletedFileRetentionDuration to a shorter time.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
