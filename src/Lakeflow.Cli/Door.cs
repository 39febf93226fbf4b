using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli;

/// <summary>The outermost frame of a command: every exception becomes words and an exit code.</summary>
internal static class Door
{
    /// <param name="terminal">Where the words go.</param>
    /// <param name="stage">What the command is doing, for LF0001: "running the pipeline".</param>
    /// <param name="command">The command.</param>
    public static int Run(Terminal terminal, string stage, Func<int> command)
    {
        try
        {
            return command();
        }
        catch (CommandStop stop)
        {
            terminal.Tell(stop.Diagnostics, []);
            return stop.ExitCode;
        }
        catch (OperationCanceledException) when (terminal.Stop.IsCancellationRequested)
        {
            terminal.Error.WriteLine("Stopped.");
            return ExitCode.Stopped;
        }
        catch (Exception failure) when (RunErrors.Wrap(failure) is { } error)
        {
            terminal.Tell([error.ToDiagnostic()], []);
            if (terminal.Debug) terminal.Error.WriteLine(failure);
            return ExitCode.Of(failure, error);
        }
        catch (Exception bug)
        {
            ReportBug(terminal, stage, bug);
            return ExitCode.Environment;
        }
    }

    public static void ReportBug(Terminal terminal, string stage, Exception bug)
    {
        terminal.Tell([ToolErrors.Bug(stage, bug)], []);
        if (terminal.Debug) terminal.Error.WriteLine(bug);
    }
}

/// <summary>Ends a command with something to say.</summary>
internal sealed class CommandStop(int exitCode, params IReadOnlyList<Diagnostic> diagnostics) : Exception
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;
}
