using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Parquet;

namespace Lakeflow.Pipelines.Tests.Robustness;

/// <summary>What befalls the stores of a lakehouse: the process dies at a call, or the disk is full after so many bytes.</summary>
internal sealed class Trouble
{
    private readonly Lock gate = new();
    private int calls;
    private long written;

    /// <summary>Dies at the call of this number, from 1; 0 never. After it nothing works any more.</summary>
    public int DieAt { get; init; }

    /// <summary>Whether the call still comes through before the death.</summary>
    public bool AfterTheAct { get; init; }

    /// <summary>Bytes that the disk still takes.</summary>
    public long Room { get; init; } = long.MaxValue;

    public int Calls => calls;

    public long Written => written;

    public T Call<T>(Func<T> act)
    {
        var number = Interlocked.Increment(ref calls);
        if (DieAt > 0 && number > DieAt) throw new Died();
        if (number != DieAt) return act();
        if (AfterTheAct) act();
        throw new Died();
    }

    public void Take(string path, long bytes)
    {
        lock (gate)
        {
            if (written + bytes > Room) throw new DataFault("LF6069", $"{path} cannot be written: No space left on device.", "The table keeps its last version.");
            written += bytes;
        }
    }
}

/// <summary>Not an error that anybody may handle.</summary>
internal sealed class Died() : Exception("the process died")
{
    /// <summary>Does what may end so: an update that cannot begin, or not write its log, dies on the caller's thread; one under way on a flow's.</summary>
    public static void Trying(Action act)
    {
        try
        {
            act();
        }
        catch (Died)
        {
            // As wanted.
        }
    }
}

/// <summary>A store that <see cref="Trouble"/> may befall.</summary>
internal sealed class TroubledStore(IObjectStore inner, Trouble trouble) : IObjectStore
{
    public string Location => inner.Location;

    public byte[] ReadAll(string path) => trouble.Call(() => inner.ReadAll(path));

    public IRandomRead OpenRead(string path) => trouble.Call(() => inner.OpenRead(path));

    public bool PutIfAbsent(string path, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        return trouble.Call(() =>
        {
            trouble.Take(path, bytes.Length);
            return inner.PutIfAbsent(path, bytes);
        });
    }

    public void Put(string path, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        trouble.Call(() =>
        {
            trouble.Take(path, bytes.Length);
            inner.Put(path, bytes);
            return true;
        });
    }

    public Stream OpenWrite(string path) => trouble.Call(() => new Upload(inner.OpenWrite(path), path, trouble));

    public IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null) => trouble.Call(() => inner.List(prefix, startAfter));

    public ObjectInfo? Head(string path) => trouble.Call(() => inner.Head(path));

    public void Delete(string path) => trouble.Call(() =>
    {
        inner.Delete(path);
        return true;
    });

    private sealed class Upload(Stream inner, string path, Trouble trouble) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            trouble.Take(path, buffer.Length);
            inner.Write(buffer);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
