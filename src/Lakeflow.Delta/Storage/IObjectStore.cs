using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>The files of one table: a flat name space of objects under the table's root.</summary>
/// <remarks>
/// A path is relative to the root, with '/' between segments and nothing escaped (<c>_delta_log/00000000000000000000.json</c>).
/// A store is thread-safe. Trouble beneath it (disk full, no permission) is a <see cref="Arrow.DataFault"/> LF6069;
/// reading what is not there is LF6060.
/// </remarks>
public interface IObjectStore
{
    /// <summary>The root as the user knows it, for messages.</summary>
    string Location { get; }

    /// <summary>A whole object.</summary>
    byte[] ReadAll(string path);

    /// <summary>An object to be read piece by piece.</summary>
    IRandomRead OpenRead(string path);

    /// <summary>Makes an object that does not exist yet: atomic, durable on return, whole or not at all.</summary>
    /// <returns>False if there is one already; it is untouched.</returns>
    bool PutIfAbsent(string path, ReadOnlySpan<byte> content);

    /// <summary>Makes or replaces an object, atomically.</summary>
    void Put(string path, ReadOnlySpan<byte> content);

    /// <summary>A stream that makes a new object. It is durable when the stream has been disposed; an object of that name is an error.</summary>
    Stream OpenWrite(string path);

    /// <summary>The objects whose path begins with <paramref name="prefix"/>, at any depth, in ordinal order.</summary>
    /// <param name="prefix">Ends in '/', or is empty for all.</param>
    /// <param name="startAfter">Only paths that sort after this one.</param>
    IEnumerable<ObjectInfo> List(string prefix, string? startAfter = null);

    /// <summary>Size and time of an object, or null if there is none.</summary>
    ObjectInfo? Head(string path);

    /// <summary>Removes an object; no error if there is none.</summary>
    void Delete(string path);
}
