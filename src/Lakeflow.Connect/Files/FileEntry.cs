using System.Collections.Immutable;

namespace Lakeflow.Connect.Files;

/// <summary>A file that a scan reads.</summary>
/// <param name="Path">Where it lies on this machine, absolute.</param>
/// <param name="VisiblePath">As the user knows it, <c>/</c> between folders; a file source's memory of what it has read uses this.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedTime">Microseconds since 1970-01-01 UTC.</param>
/// <param name="Partitions">The <c>k=v</c> folders above it, outermost first; a null value stands for <c>__HIVE_DEFAULT_PARTITION__</c>.</param>
public sealed record FileEntry(string Path, string VisiblePath, long Size, long ModifiedTime, ImmutableArray<KeyValuePair<string, string?>> Partitions)
{
    /// <summary>The last part of the path.</summary>
    public string Name => VisiblePath[(VisiblePath.LastIndexOf('/') + 1)..];

    public string? PartitionValue(string column)
    {
        foreach (var (key, value) in Partitions)
        {
            if (key.Equals(column, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }
}
