using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Lakeflow.Delta;

/// <summary>What a durable commit needs of the file system and .NET does not offer.</summary>
internal static partial class LocalDisk
{
    private const int AlreadyThereUnix = 17; // EEXIST, on Linux and macOS alike
    private const int AlreadyThereWindows = 183; // ERROR_ALREADY_EXISTS
    private const int InvalidUnix = 22; // EINVAL: this file system has nothing to flush for a folder

    /// <summary>True for what the disk answers: no space, no permission; and a file above the longest that it takes, which .NET tells as an argument of its own.</summary>
    public static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>Gives a file a second name, atomically; false if the name is taken.</summary>
    public static bool TryLink(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            if (CreateHardLink(name, existing, 0)) return true;
            var code = Marshal.GetLastPInvokeError();
            if (code == AlreadyThereWindows) return false;
            throw CannotLink(name, code);
        }

        if (Link(existing, name) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        if (error == AlreadyThereUnix) return false;
        throw CannotLink(name, error);
    }

    /// <summary>Makes the names in a folder durable. Windows writes them through by itself.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, 0);
        if (handle < 0) throw Failed("open", folder);
        try
        {
            if (FSync(handle) != 0 && Marshal.GetLastPInvokeError() != InvalidUnix) throw Failed("fsync", folder);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    /// <summary>Makes a folder and those above it, and their names durable.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null) CreateFolder(parent);
        Directory.CreateDirectory(folder);
        if (parent is not null) FlushFolder(parent);
    }

    private static IOException CannotLink(string name, int code) =>
        new($"hard link to {name}: {new Win32Exception(code).Message}. A table needs a file system with hard links");

    private static IOException Failed(string call, string folder) =>
        new($"{call} {folder}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint security);
}
