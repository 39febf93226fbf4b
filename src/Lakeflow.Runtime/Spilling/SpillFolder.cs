using System.Globalization;

namespace Lakeflow.Runtime.Spilling;

/// <summary>Where a process puts what does not fit into memory: files in a folder of its own, gone with their last use.</summary>
/// <remarks>
/// <code>
/// spill/
///   8f3a….lock     held open, exclusively, as long as the process lives
///   8f3a…/1, 2, …  the files
/// </code>
/// A process that dies leaves its folder behind. Its lock is free then, and whoever comes next takes both away.
/// </remarks>
/// <param name="path">The folder; made with the first file.</param>
/// <param name="limit">Bytes that may stand in files at a time.</param>
public sealed class SpillFolder(string path, long limit = long.MaxValue) : IDisposable
{
    private const string LockEnding = ".lock";

    private readonly Lock gate = new();
    private FileStream? held;
    private string own = "";
    private int users;
    private long files;
    private long standing;

    /// <summary>The folder for runs without a lakehouse; each user has one.</summary>
    public static string Temporary => System.IO.Path.Combine(System.IO.Path.GetTempPath(), "lakeflow-spill-" + Environment.UserName);

    public string Path => path;

    /// <summary>Takes away what dead processes left. What cannot be deleted stays: it is in nobody's way.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(path)) return;
        try
        {
            foreach (var file in Directory.EnumerateFiles(path, "*" + LockEnding)) Sweep(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Gives up the process's own folder, whatever is in it.</summary>
    public void Dispose()
    {
        lock (gate) Leave();
    }

    /// <summary>A new empty file.</summary>
    /// <exception cref="Diagnostics.RuntimeError">LF5021: there is no room; LF5022: the folder cannot be written.</exception>
    internal SpillFile NewFile()
    {
        lock (gate)
        {
            try
            {
                if (held is null) Settle();
                var file = new SpillFile(this, System.IO.Path.Combine(own, (++files).ToString(CultureInfo.InvariantCulture)));
                users++;
                return file;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (users == 0) Leave();
                throw SpillErrors.Failed(path, e);
            }
        }
    }

    /// <summary>Says that a file grows.</summary>
    /// <exception cref="Diagnostics.RuntimeError">LF5021: beyond the limit.</exception>
    internal void Take(long bytes)
    {
        if (Interlocked.Add(ref standing, bytes) <= limit) return;
        Interlocked.Add(ref standing, -bytes);
        throw SpillErrors.OverLimit(path, limit);
    }

    /// <summary>A file is gone; with the last one the folder goes, too.</summary>
    internal void Return(long bytes)
    {
        Interlocked.Add(ref standing, -bytes);
        lock (gate)
        {
            if (--users == 0) Leave();
        }
    }

    /// <summary>Makes the process's own folder, behind a lock that nobody else holds.</summary>
    private void Settle()
    {
        Directory.CreateDirectory(path);
        while (held is null)
        {
            own = System.IO.Path.Combine(path, Guid.NewGuid().ToString("N"));
            try
            {
                held = new FileStream(own + LockEnding, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(own + LockEnding))
            {
                // Somebody who sweeps took it between its making and its locking.
                continue;
            }
        }

        Directory.CreateDirectory(own);
    }

    private void Leave()
    {
        if (held is null) return;
        try
        {
            if (Directory.Exists(own)) Directory.Delete(own, recursive: true);
            // While it is still held: nobody can take it for one that was left.
            if (!OperatingSystem.IsWindows()) File.Delete(own + LockEnding);
            held.Dispose();
            File.Delete(own + LockEnding);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next process sweeps.
            held.Dispose();
        }

        held = null;
    }

    private static void Sweep(string file)
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
