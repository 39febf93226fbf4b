using System.Runtime.InteropServices;

namespace Lakeflow.Cli.Repl;

/// <summary>Ctrl-Z: the shell gets the terminal until it lets the prompt go on. While keys are read one by one the terminal sends no such signal by itself.</summary>
internal static partial class Suspension
{
    public static bool IsPossible => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Stops all that was started with this process, as the terminal would; back when they go on, or at once where no shell waits.</summary>
    public static void Suspend() => _ = Kill(0, OperatingSystem.IsMacOS() ? 18 : 20);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
