namespace Lakeflow.Cli.Tests.Repl;

/// <summary>A test in a real pseudo-terminal, which util-linux makes. Elsewhere it is reported as skipped; the line editor's own tests run there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script") || !File.Exists("/usr/bin/stty")) Skip = "There is no /usr/bin/script and stty of Linux here.";
    }
}
