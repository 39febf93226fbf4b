using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

/// <summary>The process dies here.</summary>
internal sealed class KilledException : Exception;

/// <summary>A store whose user dies at the n-th call, before or after it took effect.</summary>
/// <param name="inner">Where the calls go.</param>
/// <param name="killAt">1-based number of the call; 0 never.</param>
/// <param name="after">True: the call takes effect first.</param>
internal sealed class FaultyStore(IObjectStore inner, int killAt, bool after) : IObjectStore
{
    private volatile bool dead;
    private int calls;

    public int Calls => calls;

    public string Location => inner.Location;

    /// <summary>Thrown instead of <see cref="KilledException"/>, for faults that the caller may see and outlive.</summary>
    public Func<Exception>? Fault { get; init; }

    public byte[] ReadAll(string path) => Call(() => inner.ReadAll(path));

    public IRandomRead OpenRead(string path) => Call(() => inner.OpenRead(path));

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content)
    {
        var copy = content.ToArray();
        return Call(() => inner.PutIfAbsent(path, copy));
    }

    public void Put(string path, ReadOnlySpan<byte> content)
    {
        var copy = content.ToArray();
        Call(() =>
        {
            inner.Put(path, copy);
            return true;
        });
    }

    public Stream OpenWrite(string path) => Call(() => (Stream)new Upload(this, path));

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null) => Call(() => inner.List(prefix, startAfter));

    public ObjectInfo? Head(string path) => Call(() => inner.Head(path));

    public void Delete(string path) => Call(() =>
    {
        inner.Delete(path);
        return true;
    });

    private T Call<T>(Func<T> call)
    {
        // The dead do nothing more, not even in a finally block.
        if (dead) throw new KilledException();
        // Scans open their files side by side: each call has a number of its own.
        if (Interlocked.Increment(ref calls) != killAt) return call();
        dead = Fault is null;
        if (after) call();
        throw Fault?.Invoke() ?? new KilledException();
    }

    /// <summary>Closing is the call at which the object comes into being.</summary>
    private sealed class Upload(FaultyStore store, string path) : MemoryStream
    {
        private bool closed;

        protected override void Dispose(bool disposing)
        {
            if (!closed)
            {
                closed = true;
                store.Call(() =>
                {
                    using var stream = store.InnerWrite(path);
                    stream.Write(ToArray());
                    return true;
                });
            }

            base.Dispose(disposing);
        }
    }

    private Stream InnerWrite(string path) => inner.OpenWrite(path);
}
