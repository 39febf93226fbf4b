using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

/// <summary>A store in which others do something before a call, at the n-th call.</summary>
internal sealed class LateWinnerStore(IObjectStore inner, int atCall, Action others) : IObjectStore
{
    private bool busy;

    public int Calls { get; private set; }

    public string Location => inner.Location;

    public byte[] ReadAll(string path) => Before().ReadAll(path);

    public IRandomRead OpenRead(string path) => Before().OpenRead(path);

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content) => Before().PutIfAbsent(path, content);

    public void Put(string path, ReadOnlySpan<byte> content) => Before().Put(path, content);

    public Stream OpenWrite(string path) => Before().OpenWrite(path);

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null) => Before().List(prefix, startAfter);

    public ObjectInfo? Head(string path) => Before().Head(path);

    public void Delete(string path) => Before().Delete(path);

    private IObjectStore Before()
    {
        if (!busy && ++Calls == atCall)
        {
            busy = true;
            others();
            busy = false;
        }

        return inner;
    }
}
