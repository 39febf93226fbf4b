using Lakeflow.Parquet;

namespace Lakeflow.Connect.Files.Parquet;

/// <summary>A Parquet file that the readers of its row groups share: its footer is read once for as long as one of them holds it.</summary>
/// <remarks>A footer tells of every column of every row group; read again for each row group it costs more than the values.</remarks>
internal sealed class SharedParquet(FileEntry file)
{
    private readonly Lock access = new();
    private ParquetFile? open;
    private int holders;

    /// <summary>The open file; each call is to be followed by one of <see cref="Return"/>.</summary>
    public ParquetFile Take()
    {
        lock (access)
        {
            open ??= ParquetOpening.Open(file);
            holders++;
            return open;
        }
    }

    /// <summary>Closes the file if nobody holds it any more.</summary>
    public void Return()
    {
        lock (access)
        {
            if (--holders > 0) return;
            open?.Dispose();
            open = null;
        }
    }
}
