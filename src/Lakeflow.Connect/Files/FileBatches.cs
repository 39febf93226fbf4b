using System.Collections.Immutable;

namespace Lakeflow.Connect.Files;

/// <summary>Picks the files of a stream's next step.</summary>
public static class FileBatches
{
    /// <summary>The files that the next step reads; empty if there is nothing new.</summary>
    /// <param name="spec">Its options <c>maxFilesPerTrigger</c> and <c>maxBytesPerTrigger</c> bound the step; at least one file is taken.</param>
    /// <param name="files">What the listing found.</param>
    /// <param name="seen">True for a file that an earlier step has read. With <c>allowOverwrites</c> it should compare the modification time too.</param>
    /// <returns>Oldest first, then by path: the same answer for the same listing and memory.</returns>
    public static ImmutableArray<FileEntry> Next(FileScanSpec spec, ImmutableArray<FileEntry> files, Func<FileEntry, bool> seen)
    {
        var mostFiles = spec.Options.Int64("maxFilesPerTrigger");
        var mostBytes = spec.Options.Int64OrNull("maxBytesPerTrigger") ?? long.MaxValue;
        var next = ImmutableArray.CreateBuilder<FileEntry>();
        var bytes = 0L;
        foreach (var file in files.Where(f => !seen(f)).OrderBy(f => f.ModifiedTime).ThenBy(f => f.VisiblePath, StringComparer.Ordinal))
        {
            if (next.Count >= mostFiles || (next.Count > 0 && bytes + file.Size > mostBytes)) break;
            next.Add(file);
            bytes += file.Size;
        }

        return next.ToImmutable();
    }
}
