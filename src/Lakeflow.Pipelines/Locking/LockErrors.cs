using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>LF0050–LF0053 – the lock file. One method a code.</summary>
public static class LockErrors
{
    /// <summary>What brings a lock file up to date.</summary>
    public const string Remedy = "Run 'lakeflow catalog snapshot', or 'dotnet build -t:LakeflowSnapshot' in a C# project, and check the file in.";

    public static Diagnostic Newer(int version, int known) => new(
        "LF0050", Severity.Error, At(1, 1), FormattableString.Invariant($"{LockFile.Name} has the form {version}, and this Lakeflow knows up to {known}."),
        "Use the version of Lakeflow that wrote it, or write it again with 'lakeflow catalog snapshot'.");

    public static Diagnostic Unreadable(int line, int column, string why) => new(
        "LF0051", Severity.Error, At(line, column), $"{LockFile.Name} cannot be read: {why}.", "Write it again with 'lakeflow catalog snapshot'.");

    public static Diagnostic NotLocked(SourceSpan at, string path) => new(
        "LF0052", Severity.Error, at, $"{LockFile.Name} has no schema of '{path}' as this query reads it.", Remedy);

    public static Diagnostic NoLockFile() => new(
        "LF0053", Severity.Error, SourceSpan.None, $"There is no {LockFile.Name} to compare with.", "Make it with 'lakeflow catalog snapshot'.");

    private static SourceSpan At(int line, int column) => new(LockFile.Name, line, column, line, column);
}
