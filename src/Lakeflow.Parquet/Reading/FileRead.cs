using Microsoft.Win32.SafeHandles;

namespace Lakeflow.Parquet;

/// <summary>A local file.</summary>
public sealed class FileRead : IRandomRead
{
    private readonly SafeFileHandle handle;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public FileRead(string path)
    {
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        Length = RandomAccess.GetLength(handle);
    }

    public long Length { get; }

    public void Read(long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var read = RandomAccess.Read(handle, into, offset);
            if (read == 0) throw new EndOfStreamException($"The file ended at byte {offset}; it was longer when it was opened.");
            offset += read;
            into = into[read..];
        }
    }

    public void Dispose() => handle.Dispose();
}
