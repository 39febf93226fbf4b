using System.Runtime.InteropServices;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>The standard streams that this process was given. One that was closed before it began (<c>&lt;&amp;-</c>) has nobody at its other end: it is empty, and what is said to it is not said.</summary>
/// <remarks>
/// Whatever a process opens first comes to have the number of a stream that it was not given, mostly a pipe of the run time's own: reading that would wait
/// without end, and writing would disturb it. Such a file is closed at exec, which no stream is that came through one.
/// </remarks>
public static partial class StandardStreams
{
    private const int GetFlags = 1;
    private const int ClosesOnExec = 1;

    public static bool HasInput => IsGiven(0);

    public static bool HasOutput => IsGiven(1);

    public static TextWriter Out => HasOutput ? Console.Out : TextWriter.Null;

    public static TextWriter Error => IsGiven(2) ? Console.Error : TextWriter.Null;

    /// <summary>Windows gives such a process no handle, and .NET streams that are empty.</summary>
    private static bool IsGiven(int descriptor) => OperatingSystem.IsWindows() || (ControlFile(descriptor, GetFlags) & ClosesOnExec) == 0;

    /// <returns>The flags, or -1 where nothing has the number.</returns>
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlFile(int descriptor, int command);
}
