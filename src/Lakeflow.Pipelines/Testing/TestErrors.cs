using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Testing;

/// <summary>LF0040–LF0049 – <c>.test</c> files. One method a code.</summary>
internal static class TestErrors
{
    public static Diagnostic UnknownStep(SourceSpan at, string step) => new(
        "LF0040", Severity.Error, at, $"'{step}' is no step of a test, or its words do not fit.",
        "Steps: file PATH; copy FROM TO; remove PATH; set KEY=VALUE; update [options | error CODE]; query [rowsort | error CODE]; changes TABLE.");

    public static RuntimeError PathOutside(string path) => new(
        "LF0041", $"{path} does not lie in the test's folder.", "Name a path below the project, or one that a mount of lakeflow.yml maps.");

    public static RuntimeError NoSuchFile(string path) => new("LF0042", $"The project has no file {path} to copy.", "Paths after 'copy' start at the project's folder.");

    public static RuntimeError NoSuchTable(string table) => new("LF0043", $"There is no table {table} yet.", "Update the pipeline first, and look at the name.");
}
