using Lakeflow.Runtime.Connectors;

namespace Lakeflow.Connect.Files;

/// <summary>The options of <c>read_files</c>, <c>cloud_files</c> and path tables. One set for all formats, so that no name is known twice.</summary>
/// <remarks>Source: Databricks <c>read_files</c>, Auto Loader options and the Spark data source pages; defaults are theirs.</remarks>
public static class ReadFilesOptions
{
    private const string ListingReason = "Files are always found by listing the folder.";
    private const string CloudReason = "Files are read through mounts; there is no cloud service to talk to.";
    private const string SchemaPlaceReason = "The schema is inferred when the pipeline is compiled and kept with it.";
    private const string RebaseReason = "Dates are proleptic Gregorian; rebase files of Spark 2 and older with Spark first.";

    public static OptionSet Set { get; } = Declare();

    private static OptionSet Declare()
    {
        var set = new OptionSet("cloudFiles.");
        foreach (var option in Common()) set.Add(option);
        foreach (var option in Csv()) set.Add(option);
        foreach (var option in Json()) set.Add(option);
        foreach (var option in Others()) set.Add(option);
        return set;
    }

    private static IEnumerable<Option> Common() =>
    [
        Option.OneOf("format", null, "The format of the files; told from their names where it is not given.", "csv", "json", "parquet", "text", "binaryFile", "xml", "avro", "orc"),
        Option.Text("schema", null, "The columns as DDL (`id BIGINT, name STRING`). Switches inference and the rescued column off."),
        Option.Boolean("inferColumnTypes", null, "false: csv and json columns are STRING. Default true for read_files, false for cloud_files."),
        Option.Boolean("inferSchema", null, "The same as inferColumnTypes, in Spark's words."),
        Option.Text("schemaHints", null, "DDL of columns whose type should not be inferred; `user.address.zip STRING` reaches into structs."),
        Option.OneOf("schemaEvolutionMode", null, "What happens when a file has a column that the schema has not.", "addNewColumns", "addNewColumnsWithTypeWidening", "rescue", "failOnNewColumns", "none"),
        Option.Text("rescuedDataColumn", null, "Name of the column for what did not fit; '' for none. Default _rescued_data where the schema is inferred."),
        Option.Text("partitionColumns", null, "Names of the k=v folders that become columns, separated by commas; '' for none. Default: all that are found."),
        Option.Text("pathGlobFilter", null, "A glob that the file's name must match.", "fileNamePattern"),
        Option.Boolean("recursiveFileLookup", false, "Read all folders beneath and make no columns of k=v folders."),
        Option.Timestamp("modifiedAfter", "Only files modified after this time."),
        Option.Timestamp("modifiedBefore", "Only files modified before this time."),
        Option.Boolean("ignoreCorruptFiles", false, "Leave out a file that cannot be read, from the place on where it is broken."),
        Option.Boolean("ignoreMissingFiles", false, "Leave out a file that vanished between listing and reading."),
        Option.Boolean("includeExistingFiles", true, "Streams: also the files that were there at the first start."),
        Option.Boolean("allowOverwrites", false, "Streams: read a file again, whole, when it was modified."),
        Option.Int64("maxFilesPerTrigger", 1000, "Streams: files per step.", min: 1),
        Option.Bytes("maxBytesPerTrigger", null, "Streams: bytes per step; a step takes at least one file."),
        Option.Text("encoding", "UTF-8", "Encoding of csv, json and text files.", "charset"),
        Option.Text("lineSep", null, "What ends a line; default any of \\n, \\r\\n and \\r."),
        Option.OneOf("mode", "PERMISSIVE", "What happens to a broken record.", "PERMISSIVE", "DROPMALFORMED", "FAILFAST"),
        Option.Text("columnNameOfCorruptRecord", "_corrupt_record", "Column that takes the text of a broken record, if the schema has it."),
        Option.Boolean("multiLine", false, "A record may span lines: quoted line breaks in csv; a document or an array per json file.", "wholeFile"),
        Option.Text("dateFormat", null, "Pattern of DATE text; default yyyy-MM-dd and its shorter forms."),
        Option.Text("timestampFormat", null, "Pattern of TIMESTAMP text; default ISO 8601 with a space or a T."),
        Option.Text("timestampNTZFormat", null, "Pattern of TIMESTAMP_NTZ text; default ISO 8601 without a zone."),
        Option.Text("timeZone", null, "Zone of timestamps that name none; default the session's."),
        Option.Boolean("mergeSchema", null, "Infer from all files, not from the first alone. Default true."),
        Option.Text("samplingRatio", null, "1 or more: infer from every byte instead of from a sample of each file."),
        Option.Boolean("readerCaseSensitive", false, "true: a field whose name differs in case is another field."),
        Option.Ignored("useStrictGlobber", "Globs are always strict: * stops at a folder's end."),
        Option.Ignored("schemaLocation", SchemaPlaceReason),
        Option.Ignored("useIncrementalListing", ListingReason),
        Option.Ignored("useNotifications", ListingReason),
        Option.Ignored("useManagedFileEvents", ListingReason),
        Option.Ignored("backfillInterval", ListingReason),
        Option.Ignored("fetchParallelism", ListingReason),
        Option.Ignored("validateOptions", "Options are always validated."),
        Option.Ignored("maxFileAge", "Files that were seen are remembered for as long as the table."),
        Option.Ignored("resourceTag", CloudReason),
        Option.Ignored("region", CloudReason),
        Option.Ignored("queueUrl", CloudReason),
        Option.Ignored("locale", "Only English names of months and days are read."),
        Option.Refused("cleanSource", "Files are never deleted or moved; archive them outside the pipeline."),
    ];

    private static IEnumerable<Option> Csv() =>
    [
        Option.Text("sep", ",", "What separates fields; one or more characters, \\t for a tab.", "delimiter"),
        Option.Boolean("header", null, "The first line names the columns. Default: true, and false with a schema."),
        Option.Text("quote", "\"", "Encloses fields that hold separators; '' for none."),
        Option.Text("escape", "\\", "Escapes a quote in a quoted field; a doubled quote always does."),
        Option.Text("comment", null, "A line that begins with this character is left out."),
        Option.Text("nullValue", "", "Text that means NULL; an empty field always does."),
        Option.Text("emptyValue", "", "What a quoted empty field is; '' makes it NULL where nullValue is '' too."),
        Option.Text("nanValue", "NaN", "Text that means not-a-number."),
        Option.Text("positiveInf", "Inf", "Text that means infinity."),
        Option.Text("negativeInf", "-Inf", "Text that means minus infinity."),
        Option.Boolean("ignoreLeadingWhiteSpace", false, "Leave out blanks before an unquoted field."),
        Option.Boolean("ignoreTrailingWhiteSpace", false, "Leave out blanks after an unquoted field."),
        Option.Int64("skipRows", 0, "Lines to leave out at the top of each file, before the header.", min: 0),
        Option.Int64("maxColumns", 20480, "More fields than this in a line is an error.", min: 1),
        Option.Int64("maxCharsPerColumn", -1, "A longer field than this many bytes is an error; -1 for no limit.", min: -1),
        Option.Boolean("enforceSchema", null, "true: a declared schema goes by position, false: by the header's names. Default: by name if any name is in the schema."),
        Option.Boolean("preferDate", true, "Infer DATE where all values are dates."),
        Option.OneOf("unescapedQuoteHandling", "STOP_AT_DELIMITER", "A quoted field with text after its closing quote is taken as it stands, to the next separator.", "STOP_AT_DELIMITER"),
        Option.Ignored("charToEscapeQuoteEscaping", "The escape character always escapes itself."),
        Option.Ignored("inputBufferSize", "Buffers size themselves."),
        Option.Ignored("columnPruning", "Columns that are not used are never converted."),
    ];

    private static IEnumerable<Option> Json() =>
    [
        Option.Boolean("allowComments", false, "Allow /* */ and // comments."),
        Option.Boolean("allowSingleQuotes", true, "Allow 'single quotes' around names and text."),
        Option.Boolean("allowUnquotedFieldNames", false, "Allow names without quotes."),
        Option.Boolean("allowNumericLeadingZeros", false, "Allow 007.", "allowNumericLeadingZero"),
        Option.Boolean("allowBackslashEscapingAnyCharacter", false, "Allow a backslash before any character."),
        Option.Boolean("allowUnquotedControlChars", false, "Allow control characters such as a tab in text."),
        Option.Boolean("allowNonNumericNumbers", true, "Allow NaN, Infinity and -Infinity as numbers."),
        Option.Boolean("primitivesAsString", false, "Infer STRING for numbers and booleans."),
        Option.Boolean("prefersDecimal", false, "Infer DECIMAL rather than DOUBLE where all digits fit."),
        Option.Boolean("dropFieldIfAllNull", false, "Infer no column where all values are null."),
        Option.Boolean("inferTimestamp", false, "Infer TIMESTAMP from text that reads as one."),
        Option.Refused("singleVariantColumn", "There is no VARIANT type yet; read with format => 'text' and parse with from_json."),
    ];

    private static IEnumerable<Option> Others() =>
    [
        Option.Boolean("wholeText", false, "text: one row a file instead of one a line."),
        Option.Ignored("datetimeRebaseMode", RebaseReason),
        Option.Ignored("int96RebaseMode", RebaseReason),
        Option.Refused("avroSchema", "Avro files are not read yet."),
        Option.Refused("rowTag", "XML files are not read yet."),
        Option.Refused("compression", "Compression is told from the file's name (.gz) or content."),
    ];
}
