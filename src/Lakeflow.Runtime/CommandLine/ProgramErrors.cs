using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>What the program of a pipeline says itself. One method a code, those of <c>lakeflow</c>.</summary>
internal static class ProgramErrors
{
    public static Diagnostic Bug(string stage, Exception unexpected) => new(
        "LF0001", Severity.Error, SourceSpan.None,
        $"This is a bug in Lakeflow, while {stage}: {unexpected.GetType().Name}: {unexpected.Message}",
        "Set LAKEFLOW_DEBUG=1 and run again for the stack trace, and report it with the SQL that led here.");

    public static Diagnostic Usage(string message, string program) => new(
        "LF0002", Severity.Error, SourceSpan.None, message, $"'{program} --help' shows what it takes.");

    public static Diagnostic OutputLost(IOException why) => new(
        "LF0003", Severity.Error, SourceSpan.None, $"The output could not be written to its end: {why.Message}", "The command itself went on to its end; of an update the event log tells how.");

    public static Diagnostic FolderGone() => new(
        "LF0062", Severity.Error, SourceSpan.None, "The folder that this command was started in is not there any more.", "Go to one that is.");

    public static Diagnostic UnknownDataset(string name, IEnumerable<string> known) => new(
        "LF0030", Severity.Error, SourceSpan.None, $"The pipeline has no dataset '{name}'.", $"It has: {string.Join(", ", known)}.");

    public static Diagnostic NothingToRead(string table, string lakehouse, string program) => new(
        "LF0033", Severity.Error, SourceSpan.None, $"There is no table {table} in {lakehouse} yet.", $"'{program} run' makes it.");

    /// <param name="lakehouse">Where the tables are to be.</param>
    /// <param name="file">It, or what it would lie in.</param>
    public static RuntimeError NoFolder(string lakehouse, string file) => new(
        "LF6069", $"{lakehouse} cannot be written: {(file == lakehouse ? "it" : file)} is a file, and a lakehouse is a folder.", "Name another with --lakehouse.");

    /// <param name="changes">Each column in words.</param>
    public static RuntimeError OtherColumns(string source, IReadOnlyList<string> changes) => new(
        "LF5068", $"{source} has other columns than those this program was built for: {string.Join(", ", changes.Take(8))}{(changes.Count > 8 ? ", …" : "")}.",
        BuildAnew);

    /// <summary>What to do when sources have changed since the pipeline was compiled: it cannot be compiled where it runs.</summary>
    public const string BuildAnew = "Build the program again; lakeflow run and lakeflow build take the columns as they are now.";
}
