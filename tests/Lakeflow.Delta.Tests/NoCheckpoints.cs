using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

/// <summary>A store with room for commits and none for checkpoints.</summary>
internal sealed class NoCheckpoints(IObjectStore inner) : IObjectStore
{
    public string Location => inner.Location;

    public byte[] ReadAll(string path) => inner.ReadAll(path);

    public IRandomRead OpenRead(string path) => inner.OpenRead(path);

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content) => path.Contains("checkpoint", StringComparison.Ordinal)
        ? throw DeltaFaults.CannotWrite(path, new IOException("No space left on device"))
        : inner.PutIfAbsent(path, content);

    public void Put(string path, ReadOnlySpan<byte> content) => inner.Put(path, content);

    public Stream OpenWrite(string path) => inner.OpenWrite(path);

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null) => inner.List(prefix, startAfter);

    public ObjectInfo? Head(string path) => inner.Head(path);

    public void Delete(string path) => inner.Delete(path);
}
