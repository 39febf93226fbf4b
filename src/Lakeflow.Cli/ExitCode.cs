namespace Lakeflow.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
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
}
