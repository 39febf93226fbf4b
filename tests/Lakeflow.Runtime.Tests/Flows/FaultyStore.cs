using Lakeflow.Delta;
using Lakeflow.Parquet;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>The death of a process at a store call: from that call on, nothing works any more.</summary>
internal sealed class Death
{
    private int calls;

    /// <summary>Dies at the call of this number, from 1; 0 never.</summary>
    public int At { get; set; }

    public int Calls => calls;

    /// <summary>Whether the call still comes through before the death: the process may die before or after the act.</summary>
    public bool AfterTheAct { get; set; }

    /// <summary>Happens just before the call <see cref="At"/>, instead of the death: what another process does meanwhile.</summary>
    public Action? Meanwhile { get; set; }

    public T Call<T>(Func<T> act)
    {
        var number = Interlocked.Increment(ref calls);
        if (number == At && Meanwhile is { } other)
        {
            At = 0;
            other();
            return act();
        }

        if (At > 0 && number > At) throw new Died();
        if (number != At) return act();
        if (AfterTheAct) act();
        throw new Died();
    }
}

/// <summary>Not an error that anybody may handle.</summary>
internal sealed class Died() : Exception("the process died");

/// <summary>A store whose calls can be cut short by a <see cref="Death"/>.</summary>
internal sealed class FaultyStore(IObjectStore inner, Death death) : IObjectStore
{
    public string Location => inner.Location;

    public byte[] ReadAll(string path) => death.Call(() => inner.ReadAll(path));

    public IRandomRead OpenRead(string path) => death.Call(() => inner.OpenRead(path));

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        return death.Call(() => inner.PutIfAbsent(path, bytes));
    }

    public void Put(string path, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        death.Call(() =>
        {
            inner.Put(path, bytes);
            return true;
        });
    }

    public Stream OpenWrite(string path) => death.Call(() => inner.OpenWrite(path));

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null) => death.Call(() => inner.List(prefix, startAfter));

    public ObjectInfo? Head(string path) => death.Call(() => inner.Head(path));

    public void Delete(string path) => death.Call(() =>
    {
        inner.Delete(path);
        return true;
    });
}
