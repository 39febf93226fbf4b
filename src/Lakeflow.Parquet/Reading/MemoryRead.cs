namespace Lakeflow.Parquet;

/// <summary>Bytes in memory.</summary>
public sealed class MemoryRead(ReadOnlyMemory<byte> bytes) : IRandomRead
{
    public long Length => bytes.Length;

    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset + into.Length > bytes.Length) throw new EndOfStreamException($"There are {bytes.Length} bytes.");
        bytes.Span.Slice((int)offset, into.Length).CopyTo(into);
    }

    public void Dispose()
    {
    }
}
