using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>Passes the compiler's questions on, and keeps every schema that comes back.</summary>
internal sealed class SnapshotCatalog(LiveCatalog live, FunctionCatalog? functions) : ICatalog
{
    public FunctionCatalog Functions => functions ?? FunctionCatalog.Empty;

    public string? UnknownFunctionHint => functions is null ? ((ICatalog)live).UnknownFunctionHint : null;

    private readonly Dictionary<string, LockedSource> found = new(StringComparer.Ordinal);

    public IEnumerable<LockedSource> Found => found.Values;

    /// <summary>True if files could not be resolved; the reason is in the bag of that question.</summary>
    public bool HasFailed { get; private set; }

    public IEnumerable<QualifiedName> Tables => live.Tables;

    public Schema? FindTable(QualifiedName name)
    {
        var columns = live.FindTable(name);
        if (columns is not null) Keep(new LockedSource(LockedKind.Table, name.ToString(), columns, live.SizeOfTable(name)));
        return columns;
    }

    public Schema? FindPathTable(string path)
    {
        var columns = live.FindPathTable(path);
        if (columns is not null) Keep(new LockedSource(LockedKind.Folder, path, columns, live.SizeOfPathTable(path)));
        return columns;
    }

    public long? SizeOfTable(QualifiedName name) => live.SizeOfTable(name);

    public long? SizeOfPathTable(string path) => live.SizeOfPathTable(path);

    public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag)
    {
        if (live.ResolveFiles(request, bag) is not { } resolved)
        {
            HasFailed = true;
            return null;
        }

        var size = LiveCatalog.ClassOf(resolved.Size);
        Keep(LockedSource.Of(request, resolved, size));
        // What a build will know, so that it makes the same plan.
        return resolved with { Size = size };
    }

    private void Keep(LockedSource source) => found.TryAdd(source.Key, source);
}
