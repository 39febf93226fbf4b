using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>What a process returns: <c>lakeflow</c> itself, and programs that hold a pipeline.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>A flow failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the pipeline's text is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The machine is in the way: disk, permissions, a bug of ours.</summary>
    public const int Environment = 3;

    /// <summary>Stopped by Ctrl-C, as shells count it.</summary>
    public const int Stopped = 130;

    /// <summary>The code for trouble that ended a command.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="error">The same in words.</param>
    public static int Of(Exception failure, RuntimeError error) => IsUsage(error) ? Usage : IsEnvironment(failure) ? Environment : Failed;

    /// <summary>Trouble below the run time, met before any flow ran: the disk, permissions, damaged files.</summary>
    private static bool IsEnvironment(Exception failure) =>
        failure is not RuntimeError || failure.InnerException is DataFault or IOException or UnauthorizedAccessException;

    /// <summary>A selection that makes no sense is the command line's fault, not a flow's.</summary>
    private static bool IsUsage(RuntimeError error) => error.Code is "LF5024" or "LF5057" or "LF5058" or "LF5059" or "LF5060" or "LF5061" or "LF5063" or "LF5065" or "LF5067" or "LF4005";
}
