namespace Lakeflow.Parquet;

/// <summary>Bytes that can be read at any offset, by several threads at once.</summary>
public interface IRandomRead : IDisposable
{
    /// <summary>Bytes in all.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="into"/> from <paramref name="offset"/> on.</summary>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    void Read(long offset, Span<byte> into);
}
