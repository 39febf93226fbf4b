using Lakeflow.Arrow;

namespace Lakeflow.Parquet;

/// <summary>LF6001 to LF6049 – a Parquet file cannot be read or written.</summary>
internal static class ParquetFaults
{
    public static DataFault NotParquet(string file, string why) => new(
        "LF6001",
        $"{file} is not a Parquet file: {why}.",
        "A Parquet file begins and ends with the bytes PAR1. Check the format option, and that the file was written completely.");

    public static DataFault Encrypted(string file, string what) => new(
        "LF6002",
        $"{file} is encrypted: {what}.",
        "Encrypted Parquet files cannot be read. Write the file without encryption.");

    public static DataFault BrokenFooter(string file, long offset, string why) => new(
        "LF6003",
        $"The footer of {file} at byte {offset} is broken: {why}.",
        "The file is damaged or was cut off. Restore it, or write it again.");

    public static DataFault BrokenSchema(string file, string why) => new(
        "LF6004",
        $"The schema of {file} does not hold together: {why}.",
        "The file is damaged, or its writer has a bug. Write it again.");

    public static DataFault UnsupportedType(string file, string column, string type) => new(
        "LF6005",
        $"Column '{column}' of {file} has the type {type}, which cannot be read.",
        "Leave the column out when writing the file, or write it as another type.");

    public static DataFault UnsupportedCodec(string file, string column, string codec, string why, string hint) => new(
        "LF6006",
        $"Column '{column}' of {file} is compressed with {codec}: {why}.",
        hint);

    public static DataFault UnsupportedEncoding(string file, string column, long offset, string encoding) => new(
        "LF6007",
        $"Column '{column}' of {file} uses the encoding {encoding} in the page at byte {offset}, which does not fit its type or is not known.",
        "Write the file with the PLAIN or a dictionary encoding.");

    public static DataFault BrokenPage(string file, string column, long offset, string why) => new(
        "LF6008",
        $"The page at byte {offset} of {file}, column '{column}', is broken: {why}.",
        "The file is damaged. Restore it, or write it again.");

    public static DataFault WrongChecksum(string file, string column, long offset, uint expected, uint actual) => new(
        "LF6009",
        $"The page at byte {offset} of {file}, column '{column}', has the checksum {actual:x8} but was written with {expected:x8}.",
        "The file was changed or damaged after it was written. Restore it.");

    public static DataFault BrokenCompression(string file, string column, long offset, string codec, string why) => new(
        "LF6010",
        $"The page at byte {offset} of {file}, column '{column}', does not decompress ({codec}): {why}.",
        "The file is damaged. Restore it, or write it again.");

    public static DataFault BrokenValues(string file, string column, long offset, string why) => new(
        "LF6011",
        $"The values of the page at byte {offset} of {file}, column '{column}', are broken: {why}.",
        "The file is damaged, or its writer has a bug. Write it again.");

    public static DataFault UnequalRows(string file, string column, long expected, long actual) => new(
        "LF6012",
        $"Column '{column}' of {file} has {actual} rows or values where {expected} belong.",
        "The file is damaged, or its writer has a bug. Write it again.");

    public static DataFault NotUtf8(string file, string column, long offset) => new(
        "LF6013",
        $"Column '{column}' of {file} is text, but the page at byte {offset} holds bytes that are not UTF-8.",
        "Write the column as BINARY, or as proper UTF-8.");

    public static DataFault TooLarge(string file, string column, string what) => new(
        "LF6014",
        $"Column '{column}' of {file} is too large: {what}.",
        "Read fewer rows at a time, or write the file with smaller row groups.");

    public static DataFault CannotWrite(string column, string type, string why) => new(
        "LF6020",
        $"Column '{column}' of type {type} cannot be written to Parquet: {why}.",
        "Cast the column to another type, or leave it out.");

    public static DataFault CannotCompress(string codec, string why) => new(
        "LF6021",
        $"Parquet cannot be written with the codec {codec}: {why}.",
        "Use snappy, gzip or none.");

    public static DataFault NullInRequired(string column) => new(
        "LF6022",
        $"Column '{column}' is NOT NULL, but a row to be written has NULL there.",
        "Filter such rows out, give them a value, or declare the column without NOT NULL.");
}
