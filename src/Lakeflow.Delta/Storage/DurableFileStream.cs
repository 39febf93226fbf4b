using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>A new data file that is on the disk, name and bytes, once it has been disposed.</summary>
/// <remarks>Data files may be written under their final name: nobody reads one before a commit names it.</remarks>
internal sealed class DurableFileStream : Stream
{
    private readonly string file;
    private readonly FileStream inner;
    private bool closed;

    public DurableFileStream(string file)
    {
        this.file = file;
        inner = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            throw DeltaFaults.CannotWrite(file, e);
        }
    }

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            throw DeltaFaults.CannotWrite(file, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!disposing || closed) return;
        closed = true;
        try
        {
            using (inner) inner.Flush(flushToDisk: true);
            LocalDisk.FlushFolder(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (LocalDisk.IsTrouble(e))
        {
            throw DeltaFaults.CannotWrite(file, e);
        }

        base.Dispose(disposing);
    }
}
