using System.Globalization;

namespace Lakeflow.Runtime.Spilling;

/// <summary>Where a process puts what does not fit into memory: files in a folder of its own, gone with their last use.</summary>
/// <remarks>It lies in an <see cref="OwnFolder"/>, so that a process that dies leaves nothing for long.</remarks>
/// <param name="path">The folder; made with the first file.</param>
/// <param name="limit">Bytes that may stand in files at a time.</param>
public sealed class SpillFolder(string path, long limit = long.MaxValue) : IDisposable
{
    private readonly Lock gate = new();
    private OwnFolder? own;
    private int users;
    private long files;
    private long standing;

    /// <summary>The folder for runs without a lakehouse; each user has one.</summary>
    public static string Temporary => OwnFolder.Temporary("spill");

    public string Path => path;

    /// <summary>Takes away what dead processes left. What cannot be deleted stays: it is in nobody's way.</summary>
    public void Sweep() => OwnFolder.Sweep(path);

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
                own ??= OwnFolder.Make(path);
                var file = new SpillFile(this, System.IO.Path.Combine(own.Path, (++files).ToString(CultureInfo.InvariantCulture)));
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

    private void Leave()
    {
        own?.Dispose();
        own = null;
    }
}
