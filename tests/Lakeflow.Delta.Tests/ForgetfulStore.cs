using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

/// <summary>A store whose answer to a successful put is lost once, so that the put seems to have found the name taken.</summary>
internal sealed class ForgetfulStore(IObjectStore inner) : IObjectStore
{
    public bool DenyNext { get; set; }

    public string Location => inner.Location;

    public byte[] ReadAll(string path) => inner.ReadAll(path);

    public IRandomRead OpenRead(string path) => inner.OpenRead(path);

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content)
    {
        var done = inner.PutIfAbsent(path, content);
        var denied = DenyNext;
        DenyNext = false;
        return done && !denied;
    }

    public void Put(string path, ReadOnlySpan<byte> content) => inner.Put(path, content);

    public Stream OpenWrite(string path) => inner.OpenWrite(path);

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null) => inner.List(prefix, startAfter);

    public ObjectInfo? Head(string path) => inner.Head(path);

    public void Delete(string path) => inner.Delete(path);
}
