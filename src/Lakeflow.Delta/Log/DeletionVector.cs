namespace Lakeflow.Delta;

/// <summary>Where the set of deleted rows of a data file is kept. Delta protocol, "Deletion Vector Descriptor Schema".</summary>
/// <param name="StorageType"><c>u</c>: a file named by a UUID; <c>i</c>: inline; <c>p</c>: an absolute path.</param>
/// <param name="PathOrInline">Base85 text of the UUID (with a random prefix before it) or of the bytes; or the path.</param>
/// <param name="Offset">First byte in the file, or null if inline.</param>
/// <param name="Size">Bytes of the vector.</param>
/// <param name="Cardinality">Deleted rows.</param>
public sealed record DeletionVector(string StorageType, string PathOrInline, int? Offset, int Size, long Cardinality)
{
    /// <summary>With the file's path, the key of a logical file.</summary>
    public string Id => Offset is { } at ? $"{StorageType}{PathOrInline}@{at}" : StorageType + PathOrInline;
}
