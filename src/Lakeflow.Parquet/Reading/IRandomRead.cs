namespace Lakeflow.Parquet;

/// <summary>Bytes that can be read at any offset, by several threads at once.</summary>
public interface IRandomRead : IDisposable
{
    /// <summary>Bytes in all.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="into"/> from <paramref name="offset"/> on.</summary>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    void Read(long offset, Span<byte> into);

    /// <summary>Several reads are to come, until as many calls of <see cref="LetGo"/>: what opens a file for each may open it once.</summary>
    void Hold()
    {
    }

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    void LetGo()
    {
    }
}
