using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

/// <summary>A store whose listing overlooks one object, as a folder's may that is written to meanwhile.</summary>
internal sealed class HastyStore(IObjectStore inner, string overlooked) : IObjectStore
{
    public string Location => inner.Location;

    public byte[] ReadAll(string path) => inner.ReadAll(path);

    public IRandomRead OpenRead(string path) => inner.OpenRead(path);

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content) => inner.PutIfAbsent(path, content);

    public void Put(string path, ReadOnlySpan<byte> content) => inner.Put(path, content);

    public Stream OpenWrite(string path) => inner.OpenWrite(path);

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null) => inner.List(prefix, startAfter).Where(o => o.Path != overlooked);

    public ObjectInfo? Head(string path) => inner.Head(path);

    public void Delete(string path) => inner.Delete(path);
}
