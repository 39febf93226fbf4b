namespace Lakeflow.Runtime.Spilling;

/// <summary>A folder of a process's own, gone with its end, however that comes.</summary>
/// <remarks>
/// <code>
/// parent/
///   8f3a….lock     held open, exclusively, as long as the folder is used
///   8f3a…/         the folder
/// </code>
/// A process that dies leaves its folder behind. Its lock is free then, and whoever comes next takes both away.
/// </remarks>
public sealed class OwnFolder : IDisposable
{
    private const string LockEnding = ".lock";

    private readonly FileStream held;

    private OwnFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    /// <summary>Where folders for a purpose lie below the folder for temporary files; each user has one.</summary>
    /// <param name="purpose">A word for it.</param>
    public static string Temporary(string purpose) => System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"lakeflow-{purpose}-{Environment.UserName}");

    /// <summary>Makes a folder, empty, that no other user can read, behind a lock that nobody else holds.</summary>
    /// <param name="parent">Where; made if it is not there.</param>
    /// <exception cref="IOException">It cannot be made; or UnauthorizedAccessException.</exception>
    public static OwnFolder Make(string parent)
    {
        Directory.CreateDirectory(parent);
        while (true)
        {
            var path = System.IO.Path.Combine(parent, Guid.NewGuid().ToString("N"));
            FileStream held;
            try
            {
                held = new FileStream(path + LockEnding, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path + LockEnding))
            {
                // Somebody who sweeps took it between its making and its locking.
                continue;
            }

            var own = new OwnFolder(path, held);
            try
            {
                if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
                else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return own;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                own.Dispose();
                throw;
            }
        }
    }

    /// <summary>Makes one in the folder for a purpose, and takes away what dead processes left there.</summary>
    /// <param name="purpose">As <see cref="Temporary"/> takes it.</param>
    public static OwnFolder MakeTemporary(string purpose)
    {
        Sweep(Temporary(purpose));
        return Make(Temporary(purpose));
    }

    /// <summary>Takes away what dead processes left. What cannot be deleted stays: it is in nobody's way.</summary>
    /// <param name="parent">Where they lie.</param>
    public static void Sweep(string parent)
    {
        if (!Directory.Exists(parent)) return;
        try
        {
            foreach (var file in Directory.EnumerateFiles(parent, "*" + LockEnding)) SweepOne(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Gives the folder up, whatever is in it.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
            // While it is still held: nobody can take it for one that was left.
            if (!OperatingSystem.IsWindows()) File.Delete(Path + LockEnding);
            held.Dispose();
            File.Delete(Path + LockEnding);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next process sweeps.
            held.Dispose();
        }
    }

    private static void SweepOne(string file)
    {
        try
        {
            using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                var folder = file[..^LockEnding.Length];
                if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
                if (!OperatingSystem.IsWindows()) File.Delete(file);
            }

            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its process lives.
            return;
        }
    }
}
