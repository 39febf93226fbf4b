using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>What a source of the lock file is.</summary>
public enum LockedKind
{
    /// <summary>A table of the lakehouse that the pipeline does not declare.</summary>
    Table,

    /// <summary>A Delta table by its folder.</summary>
    Folder,

    /// <summary>Files, as one query asks for them.</summary>
    Files,
}

/// <summary>The schema of one source outside of the pipeline, as it was when the snapshot was taken.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The table's full name, or the path as the query writes it.</param>
/// <param name="Columns">Its columns, nullability and metadata included.</param>
/// <param name="Size">Its size in bytes as a power of 16, or null where that is not known. Only plans' speed depends on it.</param>
public sealed record LockedSource(LockedKind Kind, string Name, Schema Columns, long? Size)
{
    /// <summary>Of files, what the query says about them: another question may have another answer.</summary>
    public ImmutableSortedDictionary<string, string> Asked { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Of files, their format; else empty.</summary>
    public string Format { get; init; } = "";

    /// <summary>Of files, the options for the reader, as <see cref="ResolvedFiles.Options"/>.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What tells it from other sources: kind, name and question.</summary>
    public string Key => KeyOf(Kind, Name, Asked);

    /// <summary>The key of a table. Names compare without regard to case.</summary>
    public static string KeyOf(QualifiedName table) => KeyOf(LockedKind.Table, table.ToString(), ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>The key of a folder that holds a Delta table.</summary>
    public static string KeyOf(string folder) => KeyOf(LockedKind.Folder, folder, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>The key of files.</summary>
    public static string KeyOf(FileRequest request) => KeyOf(LockedKind.Files, request.Path, AskedOf(request));

    /// <summary>Files as a query asks for them, with what was found.</summary>
    public static LockedSource Of(FileRequest request, ResolvedFiles found, long? size) => new(LockedKind.Files, request.Path, found.Columns, size)
    {
        Asked = AskedOf(request),
        Format = found.Format,
        Options = found.Options,
    };

    private static string KeyOf(LockedKind kind, string name, ImmutableSortedDictionary<string, string> asked) =>
        string.Join('\n', [kind.ToString(), kind == LockedKind.Table ? name.ToLowerInvariant() : name, .. asked.SelectMany(a => new[] { a.Key, a.Value })]);

    private static ImmutableSortedDictionary<string, string> AskedOf(FileRequest request)
    {
        var asked = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        // An option that is given twice is a mistake that resolving finds; here the last one stands.
        foreach (var option in request.Options) asked["option " + option.Name.ToLowerInvariant()] = option.Value ?? "";
        asked["function"] = request.Function;
        if (request.Format is { } format) asked["format"] = format;
        if (request.Schema is { } schema) asked["schema"] = schema.ToString();
        if (request.SchemaHints is { } hints) asked["schemaHints"] = hints.ToString();
        if (request.Streaming) asked["stream"] = "true";
        return asked.ToImmutable();
    }
}
