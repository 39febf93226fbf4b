namespace Lakeflow.Delta;

/// <summary>What a listing says of an object.</summary>
/// <param name="Path">Relative to the store's root, '/' between segments, unescaped.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When it was last written, by the store's clock.</param>
public sealed record ObjectInfo(string Path, long Size, DateTimeOffset Modified)
{
    /// <summary>The last segment of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
