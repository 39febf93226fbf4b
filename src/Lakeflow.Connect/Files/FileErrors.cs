using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Files;

/// <summary>LF7010–LF7039: what can be wrong with files. What is found while binding is thrown too; the binder gives it a place.</summary>
public static class FileErrors
{
    public static Diagnostic FormatNotRead(string format, SourceSpan at) => new(
        "LF7010", Severity.Error, at, $"Files of the format '{format}' are not read.", "Formats are csv, json, parquet, text and binaryFile.");

    public static RuntimeError FormatUnknown(string path) => new(
        "LF7010", $"The names of the files under {path} do not tell their format.", "Say it with format => 'csv', 'json', 'parquet', 'text' or 'binaryFile'.");

    public static RuntimeError NothingFound(string path, bool isGlob) => new(
        "LF7011",
        isGlob ? $"No file matches {path}." : $"There is no file or folder {path}.",
        isGlob ? "* stops at a folder's end; names that begin with _ or . are left out." : "Look at the spelling and at the mounts of the project.",
        errorClass: "PATH_NOT_FOUND");

    public static RuntimeError NoSchema(string path) => new(
        "LF7012", $"There is no file under {path} to infer a schema from.", "Declare the columns with schema => '…', or put a first file there.", errorClass: "UNABLE_TO_INFER_SCHEMA");

    public static RuntimeError NoRows(string path) => new(
        "LF7012", $"No file under {path} has a whole row to infer a schema from.", "Look whether the files are complete and of this format, or declare the columns with schema => '…'.", errorClass: "UNABLE_TO_INFER_SCHEMA");

    public static RuntimeError BadGlob(string path, string why) => new(
        "LF7013", $"The path {path} is not well formed: {why}.", "Globs know ? * [abc] [a-z] [^a] and {ab,cd}; put a backslash before a character that is meant literally.");

    public static RuntimeError CannotRead(string file, Exception inner) => new(
        "LF7014", $"{file} cannot be read: {inner.Message}", "ignoreCorruptFiles => true leaves such files out.", errorClass: "FAILED_READ_FILE", inner: inner);

    public static RuntimeError FileVanished(string file) => new(
        "LF7015", $"{file} was there when the folder was listed and is gone now.", "Run again, or set ignoreMissingFiles => true.", errorClass: "FAILED_READ_FILE.FILE_NOT_EXIST", retryable: true);

    public static RuntimeError DeadLink(string link, string target) => new(
        "LF7015", $"{link} is a link to {target}, which is not there.", "Remove the link, or set ignoreMissingFiles => true.", errorClass: "FAILED_READ_FILE.FILE_NOT_EXIST");

    public static RuntimeError UnknownEncoding(string encoding) => new(
        "LF7016", $"The encoding '{encoding}' is not known.", "Encodings are UTF-8, UTF-16, UTF-16LE, UTF-16BE, UTF-32, ISO-8859-1 and US-ASCII.");

    public static RuntimeError UnknownZone(string zone) => new(
        "LF7018", $"There is no time zone '{zone}'.", "Use a region such as Europe/Oslo, or an offset such as +02:00.", errorClass: "INVALID_TIMEZONE");

    public static RuntimeError BadPattern(string option, string pattern, string why) => new(
        "LF7017", $"'{pattern}' is no pattern for {option}: {why}.", "Patterns are Spark's: yyyy-MM-dd HH:mm:ss.");

    public static RuntimeError Malformed(string place, string why, string text) => new(
        "LF7020", $"{place}: {why}: {Excerpt(text)}", "mode => 'PERMISSIVE' reads what can be read, 'DROPMALFORMED' leaves such records out.", errorClass: "MALFORMED_RECORD_IN_PARSING");

    /// <param name="evolves">True if a schema that is inferred anew has the columns.</param>
    public static RuntimeError NewColumns(string file, IEnumerable<string> names, bool evolves) => new(
        "LF7021",
        $"{file} has columns that the schema does not have: {string.Join(", ", names)}.",
        evolves ? "The next run reads with the wider schema." : "Add them to the schema, or set schemaEvolutionMode => 'rescue'.",
        errorClass: "UNKNOWN_FIELD_EXCEPTION")
    {
        WantsNewPlan = evolves,
    };

    public static RuntimeError RecordTooLong(string place, long limit) => new(
        "LF7022", $"{place}: a record is longer than {limit} bytes.", "Is the file of another format, or a quote never closed?");

    public static RuntimeError TooManyColumns(string place, long limit) => new(
        "LF7023", $"{place}: a line has more than {limit} fields.", "Look at sep, or raise maxColumns.");

    public static RuntimeError FieldTooLong(string place, long limit) => new(
        "LF7024", $"{place}: a field is longer than {limit} bytes.", "Look at quote, or raise maxCharsPerColumn.");

    public static RuntimeError TypeNotInFormat(string format, string column, string type) => new(
        "LF7025", $"The column {column} cannot be {type}: {format} files do not hold that type.", "Read it as STRING and convert it in the query.", errorClass: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE");

    public static RuntimeError TypeDiffers(string file, string column, string stored, string wanted) => new(
        "LF7026", $"{file} holds the column {column} as {stored}, which cannot be read as {wanted}.", "Change the declared type, or read the file by itself.", errorClass: "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH");

    /// <summary>At most 120 characters of a record, on one line.</summary>
    private static string Excerpt(string text)
    {
        var line = text.ReplaceLineEndings("\\n");
        return line.Length <= 120 ? line : line[..120] + "…";
    }
}
