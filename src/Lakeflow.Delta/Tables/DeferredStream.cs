namespace Lakeflow.Delta;

/// <summary>Opens its target only when more has been written than is worth keeping in memory, or at the end.</summary>
/// <remarks>A writer of a thousand small partitions then holds no thousand file handles.</remarks>
internal sealed class DeferredStream(Func<Stream> open) : Stream
{
    private const int KeptBytes = 1 << 20;

    private MemoryStream? kept = new();
    private Stream? target;

    /// <summary>Bytes written.</summary>
    public long Count { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Count;

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Count += buffer.Length;
        if (kept is not null && kept.Length + buffer.Length <= KeptBytes) kept.Write(buffer);
        else Target().Write(buffer);
    }

    /// <summary>Ends the object. Without it, what was never opened is never made.</summary>
    public void Finish()
    {
        Target().Dispose();
        target = null;
    }

    public override void Flush() => target?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            kept?.Dispose();
            target?.Dispose();
            target = null;
        }

        base.Dispose(disposing);
    }

    private Stream Target()
    {
        if (target is not null) return target;
        target = open();
        if (kept is not null)
        {
            kept.WriteTo(target);
            kept.Dispose();
            kept = null;
        }

        return target;
    }
}
