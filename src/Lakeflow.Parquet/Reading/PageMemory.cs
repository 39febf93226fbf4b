using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Reading;

/// <summary>A block for what is made of one page after the other: memory of its own for each of thousands of small pages would take longer than what is done with it.</summary>
internal sealed class PageMemory
{
    private ArrowBuffer block = ArrowBuffer.Empty;

    /// <summary>A block of at least <paramref name="bytes"/> bytes, not cleared. What was made in it before is lost.</summary>
    public ArrowBuffer Of(int bytes)
    {
        if (block.Length >= bytes) return block;
        Release();
        return block = ArrowBuffer.Rent(bytes);
    }

    /// <summary>The same with what its first <paramref name="kept"/> bytes hold.</summary>
    public ArrowBuffer Grown(int bytes, int kept)
    {
        if (block.Length >= bytes) return block;
        var larger = ArrowBuffer.Rent(bytes);
        block.Bytes[..kept].CopyTo(larger.Bytes);
        Release();
        return block = larger;
    }

    public void Release()
    {
        block.Release();
        block = ArrowBuffer.Empty;
    }
}
