using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli;

/// <summary>LF0001–LF0009 and LF0030–LF0039 – the tool itself. One method a code.</summary>
internal static class ToolErrors
{
    public static Diagnostic Bug(string stage, Exception unexpected) => new(
        "LF0001", Severity.Error, SourceSpan.None,
        $"This is a bug in Lakeflow, while {stage}: {unexpected.GetType().Name}: {unexpected.Message}",
        "Run again with --debug for the stack trace, and report it with the SQL that led here.");

    public static Diagnostic Usage(string message, string command) => new(
        "LF0002", Severity.Error, SourceSpan.None, message, $"'lakeflow {(command.Length == 0 ? "" : command + " ")}--help' shows what it takes.");

    public static Diagnostic OutputLost(string why) => new(
        "LF0003", Severity.Error, SourceSpan.None, $"The output could not be written to its end: {why}", "The rows before it are written; run the query again where there is room.");

    public static Diagnostic UnknownCommand(string name, string? nearest) => new(
        "LF0002", Severity.Error, SourceSpan.None, $"There is no command '{name}'.", nearest is null ? "'lakeflow --help' lists the commands." : $"Did you mean '{nearest}'?");

    public static Diagnostic UnknownDataset(string name, string? nearest, IEnumerable<string> known) => new(
        "LF0030", Severity.Error, SourceSpan.None, $"The pipeline has no dataset '{name}'.",
        nearest is not null ? $"Did you mean '{nearest}'?" : known.Any() ? $"It has: {string.Join(", ", known)}." : null);

    public static Diagnostic NeedsYes(string what) => new(
        "LF0031", Severity.Error, SourceSpan.None, $"{what} needs a yes, and there is no terminal to ask at.", "Say --yes.");

    public static Diagnostic FolderInUse(string folder) => new(
        "LF0032", Severity.Error, SourceSpan.None, $"The folder {folder} exists and is not empty.", "Choose another name.");

    public static Diagnostic NothingToRead(string what, string hint = "'lakeflow run' makes it.") => new(
        "LF0033", Severity.Error, SourceSpan.None, $"There is no {what} yet.", hint);

    public static Diagnostic UnknownTest(string text, IEnumerable<string> known) => new(
        "LF0035", Severity.Error, SourceSpan.None, $"No test's file or name contains '{text}'.", $"The tests are: {string.Join("; ", known)}.");

    public static Diagnostic UnknownRun(string run, IEnumerable<string> known) => new(
        "LF0034", Severity.Error, SourceSpan.None, $"There is no run '{run}' in the event log.", $"The last ones are {string.Join(", ", known)}; 'lakeflow runs' lists them.");

    public static Diagnostic NothingDefined() => new(
        "LF0036", Severity.Error, SourceSpan.None, "Nothing was defined at this prompt yet.",
        "Define a table first: CREATE MATERIALIZED VIEW t AS SELECT ...; or run the project's pipeline with 'lakeflow run'.");

    public static Diagnostic NotDefinedHere(string name, IEnumerable<string> known) => new(
        "LF0030", Severity.Error, SourceSpan.None, $"Nothing of the name '{name}' was defined at this prompt.",
        known.Any() ? $"It has: {string.Join(", ", known)}." : "Tables of the project are read here, and never changed.");

    public static Diagnostic UnknownPromptCommand(string name, string? nearest) => new(
        "LF0037", Severity.Error, SourceSpan.None, $"There is no command '{name}' at this prompt.",
        nearest is null ? "'.help' lists them." : $"Did you mean '{nearest}'?");

    /// <param name="usage">How the command is written.</param>
    /// <param name="given">The word that it has in place of one of these; empty for none.</param>
    public static Diagnostic PromptUsage(string usage, string given) => new(
        "LF0038", Severity.Error, SourceSpan.None, given.Length == 0 ? "This command is not complete." : $"'{given}' does not fit here.", $"Write {usage}.");

    public static Diagnostic NothingRan() => new("LF0060", Severity.Error, SourceSpan.None, "No query has run here yet.", "Run one, or write it behind the command: .code SELECT 1");

    public static Diagnostic UnusableFile(string message, string? hint = null) => new("LF0061", Severity.Error, SourceSpan.None, message, hint);

    public static Diagnostic NoFolder() => new(
        "LF0062", Severity.Error, SourceSpan.None, "The folder that this command was started in is not there any more.", "Go to one that is.");
}
