using Lakeflow.Connect.Files.Parquet;

namespace Lakeflow.Connect.Files;

/// <summary>The part of a file that one worker reads: bytes of a text file, a row group of a Parquet file, or all of it.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">First byte; records that begin in the part belong to it.</param>
/// <param name="End">Behind the last byte; the largest <see cref="long"/> for a file that is read in one piece.</param>
/// <param name="Index">Number of the part in its file.</param>
internal sealed record FileMorsel(FileEntry File, long Start, long End, int Index)
{
    /// <summary>Shared by the parts of a text file that is cut; else null.</summary>
    public LineIndex? Lines { get; init; }

    /// <summary>Shared by the row groups of a Parquet file; else null.</summary>
    public SharedParquet? Parquet { get; init; }

    public static FileMorsel Whole(FileEntry file) => new(file, 0, long.MaxValue, 0);

    public long Length => Math.Min(End, File.Size) - Start;
}
