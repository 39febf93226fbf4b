using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>A store that lives as long as the process: for tests and scratch tables.</summary>
public sealed class MemoryStore : IObjectStore
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, (byte[] Bytes, DateTimeOffset Modified)> objects = new(StringComparer.Ordinal);
    private readonly TimeProvider time;

    /// <param name="time">Stamps the objects; the system's clock by default.</param>
    /// <param name="location">The name shown in messages.</param>
    public MemoryStore(TimeProvider? time = null, string location = "memory:")
    {
        this.time = time ?? TimeProvider.System;
        Location = location;
    }

    public string Location { get; }

    public byte[] ReadAll(string path)
    {
        lock (gate)
        {
            return objects.TryGetValue(path, out var found)
                ? found.Bytes
                : throw DeltaFaults.CannotRead(path, new FileNotFoundException(path));
        }
    }

    public IRandomRead OpenRead(string path) => new MemoryRead(ReadAll(path));

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content)
    {
        lock (gate) return objects.TryAdd(path, (content.ToArray(), time.GetUtcNow()));
    }

    public void Put(string path, ReadOnlySpan<byte> content)
    {
        lock (gate) objects[path] = (content.ToArray(), time.GetUtcNow());
    }

    public Stream OpenWrite(string path) => new Upload(this, path);

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null)
    {
        lock (gate)
        {
            return [.. objects
                .Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Where(o => startAfter is null || string.CompareOrdinal(o.Key, startAfter) > 0)
                .Select(o => new ObjectInfo(o.Key, o.Value.Bytes.Length, o.Value.Modified))];
        }
    }

    public ObjectInfo? Head(string path)
    {
        lock (gate)
        {
            return objects.TryGetValue(path, out var found) ? new ObjectInfo(path, found.Bytes.Length, found.Modified) : null;
        }
    }

    public void Delete(string path)
    {
        lock (gate) objects.Remove(path);
    }

    /// <summary>Becomes an object when it is closed, as an upload does.</summary>
    private sealed class Upload(MemoryStore store, string path) : MemoryStream
    {
        private bool closed;

        protected override void Dispose(bool disposing)
        {
            if (!closed)
            {
                closed = true;
                if (!store.PutIfAbsent(path, ToArray())) throw DeltaFaults.CannotWrite(path, new IOException("the object exists"));
            }

            base.Dispose(disposing);
        }
    }
}
