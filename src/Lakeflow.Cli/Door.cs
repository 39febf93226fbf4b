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
            DiagnosticText.Write(terminal.Error, stop.Diagnostics, [], terminal.UseColor);
            return stop.ExitCode;
        }
        catch (OperationCanceledException) when (terminal.Stop.IsCancellationRequested)
        {
            terminal.Error.WriteLine("Stopped.");
            return ExitCode.Stopped;
        }
        catch (Exception failure) when (RunErrors.Wrap(failure) is { } error)
        {
            DiagnosticText.Write(terminal.Error, [error.ToDiagnostic()], [], terminal.UseColor);
            if (terminal.Debug) terminal.Error.WriteLine(failure);
            return IsUsage(error) ? ExitCode.Usage : IsEnvironment(failure) ? ExitCode.Environment : ExitCode.Failed;
        }
        catch (Exception bug)
        {
            ReportBug(terminal, stage, bug);
            return ExitCode.Environment;
        }
    }

    public static void ReportBug(Terminal terminal, string stage, Exception bug)
    {
        DiagnosticText.Write(terminal.Error, [ToolErrors.Bug(stage, bug)], [], terminal.UseColor);
        if (terminal.Debug) terminal.Error.WriteLine(bug);
    }

    /// <summary>Trouble below the run time, met before any flow ran: the disk, permissions, damaged files.</summary>
    private static bool IsEnvironment(Exception failure) =>
        failure is not RuntimeError || failure.InnerException is Arrow.DataFault or IOException or UnauthorizedAccessException;

    /// <summary>A selection that makes no sense is the command line's fault, not a flow's.</summary>
    private static bool IsUsage(RuntimeError error) => error.Code is "LF5024" or "LF5057" or "LF5058" or "LF5059" or "LF5060" or "LF5061" or "LF5063" or "LF5065" or "LF4005";
}

/// <summary>Ends a command with something to say.</summary>
internal sealed class CommandStop(int exitCode, params IReadOnlyList<Diagnostic> diagnostics) : Exception
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;
}
