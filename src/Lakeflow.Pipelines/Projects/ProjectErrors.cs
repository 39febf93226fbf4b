using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>LF0010–LF0029 – the project file; LF7100 and up – the paths it maps. One method a code.</summary>
public static class ProjectErrors
{
    public static Diagnostic NoProject(string folder) => new(
        "LF0010", Severity.Error, SourceSpan.None, $"There is no lakeflow.yml in {folder} or above it.",
        "Go to a project's folder, name one with -C DIR, or make one with 'lakeflow init NAME'.");

    public static Diagnostic NotYaml(SourceSpan at, string why) => new(
        "LF0011", Severity.Error, at, $"This is no well-formed YAML: {why.TrimEnd('.')}.", "Look at the indentation and at the quotes of the lines above.");

    public static Diagnostic UnknownField(SourceSpan at, string name, string where, IEnumerable<string> known) => new(
        "LF0012", Severity.Error, at, $"{where} has no field '{name}'.",
        Nearest.To(name, known) is { } near ? $"Did you mean '{near}'?" : $"Its fields are {string.Join(", ", known)}.");

    public static Diagnostic WrongKind(SourceSpan at, string field, string wanted) => new(
        "LF0013", Severity.Error, at, $"'{field}' is to be {wanted}.");

    public static Diagnostic MissingField(SourceSpan at, string field) => new(
        "LF0014", Severity.Error, at, $"The project file has no '{field}', which it needs.");

    public static Diagnostic UnknownTarget(string file, string target, IEnumerable<string> known) => new(
        "LF0015", Severity.Error, new SourceSpan(file, 1, 1, 1, 1), $"The project has no target '{target}'.",
        MeantTarget(target, [.. known]));

    public static Diagnostic TwoProjectFiles(string folder, string one, string other) => new(
        "LF0016", Severity.Error, SourceSpan.None, $"{folder} holds both {one} and {other}.", "Keep one of them.");

    public static Diagnostic NoSources(SourceSpan at, string pattern) => new(
        "LF0017", Severity.Error, at, $"No .lfsql or .sql file matches '{pattern}'.",
        "Patterns are relative to the project file: 'bronze/**', '*.lfsql', 'models/orders.lfsql'.");

    public static Diagnostic BadSetting(string text) => new(
        "LF0018", Severity.Error, SourceSpan.None, $"--set takes key=value, and this is '{text}'.");

    public static Diagnostic StorageNotLocal(SourceSpan at, string storage) => new(
        "LF0019", Severity.Error, at, $"The storage '{storage}' is not on this machine.",
        "Write file:///folder, or add a lakeflow.yml whose 'lakehouse:' names the folder for the tables.");

    public static Diagnostic FieldTwice(SourceSpan at, string name, SourceSpan? first) =>
        new("LF0020", Severity.Error, at, $"'{name}' is given twice.", "Keep one of them.") { Also = first };

    /// <summary>What to do about an unknown function where the pipeline may belong to a C# project.</summary>
    public const string FunctionsOfBuild =
        "If it is a [SqlFunction] of a referenced C# project: only 'dotnet build' and 'dotnet run' know those, the lakeflow command does not.";

    public static Diagnostic UnmappedPath(SourceSpan at, string path, string prefix) => new(
        "LF7100", Severity.Error, at, $"The path {path} is not on this machine, and the project maps no folder to it.",
        $"Add to lakeflow.yml under 'mounts:' the line '{prefix}: ./data/{prefix.TrimEnd('/').Split('/')[^1]}'.");

    public static Diagnostic NoSuchMount(SourceSpan at, string prefix, string folder) => new(
        "LF7101", Severity.Warning, at, $"The mount {prefix} leads to {folder}, which does not exist.");

    private static string MeantTarget(string target, string[] known)
    {
        if (Nearest.To(target, known) is { } near) return $"Did you mean '{near}'?";
        return known.Length > 0 ? $"It has: {string.Join(", ", known)}." : "Declare it under 'targets:'.";
    }
}
