using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>A folder of the local disk as a store.</summary>
/// <remarks>
/// A commit is written to a temporary file, flushed to disk, hard-linked to its name, and the folder is flushed: the link
/// either makes the name or finds it taken. A rename that refuses to overwrite is check-then-act on Unix, and opening
/// the name with "create new" leaves a torn file behind a crash; neither is used.
/// </remarks>
public sealed class LocalStore : IObjectStore
{
    private const string TempSuffix = ".lakeflow-tmp";

    private readonly string root;

    /// <param name="folder">The table's root; made on the first write.</param>
    public LocalStore(string folder) => root = Path.GetFullPath(folder);

    public string Location => root;

    public byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(Locate(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DeltaFaults.CannotRead(Locate(path), e);
        }
    }

    public IRandomRead OpenRead(string path)
    {
        try
        {
            return new FileRead(Locate(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DeltaFaults.CannotRead(Locate(path), e);
        }
    }

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content)
    {
        var final = Locate(path);
        var temp = TempBeside(final);
        try
        {
            LocalDisk.CreateFolder(Path.GetDirectoryName(final)!);
            WriteDurably(temp, content);
            try
            {
                if (!LocalDisk.TryLink(temp, final)) return false;
                LocalDisk.FlushFolder(Path.GetDirectoryName(final)!);
                return true;
            }
            finally
            {
                File.Delete(temp);
            }
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            throw DeltaFaults.CannotWrite(final, e);
        }
    }

    public void Put(string path, ReadOnlySpan<byte> content)
    {
        var final = Locate(path);
        var temp = TempBeside(final);
        try
        {
            LocalDisk.CreateFolder(Path.GetDirectoryName(final)!);
            WriteDurably(temp, content);
            File.Move(temp, final, overwrite: true);
            LocalDisk.FlushFolder(Path.GetDirectoryName(final)!);
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            throw DeltaFaults.CannotWrite(final, e);
        }
    }

    public Stream OpenWrite(string path)
    {
        var final = Locate(path);
        try
        {
            LocalDisk.CreateFolder(Path.GetDirectoryName(final)!);
            return new DurableFileStream(final);
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            throw DeltaFaults.CannotWrite(final, e);
        }
    }

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null)
    {
        var folder = Locate(prefix.TrimEnd('/'));
        if (!Directory.Exists(folder)) yield break;
        string[] paths;
        try
        {
            paths = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => !f.EndsWith(TempSuffix, StringComparison.Ordinal))
                .Select(f => Path.GetRelativePath(root, f).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(p => startAfter is null || string.CompareOrdinal(p, startAfter) > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DeltaFaults.CannotRead(folder, e);
        }

        Array.Sort(paths, StringComparer.Ordinal);
        foreach (var path in paths)
        {
            // A file that went away since the folder was read was not there.
            if (Head(path) is { } info) yield return info;
        }
    }

    public ObjectInfo? Head(string path)
    {
        var file = new FileInfo(Locate(path));
        try
        {
            return file.Exists ? new ObjectInfo(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public void Delete(string path)
    {
        try
        {
            File.Delete(Locate(path));
        }
        catch (DirectoryNotFoundException)
        {
            Debug.Assert(!Directory.Exists(Path.GetDirectoryName(Locate(path))), "nothing to delete without its folder");
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            throw DeltaFaults.CannotWrite(Locate(path), e);
        }
    }

    private static string TempBeside(string final) =>
        Path.Combine(Path.GetDirectoryName(final)!, $".{Path.GetFileName(final)}.{Guid.NewGuid():N}{TempSuffix}");

    private static void WriteDurably(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            File.Delete(file);
            throw;
        }
    }

    /// <summary>The file of a path. An absolute path (a table whose log names files elsewhere) is taken as it is.</summary>
    private string Locate(string path)
    {
        if (Path.IsPathRooted(path)) return path;
        if (path.Split('/').Contains("..")) throw DeltaFaults.PathOutside(root, path);
        return Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));
    }
}
